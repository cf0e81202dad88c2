"""The one place where refusals become HTTP; and what else can be wrong with a request."""

import logging
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.core.signals import got_request_exception
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from psycopg.errors import UniqueViolation

from regulars.domain import errors as refusals
from regulars.domain.errors import Refusal
from regulars.reports.refusing import explain

logger = logging.getLogger("regulars.api")

STATUS: Mapping[type[Refusal], int] = {
    refusals.NotAllowed: 403,
    refusals.NotFound: 404,
    refusals.AdjustmentRefused: 409,
    refusals.BookingRefused: 409,
    refusals.CouponRefused: 409,
    refusals.EnrolmentRefused: 409,
    refusals.FeatureRefused: 409,
    refusals.GiftCardRefused: 409,
    refusals.MemberCannotSpend: 409,
    refusals.MergeRefused: 409,
    refusals.EraseRefused: 409,
    refusals.MessageRefused: 409,
    refusals.MonthClosed: 409,
    refusals.NotEnoughPoints: 409,
    refusals.OutOfOrder: 409,
    refusals.PasscodeRefused: 409,
    refusals.PaymentRefused: 409,
    refusals.PinRefused: 409,
    refusals.PointsAboveLimit: 409,
    refusals.PointsAreNoPayment: 409,
    refusals.QuoteChanged: 409,
    refusals.ReferralRefused: 409,
    refusals.RefundOfNothing: 409,
    refusals.RefundTooLarge: 409,
    refusals.RequestIdReused: 409,
    refusals.RewardRefused: 409,
    refusals.SaleRefused: 409,
    refusals.StaffRefused: 409,
    refusals.BadAmount: 422,
    refusals.LineRefused: 422,
    refusals.TermsRefused: 422,
    refusals.TextRefused: 422,
    refusals.TooManyGuesses: 429,
}

FOR_PROGRAMS: Mapping[tuple[str, str], str] = {
    ("not_allowed", "no_staff"): "This key acts in nobody's name. Make one with --staff.",
    ("not_allowed", "role"): (
        "The role of whom this key acts for does not cover this."
        " Use a key of a manager or of the owner."
    ),
    ("not_allowed", "above_limit"): (
        "This is more than whom this key acts for may do. Somebody with a higher limit must do it."
    ),
    ("passcode_refused", "switched_off"): "Nobody can sign in here now.",
}
"""By code and ``why``: instead of words that tell a cashier what to press."""

TRY_AGAIN_SECONDS = 1


class Code(StrEnum):
    """What this door itself refuses. Public like the codes of refusals."""

    MALFORMED_JSON = "malformed_json"
    REQUEST_IDS_DIFFER = "request_ids_differ"
    UNAUTHENTICATED = "unauthenticated"
    SCOPE_MISSING = "scope_missing"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    ALREADY_THERE = "already_there"
    BODY_TOO_LARGE = "body_too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    INVALID_REQUEST = "invalid_request"
    REQUEST_ID_MISSING = "request_id_missing"
    TOO_MANY_REQUESTS = "too_many_requests"
    INTERNAL_ERROR = "internal_error"
    TRY_AGAIN = "try_again"


OF_CODE: Mapping[Code, tuple[int, str]] = {
    Code.MALFORMED_JSON: (400, "The body is not JSON."),
    Code.REQUEST_IDS_DIFFER: (400, "Idempotency-Key and request_id differ; send one of them."),
    Code.UNAUTHENTICATED: (401, "Send a valid key: “Authorization: Bearer rk_…”."),
    Code.SCOPE_MISSING: (403, "This key lacks the scope that this needs."),
    Code.METHOD_NOT_ALLOWED: (405, "This address does not take this method."),
    Code.ALREADY_THERE: (409, "There is one already."),
    Code.BODY_TOO_LARGE: (413, "The body is too large."),
    Code.UNSUPPORTED_MEDIA_TYPE: (415, "Send the body as application/json."),
    Code.INVALID_REQUEST: (422, "The request does not have the documented form."),
    Code.REQUEST_ID_MISSING: (
        422,
        "What changes something needs an id of yours: request_id, or the header Idempotency-Key.",
    ),
    Code.TOO_MANY_REQUESTS: (429, "Too many requests; wait a little."),
    Code.INTERNAL_ERROR: (500, "Something went wrong here; try again with the same request id."),
    Code.TRY_AGAIN: (503, "This is busy just now; try again with the same request id."),
}


