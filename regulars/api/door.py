"""The shape that all operations share: how one is declared, how it fails."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Router
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback
from pydantic import BaseModel

from regulars.api.callers import Key
from regulars.api.errors import Code, Problem, answer_problem
from regulars.api.requests import refuse_others, with_what_we_take
from regulars.api.scopes import Scope
from regulars.api.shapes import ErrorOut

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

FAILS_READING = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)
"""What any operation may answer; the documentation says which codes come with each."""


class Resource(Router):
    """A group of operations: each names its scope and what it answers."""

    def __init__(self, tag: str) -> None:
        super().__init__(tags=[tag])

    def reads(
        self, path: str, scope: Scope, out: type[BaseModel], *, method: str = "GET"
    ) -> Callable[[View], View]:
        """An operation that changes nothing; POST where a contact or a code is asked about."""
        return self._operation(method, path, scope, {200: out})

    def writes(
        self, path: str, scope: Scope, out: type[BaseModel], *, method: str = "POST"
    ) -> Callable[[View], View]:
        """An operation that changes something, once for each request id."""
        status = 200 if method == "PATCH" else 201
        return self._operation(method, path, scope, {status: out})

    def _operation(
        self, method: str, path: str, scope: Scope, answers: dict[int, type[BaseModel]]
    ) -> Callable[[View], View]:
        responses = {**answers, **dict.fromkeys(FAILS_READING, ErrorOut)}
        declared = self.api_operation(
            [method], path, auth=Key(scope), response=responses, openapi_extra={"x-scope": scope}
        )

        def declare(view: View) -> View:
            contribute_operation_callback(view, refuse_others)
            return declared(view)

        return declare


class Api(NinjaAPI):
    """The framework, with one shape of error for everything, and a plain list of operations."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        urls = super()._get_urls()
        for url in urls:
            if isinstance(url, URLPattern):
                url.callback = _in_shape(url.callback)
        return urls

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> Any:  # noqa: ANN401 - the framework's
        return _finished(super().get_openapi_schema(**options))


def _in_shape(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer a method that an address does not take in the shape of all errors; keep nothing."""

    def shaped(request: HttpRequest, **values: Any) -> HttpResponseBase:  # noqa: ANN401 - any
        response = view(request, **values)
        if isinstance(response, HttpResponseNotAllowed):
            said: HttpResponse = answer_problem(request, Problem(Code.METHOD_NOT_ALLOWED))
            said["Allow"] = response["Allow"]
            response = said
        response["Cache-Control"] = "no-store"  # What is told is of people and of money.
        response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return response

    shaped.csrf_exempt = True  # type: ignore[attr-defined]  # Keys are no cookies.
    return shaped


_KEY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "format": "uuid"},
    "description": "The same thing as request_id in the body.",
}


def _finished(schema: dict[str, Any]) -> dict[str, Any]:
    """Say of every operation which scope it needs, and where the request id may stand."""
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            scope = str(operation.pop("x-scope", ""))
            operation["security"] = [{"Key": [scope]}]
            operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
            text = operation.get("description", "")
            operation["description"] = f"{text}\n\nScope: `{scope}`".strip()
            if method == "patch" or 201 in operation["responses"]:
                operation["parameters"] = [*operation["parameters"], _KEY_PARAMETER]
    return schema


def checked_first(api: NinjaAPI) -> None:
    """Let every operation refuse what it need not even read."""
    api.add_decorator(with_what_we_take, mode="view")
