"""What becomes of a payment online: paid, declined or given up, once, however often it is told.

Everything that changes an online payment holds the lock of its sale.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.sales.checkout import PaymentOrder, pay_on
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.online import charge_of
from regulars.actions.sales.online_refunds import ask_back
from regulars.actions.sales.orders import OrderPayment
from regulars.actions.sales.receipts import tell_buyer
from regulars.actions.sales.voiding import close_sale
from regulars.business.models import Method
from regulars.domain.errors import NotFound, PaymentRefused, Refusal
from regulars.domain.purchase import WhyNoPayment
from regulars.ledger.posting import Kind, Request
from regulars.rows import Rows, new_id
from regulars.sales.models import OnlinePayment, ProviderEvent, Sale
from regulars.sales.providers import Event, ProviderError, What, provider_called
from regulars.sales.queries import SaleFacts

State = OnlinePayment.State

ASKED_AFTER = (timedelta(minutes=1), timedelta(minutes=3))
"""How old a payment is when its provider is asked of it, should what it told have got lost."""
WAITS_FOR = timedelta(days=1)
"""How long a payment whose time is up waits for a provider that does not answer."""

logger = logging.getLogger("regulars.payments")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an online payment."""

    online_payment_id: UUID
    sale_id: UUID
    state: str


@action
def settle_event(business_id: UUID, event: Event, *, at: datetime) -> Settled:
    """Believe what a provider tells: take the payment, which settles the sale, or note its failure.

    The same event changes nothing the second time; nor does another one that says the same. What
    was paid too late, or for a sale that was paid otherwise or called off, is given back at once.

    Raises NotFound for a payment of another business or provider; PaymentRefused (other_amount).
    """
    payment, sale = _take_payment(business_id, event.payment_id)
    if payment.provider != event.provider or payment.reference not in {"", event.reference}:
        raise NotFound("online payment")
    asked = (payment.amount_minor, payment.business.currency)
    if (event.amount_minor, event.currency.upper()) != asked:
        raise PaymentRefused(WhyNoPayment.OTHER_AMOUNT, "the provider was asked for another sum")
    if _is_noted(payment, event):
        return Settled(payment.pk, sale.id, payment.state)
    if event.what is What.PAID and payment.state not in {State.PAID, State.RETURNED}:
        rows, state = _take_money(business_id, payment, sale, at)
    elif event.what is What.FAILED and payment.state == State.STARTED:
        rows, state = Rows(), State.FAILED
        rows.change(OnlinePayment, payment.pk, business_id, state=str(state), ended_at=at)
    else:
        rows, state = Rows(), State(payment.state)
    if not payment.reference:
        rows.change(OnlinePayment, payment.pk, business_id, reference=event.reference)
    rows.add(
        ProviderEvent,
        business_id=business_id,
        provider=event.provider,
        event=event.id,
        kind=str(event.what),
        at=at,
        online_payment_id=payment.pk,
    )
    rows.write()
    return Settled(payment.pk, sale.id, str(state))


def _take_payment(business_id: UUID, payment_id: UUID) -> tuple[OnlinePayment, SaleFacts]:
    """An online payment and its sale, under the lock of the sale.

    Raises NotFound.
    """
    with scope(business=business_id):
        payments = OnlinePayment.objects.select_related("business")
        sale_id = payments.filter(pk=payment_id).values_list("sale_id", flat=True).first()
        if sale_id is None:
            raise NotFound("online payment")
        sale = take_sale(business_id, sale_id)
        return payments.get(pk=payment_id), sale


def _is_noted(payment: OnlinePayment, event: Event) -> bool:
    with scope(business=payment.business_id):
        noted = ProviderEvent.objects.filter(provider=event.provider, event=event.id)
        return bool(noted.exists())


def _take_money(
    business_id: UUID, payment: OnlinePayment, sale: SaleFacts, at: datetime
) -> tuple[Rows, State]:
    """What was paid becomes a payment of the sale; where it cannot, it goes back."""
    payment_id = new_id()
    paying = OrderPayment(Method.ONLINE.value, payment.amount_minor, id=payment_id)
    request = Request(uuid5(payment.pk, "paid"), at)
    order = PaymentOrder(sale.id, (paying,))
    digest = request.hash_of("pay_online", [payment.pk])
    try:
        desk, outcome = pay_on(business_id, sale, order, digest, request=request)
    except Refusal as refusal:
        logger.warning(
            "paid in vain", extra={"business": payment.business.slug, "why": refusal.code}
        )
        rows = Rows()
        ask_back(rows, business_id, payment.pk, payment.amount_minor, at=at)
        ended = {"state": str(State.RETURNED), "ended_at": at}
        rows.change(OnlinePayment, payment.pk, business_id, **ended)
        return rows, State.RETURNED
    desk.rows.change(
        OnlinePayment,
        payment.pk,
        business_id,
        state=str(State.PAID),
        payment_id=payment_id,
        ended_at=desk.at,
    )
    if outcome.state == Sale.State.PAID:
        tell_buyer(desk.rows, business_id, sale.id, at=desk.at)
    return desk.rows, State.PAID