class Problem(Exception):
    """A request that this door refuses before any action sees it."""

    def __init__(self, code: Code, message: str = "", **details: object) -> None:
        self.code = code
        self.status, usual = OF_CODE[code]
        self.message = message or usual
        self.details = details
        super().__init__(self.message)


def problem_with(field: str, sentence: str) -> Problem:
    """A field that has the documented form and makes no sense."""
    errors = [{"field": field, "problem": sentence}]
    return Problem(Code.INVALID_REQUEST, f"{field}: {sentence}", errors=errors)


def error_body(
    request: HttpRequest, code: str, message: str, details: Mapping[str, Any]
) -> dict[str, Any]:
    """What every error says."""
    return {
        "code": str(code),
        "message": message,
        "details": dict(details),
        "request_id": name_of(request),
    }


def name_of(request: HttpRequest) -> str:
    """The caller's id of the request if there is one, else the one in our log."""
    told = request.META.get("regulars.request_id") or request.headers.get("Idempotency-Key", "")
    is_id = len(told) <= 64 and told.isascii() and told.isprintable()
    return told if told and is_id else str(request.META.get("regulars.request_name", ""))


def refusal_body(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    """What is said of a refusal: its attributes are the details."""
    return error_body(request, refusal.code, explain(refusal, FOR_PROGRAMS), vars(refusal))


def _answer(body: Mapping[str, Any], status: int) -> HttpResponse:
    return JsonResponse(body, status=status, encoder=DjangoJSONEncoder)


def answer_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as an answer."""
    body = error_body(request, problem.code, problem.message, problem.details)
    response = _answer(body, problem.status)
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if problem.status in {429, 503}:
        response["Retry-After"] = str(problem.details.get("retry_after_seconds", TRY_AGAIN_SECONDS))
    return response


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """The answer to an address that is none."""
    refusal = refusals.NotFound("address")
    return _answer(refusal_body(request, refusal), STATUS[refusals.NotFound])


def fields_in(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Which fields are wrong and how, without what was sent in them."""
    return [
        {
            "field": ".".join(str(part) for part in error["loc"] if part != "body") or "body",
            "problem": str(error["msg"]),
        }
        for error in errors
    ]


def _refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return _answer(refusal_body(request, refusal), STATUS[type(refusal)])


def _refuse_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = fields_in(error.errors)
    sentence = "; ".join(f"{one['field']}: {one['problem']}" for one in errors[:3])
    return answer_problem(request, Problem(Code.INVALID_REQUEST, sentence, errors=errors))


def _refuse_key(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return answer_problem(request, Problem(Code.UNAUTHENTICATED))


def _refuse_body(request: HttpRequest, _error: HttpError) -> HttpResponse:
    """What the framework says of a body that cannot be read."""
    return answer_problem(request, Problem(Code.MALFORMED_JSON))


def _refuse_twins(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """Something that must be one of its kind is there already; anything else is our mistake."""
    if isinstance(error.__cause__, UniqueViolation):
        return answer_problem(request, Problem(Code.ALREADY_THERE))
    return _say_sorry(request, error)


def _ask_to_try_again(request: HttpRequest, error: Exception) -> HttpResponse:
    """A lock that somebody holds, or a database that does not answer: nothing was written."""
    logger.warning("try again", exc_info=error)
    return answer_problem(request, Problem(Code.TRY_AGAIN))


def _say_sorry(request: HttpRequest, error: Exception) -> HttpResponse:
    got_request_exception.send(sender=NinjaAPI, request=request)
    logger.error("failed", exc_info=error)
    return answer_problem(request, Problem(Code.INTERNAL_ERROR))


def install(api: NinjaAPI) -> None:
    """Tell the API how to answer whatever is raised."""
    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Refusal: _refuse,
        Problem: answer_problem,
        ValidationError: _refuse_fields,
        AuthenticationError: _refuse_key,
        HttpError: _refuse_body,
        IntegrityError: _refuse_twins,
        OperationalError: _ask_to_try_again,
        InterfaceError: _ask_to_try_again,
        Exception: _say_sorry,
    }
    for raised, handler in handlers.items():
        api.exception_handler(raised)(handler)
