"""Paying online: what is bought, what remains to be paid, and the way to the provider's page.

A sale stays open while somebody pays on a page that is not ours. What the provider tells of it, and
what is given up, stands in ``settling``.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid5

from django_scopes import scope

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.once import Answer, done_once
from regulars.actions.sales.buying import Bought, Buyer, sell_to
from regulars.actions.sales.checkout import PaymentOrder, resume_sale
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.orders import Order
from regulars.actions.sales.receipts import tell_buyer
from regulars.actions.switched import check_payments
from regulars.bookings.models import Booking
from regulars.business.models import Method
from regulars.domain.errors import (
    BookingRefused,
    MemberCannotSpend,
    NotFound,
    PaymentRefused,
    RewardRefused,
    SaleRefused,
)
from regulars.domain.purchase import WhyNoPayment, WhyNoSale
from regulars.ledger.posting import Request
from regulars.rows import Rows
from regulars.sales.models import OnlinePayment, Sale
from regulars.sales.providers import Charge, provider_called, provider_in_use

State = OnlinePayment.State

OPEN_FOR = timedelta(minutes=30)
"""How long somebody may take to pay; then the purchase is called off."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What somebody bought online, and what of it is still to be paid."""

    sale_id: UUID
    state: str
    """open, paid"""
    number: int | None
    charged_minor: int
    to_pay_minor: int
    earned: int
    customer_id: UUID | None
    online_payment_id: UUID | None
    """What is paid on the provider's page; None where nothing is left."""


def is_offered(features: Container[str]) -> bool:
    """Whether something can be paid online: the feature is on, and a provider is set up."""
    return "payments" in features and provider_called(provider_in_use()) is not None


@action
def open_purchase(business_id: UUID, order: Order, buyer: Buyer, *, request: Request) -> Purchase:
    """Sell what is bought on the site; what its payments leave is to be paid online.

    Gift cards and points take their value at once. Points and rewards are only for who has signed
    in: anybody may say to be the owner of a phone number. Nobody joins before it is paid (C5). With
    nothing left to pay it is paid at once.

    Safe to send twice: the same request gets the first answer.

    Raises PaymentRefused (not_online, switched_off), EnrolmentRefused (nobody, bad_phone,
    bad_email), BookingRefused (cancelled) and what ``checkout`` raises.
    """
    order = replace(order, member_id=None, customer_id=None, till_id=None, channel="online")
    if buyer.customer_id is None:
        _check_asks_nothing_of_members(order)
    digest = request.hash_of("open_purchase", [order, buyer])
    bought = sell_to(business_id, order, buyer, digest, request=request, by_themselves=True)
    if bought.desk is None:
        return _as_before(business_id, bought)
    _check_booked(business_id, order)
    online_payment_id = None
    if bought.outcome.to_pay_minor:
        check_payments(bought.desk.business, bought.desk.journal)
        online_payment_id = _add_payment(
            bought.desk.rows,
            business_id,
            bought.outcome.sale_id,
            bought.outcome.to_pay_minor,
            request=request,
        )
    bought.desk.rows.write()
    if bought.outcome.state == Sale.State.PAID:
        told = Rows()
        tell_buyer(told, business_id, bought.outcome.sale_id, at=request.at)
        told.write()
    return _purchase(bought, online_payment_id)


@action
def start_payment(business_id: UUID, sale_id: UUID, *, request: Request) -> UUID:
    """Let what remains of an open sale be paid online; gives the online payment's id.

    One at a time: where one has been started and its time is not up, it is that one.

    Raises NotFound, SaleRefused, PaymentRefused (not_online, switched_off, nothing_to_pay),
    RequestIdReused.
    """
    told = done_once(
        business_id,
        request,
        ("start_payment", sale_id),
        lambda: _start(business_id, sale_id, request),
    )
    return UUID(told["payment"])


def _start(business_id: UUID, sale_id: UUID, request: Request) -> Answer:
    sale = take_sale(business_id, sale_id)
    with scope(business=business_id):
        before = OnlinePayment.objects.filter(sale=sale_id)
        going_on = before.filter(state=State.STARTED, expires_at__gt=request.at).first()
    if sale.state != Sale.State.OPEN:
        raise SaleRefused(WhyNoSale(sale.state), f"it is {sale.state} already")
    asked = Asked(till_id=sale.till_id)
    desk = open_desk(business_id, sale.member_id, request, asked, locked=False)
    check_payments(desk.business, desk.journal)
    to_pay = resume_sale(desk, sale, PaymentOrder(sale_id, ())).quote().to_pay_minor
    if not to_pay:
        raise PaymentRefused(WhyNoPayment.NOTHING_TO_PAY, "nothing is left to pay")
    if going_on is not None and going_on.amount_minor == to_pay:
        return {"payment": str(going_on.pk)}
    rows = Rows()
    payment_id = _add_payment(rows, business_id, sale_id, to_pay, request=request)
    rows.write()
    return {"payment": str(payment_id)}


