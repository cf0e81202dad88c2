"""Payments on a payment provider's page, for a checkout of another maker."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django_scopes import scope
from pydantic import Field

from regulars.actions.sales.online import start_payment, to_provider
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.errors import Code, Problem, problem_with
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Address, Out, Text, Writing, answer
from regulars.domain.errors import NotFound
from regulars.sales.models import OnlinePayment
from regulars.sales.providers import ProviderError

online_payments = Resource("Online payments")


class OnlinePaymentIn(Writing):
    """Where the buyer comes back to, and what the provider's page says."""

    back_url: Address = Field(description="Of your own page: https://…")
    words: Text = Field("", description="What is paid for.")


class OnlinePaymentOut(Out):
    """A payment on a provider's page."""

    id: UUID
    sale_id: UUID
    provider: str
    state: str = Field(description="started, paid, failed, expired, returned")
    amount_minor: int
    url: str = Field(description="Send the buyer there; empty once it has ended, and when read.")
    created_at: datetime
    expires_at: datetime = Field(description="Then it is given up, and an online sale voided.")
    ended_at: datetime | None


@online_payments.writes(
    "/sales/{uuid:sale_id}/online-payments", Scope.SALES_WRITE, OnlinePaymentOut
)
def start_online_payment(request: ApiRequest, sale_id: UUID, body: OnlinePaymentIn) -> HttpResponse:
    """Let the rest of an open sale be paid online: one payment at a time, on the provider's page.

    The payment arrives by itself; read the sale, or this payment, when the buyer comes back.
    """
    caller = request.auth
    if not body.back_url.startswith(("https://", "http://")):
        raise problem_with("back_url", "it begins with https://")
    asked = request_of(request, body)
    payment_id = start_payment(caller.business_id, sale_id, request=asked)
    payment, url = _read(caller, payment_id), ""
    if payment.state == OnlinePayment.State.STARTED:
        try:
            url = to_provider(
                caller.business_id, payment_id, back_url=body.back_url, words=body.words
            )
        except ProviderError as problem:
            raise Problem(Code.TRY_AGAIN) from problem
    return answer(_out(payment, request.build_absolute_uri(url) if url else ""), 201)


@online_payments.reads("/online-payments/{uuid:payment_id}", Scope.SALES_READ, OnlinePaymentOut)
def read_online_payment(request: ApiRequest, payment_id: UUID) -> HttpResponse:
    """What has become of a payment online."""
    return answer(_out(_read(request.auth, payment_id)))


def _read(caller: Caller, payment_id: UUID) -> OnlinePayment:
    """Raises NotFound."""
    with scope(business=caller.business_id):
        payment: OnlinePayment | None = OnlinePayment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("online payment")
    return payment


def _out(payment: OnlinePayment, url: str = "") -> OnlinePaymentOut:
    return OnlinePaymentOut(
        id=payment.pk,
        sale_id=payment.sale_id,
        provider=payment.provider,
        state=payment.state,
        amount_minor=payment.amount_minor,
        url=url,
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        ended_at=payment.ended_at,
    )