# The second half finds those that failed and whose sale nobody has paid since.
_DUE = """
SELECT p.id FROM sales_onlinepayment p
WHERE p.business_id = %(b)s AND p.state = 'started'
  AND (p.expires_at <= %(at)s OR p.created_at BETWEEN %(since)s AND %(until)s)
UNION
SELECT p.id FROM sales_sale s
JOIN sales_onlinepayment p ON p.business_id = s.business_id AND p.sale_id = s.id
WHERE s.business_id = %(b)s AND s.state = 'open' AND p.state = 'failed'
  AND p.expires_at <= %(at)s
ORDER BY 1
"""


def payments_due(business_id: UUID, *, at: datetime) -> list[UUID]:
    """Payments that providers are to be asked about by now, or whose time is up."""
    soonest, latest = ASKED_AFTER
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE, {"b": business_id, "at": at, "since": at - latest, "until": at - soonest}
        )
        return [row[0] for row in cursor.fetchall()]


def ask_or_expire(business_id: UUID, payment_id: UUID, *, at: datetime) -> Settled | None:
    """Ask the provider what became of a payment that is due; without an answer give it up in time.

    None where nothing has changed.
    """
    with scope(business=business_id):
        payment = OnlinePayment.objects.select_related("business").get(pk=payment_id)
    try:
        event = _ask(payment)
    except ProviderError as problem:
        logger.warning("no answer", extra={"business": payment.business.slug, "why": problem.code})
        if at < payment.expires_at + WAITS_FOR:
            return None
        event = None
    if event is not None:
        try:
            return settle_event(business_id, event, at=at)
        except Refusal as refusal:  # It tells of another sum, say: somebody has to look.
            logger.error(  # noqa: TRY400 - it says all there is
                "not settled", extra={"business": payment.business.slug, "why": refusal.code}
            )
    return give_up(business_id, payment_id, at=at)


def _ask(payment: OnlinePayment) -> Event | None:
    provider = provider_called(payment.provider)
    if provider is None or not payment.reference or payment.state != State.STARTED:
        return None
    return provider.ask(charge_of(payment))


@action
def give_up(business_id: UUID, payment_id: UUID, *, at: datetime) -> Settled | None:
    """Give up a payment whose time is up, and void its sale: what was taken for it goes back.

    The sale stays open where another payment of it is still going on, or where somebody has paid
    part of it at a till. None where nothing is to be given up.

    Raises NotFound.
    """
    payment, sale = _take_payment(business_id, payment_id)
    if payment.state not in {State.STARTED, State.FAILED} or at < payment.expires_at:
        return None
    rows = _voided(business_id, payment, sale, at) or Rows()
    rows.change(OnlinePayment, payment.pk, business_id, state=str(State.EXPIRED), ended_at=at)
    rows.write()
    return Settled(payment.pk, sale.id, str(State.EXPIRED))


def _voided(
    business_id: UUID, payment: OnlinePayment, sale: SaleFacts, at: datetime
) -> Rows | None:
    ours = {Method.POINTS, Method.GIFT_CARD, Method.ONLINE}
    if sale.state != Sale.State.OPEN or sale.channel != Sale.Channel.ONLINE:
        return None
    if any(each.method not in ours for each in sale.payments):
        return None
    with scope(business=business_id):
        others = OnlinePayment.objects.filter(sale=sale.id).exclude(pk=payment.pk)
        if others.filter(state__in=[State.STARTED, State.FAILED], expires_at__gt=at).exists():
            return None
    request = Request(uuid5(payment.pk, "given up"), at)
    digest = request.hash_of("give_up", [payment.pk])
    desk = open_desk(business_id, sale.member_id, request, Asked(), locked=False)
    try:
        close_sale(desk, sale, Sale.State.VOID, Kind.VOID, digest=digest)
    except Refusal as refusal:  # A gift card was blocked meanwhile: staff have to look.
        logger.warning("not voided", extra={"business": payment.business.slug, "why": refusal.code})
        return None
    return desk.rows
