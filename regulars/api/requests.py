"""What callers send beside their fields: the form of it all, the id of the request, cursors."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.types import DictStrAny
from pydantic_core import from_json

from regulars.actions.requests import Request
from regulars.api.callers import ApiRequest
from regulars.api.errors import Code, Problem, answer_problem, problem_with
from regulars.api.scopes import Scope
from regulars.api.shapes import Writing
from regulars.rows import new_id

MOST_BYTES = 1_000_000
MOST_BYTES_OF_A_BATCH = 5_000_000
BATCH = "/batch"

FAST_CLOCK = timedelta(minutes=2)
"""How far ahead of ours a caller's clock may be."""

MOST_NAMED, MOST_OF_A_NAME = 3, 40
"""How many unknown parameters a refusal names, and how many letters of each."""

WITH_A_BODY = frozenset({"POST", "PATCH", "PUT"})


class StrictJson(Parser):
    """JSON as RFC 8259 has it: no NaN, no infinities."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body: DictStrAny = from_json(request.body, allow_inf_nan=False)
        return body


def with_what_we_take(run: Any) -> Any:  # noqa: ANN401 - the framework's operation
    """Refuse a body by its size and type, and parameters that nobody can read, before all else."""

    @wraps(run)
    def checked(request: HttpRequest, **values: Any) -> HttpResponse:  # noqa: ANN401 - see above
        try:
            if request.method in WITH_A_BODY:
                _read_body(request)
            if request.META.get("QUERY_STRING"):
                _read_parameters(request)
        except Problem as problem:
            return answer_problem(request, problem)
        answered: HttpResponse = run(request, **values)
        return answered

    return checked


def _read_body(request: HttpRequest) -> None:
    """Read it, if there is one: Django's own limit is one for all addresses.

    Raises Problem (body_too_large, unsupported_media_type).
    """
    most = MOST_BYTES_OF_A_BATCH if request.path.endswith(BATCH) else MOST_BYTES
    length = request.META.get("CONTENT_LENGTH") or ""
    if length and (not length.isdecimal() or int(length) > most):
        raise Problem(Code.BODY_TOO_LARGE, most_bytes=most)
    body = request.read() if length else _read_to_its_end(request, most)
    if body and request.content_type != "application/json":
        raise Problem(Code.UNSUPPORTED_MEDIA_TYPE)
    request._body = body  # noqa: SLF001


def _read_to_its_end(request: HttpRequest, most: int) -> bytes:
    """A body sent in chunks, whose length nobody has said: Django would take it for empty.

    Raises Problem (body_too_large).
    """
    if not request.META.get("wsgi.input_terminated"):  # Then reading might never end.
        return b""
    body: bytes = request.META["wsgi.input"].read(most + 1)
    if len(body) > most:
        raise Problem(Code.BODY_TOO_LARGE, most_bytes=most)
    return body


def _read_parameters(request: HttpRequest) -> None:
    """Have the framework read what stands behind the question mark: it keeps it.

    Raises Problem (invalid_request).
    """
    try:
        len(request.GET)
    except TooManyFieldsSent as error:
        raise problem_with("query", "there are too many parameters") from error


def refuse_others(operation: Operation) -> None:
    """Let an operation refuse parameters that it does not take: a misspelt one would be ignored."""
    names = parameters_of(operation)
    run: Callable[..., HttpResponse] = operation.view_func

    @wraps(run)
    def checked(request: HttpRequest, **values: Any) -> HttpResponse:  # noqa: ANN401 - any
        if request.META.get("QUERY_STRING"):
            _check_names(request, names)
        return run(request, **values)

    operation.view_func = checked


def parameters_of(operation: Operation) -> frozenset[str]:
    """What may stand behind the question mark."""
    asked = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in asked for name in model.__ninja_flatten_map__)


def _check_names(request: HttpRequest, names: frozenset[str]) -> None:
    """Raises Problem (invalid_request)."""
    others = sorted(request.GET.keys() - names)
    if not others:
        return
    sentence = "there is no such parameter"
    fields = [f"query.{name[:MOST_OF_A_NAME]}" for name in others[:MOST_NAMED]]
    taken = f"this takes {', '.join(sorted(names))}" if names else "this takes none"
    errors = [{"field": field, "problem": sentence} for field in fields]
    message = f"{', '.join(fields)}: {sentence}; {taken}."
    raise Problem(Code.INVALID_REQUEST, message, errors=errors)


def request_of(request: ApiRequest, body: Writing | None) -> Request:
    """The request that an action is asked with; what changes something needs an id.

    Raises Problem (request_id_missing, request_ids_differ, scope_missing, invalid_request).
    """
    request_id = request_id_of(request, body)
    if request_id is None:
        raise Problem(Code.REQUEST_ID_MISSING)
    return _dated(request, request_id, body)


def request_or_new(request: ApiRequest, body: Writing | None) -> Request:
    """The same, where doing it twice is doing it once anyway, so that the id may be left out."""
    return _dated(request, request_id_of(request, body) or new_id(), body)


def request_id_of(request: HttpRequest, body: Writing | None) -> UUID | None:
    """The id from the body or from the header Idempotency-Key.

    Raises Problem.
    """
    given = body.request_id if body else None
    header = request.headers.get("Idempotency-Key")
    if header is not None:
        try:
            from_header = UUID(header.strip().strip('"'))
        except ValueError as error:
            raise problem_with("Idempotency-Key", "it is a UUID") from error
        if given is not None and given != from_header:
            raise Problem(Code.REQUEST_IDS_DIFFER)
        given = from_header
    if given is not None:
        request.META["regulars.request_id"] = str(given)
    return given


def _dated(request: ApiRequest, request_id: UUID, body: Writing | None) -> Request:
    now = timezone.now()
    at = getattr(body, "at", None)
    staff_id = request.auth.staff_id
    if at is None:
        return Request(request_id, now, staff_id)
    past = check_time(request, at, now, "at")
    return Request(request_id, past, staff_id, recorded_at=now)


def check_time(request: ApiRequest, at: datetime, now: datetime, field: str) -> datetime:
    """A time that a caller states, which lies in the past.

    Raises Problem (scope_missing, invalid_request).
    """
    request.auth.check(Scope.SALES_BACKDATE)
    if at > now + FAST_CLOCK:
        raise problem_with(field, "it lies in the future")
    return min(at, now)


def cursor_after(at: datetime, row_id: UUID) -> str:
    """Where the next page begins; opaque to callers."""
    text = json.dumps([at.isoformat(), row_id.hex])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, UUID]:
    """Raises Problem (invalid_request)."""
    try:
        at, row_id = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        moment, found = datetime.fromisoformat(at), UUID(row_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise problem_with("cursor", "it is none that we gave") from error
    if moment.tzinfo is None:
        raise problem_with("cursor", "it is none that we gave")
    return moment, found