def to_provider(
    business_id: UUID, online_payment_id: UUID, *, back_url: str, words: str = ""
) -> str:
    """Ask the provider for the page on which somebody pays; gives its address.

    ``back_url`` is where they come back to, ``words`` what they buy. The same payment gets the same
    page. Not within a transaction: a stranger may take its time.

    Raises NotFound, PaymentRefused (not_online, ended), ProviderError.
    """
    with scope(business=business_id):
        payments = OnlinePayment.objects.select_related("business")
        payment = payments.filter(pk=online_payment_id).first()
    if payment is None:
        raise NotFound("online payment")
    if payment.state != State.STARTED:
        raise PaymentRefused(WhyNoPayment.ENDED, f"it is {payment.state}")
    provider = provider_called(payment.provider)
    if provider is None:
        raise PaymentRefused(WhyNoPayment.NOT_ONLINE, "nothing is paid online here")
    started = provider.start(charge_of(payment), back_url=back_url, words=words)
    with scope(business=business_id):
        waiting = OnlinePayment.objects.filter(pk=payment.pk, reference="")
        waiting.update(reference=started.reference)
    return started.url


def charge_of(payment: OnlinePayment) -> Charge:
    """A payment as its provider sees it."""
    return Charge(
        id=payment.pk,
        business=payment.business.name,
        slug=payment.business.slug,
        amount_minor=payment.amount_minor,
        currency=payment.business.currency,
        reference=payment.reference,
    )


def _check_asks_nothing_of_members(order: Order) -> None:
    """Raises MemberCannotSpend, RewardRefused."""
    if any(payment.method == Method.POINTS for payment in order.payments):
        raise MemberCannotSpend("no_member")
    if any(line.reward_id for line in order.lines):
        raise RewardRefused("no_member")


def _check_booked(business_id: UUID, order: Order) -> None:
    """Nobody pays for what was cancelled in this moment: whoever cancels waits, and gives it back.

    Raises BookingRefused (cancelled).
    """
    booking_ids = {line.booking_id for line in order.lines if line.booking_id}
    if not booking_ids:
        return
    with scope(business=business_id):
        rows = Booking.objects.select_for_update(no_key=True).filter(pk__in=booking_ids)
        states = list(rows.order_by("pk").values_list("state", flat=True))
    if Booking.State.CANCELLED in states:
        raise BookingRefused("cancelled")


def _add_payment(
    rows: Rows, business_id: UUID, sale_id: UUID, amount_minor: int, *, request: Request
) -> UUID:
    name = provider_in_use()
    if provider_called(name) is None:
        raise PaymentRefused(WhyNoPayment.NOT_ONLINE, "nothing is paid online here")
    return rows.add(
        OnlinePayment,
        id=_id_by(business_id, request),
        business_id=business_id,
        sale_id=sale_id,
        provider=name,
        amount_minor=amount_minor,
        created_at=request.at,
        expires_at=request.at + OPEN_FOR,
    )


def _id_by(business_id: UUID, request: Request) -> UUID:
    """The id of the payment that a request starts: a repeated one starts the same."""
    return uuid5(business_id, f"online payment {request.id}")


def _as_before(business_id: UUID, bought: Bought) -> Purchase:
    """The first answer, for a request that is repeated."""
    with scope(business=business_id):
        first = OnlinePayment.objects.filter(sale=bought.outcome.sale_id).order_by("created_at")
        online_payment_id = first.values_list("pk", flat=True).first()
        sales = Sale.objects.filter(pk=bought.outcome.sale_id)
        customer_id = sales.values_list("customer_id", flat=True).get()
    return _purchase(replace(bought, customer_id=customer_id), online_payment_id)


def _purchase(bought: Bought, online_payment_id: UUID | None) -> Purchase:
    outcome = bought.outcome
    return Purchase(
        sale_id=outcome.sale_id,
        state=outcome.state,
        number=outcome.number,
        charged_minor=outcome.charged_minor,
        to_pay_minor=outcome.to_pay_minor,
        earned=outcome.earned,
        customer_id=bought.customer_id,
        online_payment_id=online_payment_id,
    )
