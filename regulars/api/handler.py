"""How requests of the API come in: without what only pages need."""

from collections.abc import Callable

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import translation
from django.utils.module_loading import import_string

PREFIX = "/api/v1/"

MIDDLEWARE = ("regulars.ops.logs.RequestLog", "regulars.api.handler.Manners")
"""Of the pages', what a caller with a key needs: no sessions, forms, messages or static files."""


class Manners:
    """What Django's middleware for security, languages and hosts does for pages, in one step.

    Their settings count here too; what they do besides is about addresses that the API has not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.always = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Vary": "Accept-Language",
        }
        self.encrypted = (
            {"Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}"}
            if settings.SECURE_HSTS_SECONDS
            else {}
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises DisallowedHost."""
        request.get_host()
        translation.activate(translation.get_language_from_request(request))
        response = self.get_response(request)
        said = self.always | {
            "Content-Language": translation.get_language() or settings.LANGUAGE_CODE,
            "Content-Length": str(len(response.content)),
        }
        if request.is_secure():
            said |= self.encrypted
        for name, value in said.items():
            response.headers[name] = value
        return response


class ApiHandler(WSGIHandler):
    """Django's way from a request to its answer, with less on it."""

    def __init__(self) -> None:
        self._found: dict[str, ResolverMatch] = {}
        super().__init__()

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's shape
        assert not is_async, "a WSGI server waits"
        self._view_middleware: list[object] = []
        self._template_response_middleware: list[object] = []
        self._exception_middleware: list[object] = []
        handler = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for path in reversed(MIDDLEWARE):
            handler = convert_exception_to_response(import_string(path)(handler))
        self._middleware_chain = handler

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Remember the addresses that have nothing in them that varies: there are only so many."""
        match = self._found.get(request.path_info)
        if match is None:
            match = super().resolve_request(request)
            if request.path_info == f"/{match.route}":
                self._found[request.path_info] = match
        request.resolver_match = match
        return match
