"""How requests of the API come in: without what only pages need."""

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.utils.module_loading import import_string

PREFIX = "/api/v1/"

MIDDLEWARE = (
    "regulars.ops.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
)
"""Of the pages', what a caller with a key needs: no sessions, forms, messages or static files."""


class ApiHandler(WSGIHandler):
    """Django's way from a request to its answer, with less on it: a fifth of a short request."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's shape
        assert not is_async, "a WSGI server waits"
        self._view_middleware: list[object] = []
        self._template_response_middleware: list[object] = []
        self._exception_middleware: list[object] = []
        handler = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for path in reversed(MIDDLEWARE):
            handler = convert_exception_to_response(import_string(path)(handler))
        self._middleware_chain = handler
