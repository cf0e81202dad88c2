"""Quotes and sales."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.giftcards.cards import find_gift_card
from regulars.actions.sales import checkout as actions
from regulars.actions.sales.adding import AddOrder, add_to_sale
from regulars.actions.sales.buying import Buyer, buy_online
from regulars.actions.sales.orders import Expect, Order, OrderLine, OrderPayment, SaleOutcome
from regulars.actions.sales.voiding import forfeit, void
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.errors import problem_with
from regulars.api.guessing import looking_for_coupon, looking_up
from regulars.api.requests import request_of
from regulars.api.sales.sale_reading import read_whole_sale
from regulars.api.sales.sale_shapes import (
    AddIn,
    BuyerIn,
    ExpectIn,
    LineIn,
    OrderIn,
    PayIn,
    PaymentIn,
    QuoteIn,
    QuoteOut,
    SaleDone,
    SaleIn,
    SaleOut,
    VoidOut,
)
from regulars.api.scopes import Scope
from regulars.api.shapes import Dated, answer
from regulars.api.telling import earned_in_words, formats_of, lines_of
from regulars.bookings.models import Booking
from regulars.business.formats import Formats
from regulars.domain.errors import NotFound
from regulars.reports import wording

sales = Resource("Sales")


@sales.writes("/sales", Scope.SALES_WRITE, SaleDone)
def create_sale(request: ApiRequest, body: SaleIn) -> HttpResponse:
    """Sell: quote again under the lock, take the payments, settle if it is paid whole.

    Sending the same request id again is safe: it gets the first answer.
    """
    caller = request.auth
    asked = request_of(request, body)
    order = order_of(caller, body, body.expect)
    with looking_for_coupon(caller, body.coupon_code):
        if body.buyer is not None:
            if body.channel != "online" or body.member_id is not None:
                raise problem_with(
                    "buyer", "it goes with the channel online, and without member_id"
                )
            outcome = buy_online(caller.business_id, order, _buyer(body.buyer), request=asked)
        else:
            outcome = actions.checkout(caller.business_id, order, request=asked)
    return answer(sale_done(outcome, formats_of(caller, member_id=body.member_id)), 201)


@sales.reads("/quotes", Scope.SALES_READ, QuoteOut, method="POST")
def quote(request: ApiRequest, body: QuoteIn) -> HttpResponse:
    """Say what a purchase is worth now: what points can pay, what it earns, and why."""
    caller = request.auth
    _check_bookings(caller, body.lines)
    payments = (OrderPayment("points", points=body.points),) if body.points else ()
    order = Order(
        lines=tuple(_line(line) for line in body.lines),
        payments=payments,
        member_id=body.member_id,
        till_id=body.till_id,
        card_presented=body.card_presented,
        coupon_code=body.coupon_code,
    )
    at = timezone.now()
    with looking_for_coupon(caller, body.coupon_code):
        quoted = actions.quote_sale(caller.business_id, order, at=at)
    formats = formats_of(caller, member_id=body.member_id, at=at)
    return answer(_quote_out(quoted, formats))


@sales.reads("/sales/{uuid:sale_id}", Scope.SALES_READ, SaleOut)
def read_sale(request: ApiRequest, sale_id: UUID) -> HttpResponse:
    """A sale with its lines, payments and refunds, and why it earned what it earned."""
    return answer(read_whole_sale(request.auth, sale_id))


@sales.writes("/sales/{uuid:sale_id}/payments", Scope.SALES_WRITE, SaleDone)
def pay_sale(request: ApiRequest, sale_id: UUID, body: PayIn) -> HttpResponse:
    """Pay on an open sale; the payment that completes it settles it."""
    caller = request.auth
    asked = request_of(request, body)
    payments, expect = _payments(caller, body.payments), _expect(body.expect)
    order = actions.PaymentOrder(sale_id, payments, expect, card_presented=body.card_presented)
    outcome = actions.pay(caller.business_id, order, request=asked)
    return answer(sale_done(outcome, formats_of(caller)), 201)


@sales.writes("/sales/{uuid:sale_id}/lines", Scope.SALES_WRITE, SaleDone)
def add_lines(request: ApiRequest, sale_id: UUID, body: AddIn) -> HttpResponse:
    """Put more goods or tips into an open sale: a product beside an appointment with a deposit.

    Nothing is paid by that; the points of the whole come once, when it is paid in full.
    """
    caller = request.auth
    asked = request_of(request, body)
    lines = [line.model_dump() | {"kind": line.kind or ""} for line in body.lines]
    order = AddOrder(sale_id, tuple(OrderLine(**line) for line in lines))
    outcome = add_to_sale(caller.business_id, order, request=asked)
    return answer(sale_done(outcome, formats_of(caller)), 201)


@sales.writes("/sales/{uuid:sale_id}/void", Scope.SALES_WRITE, VoidOut)
def void_sale(request: ApiRequest, sale_id: UUID, body: Dated = Dated()) -> HttpResponse:  # noqa: B008 - never changed
    """Undo an open sale: every payment's exact reversal. A paid sale is refunded instead."""
    asked = request_of(request, body)
    operation_id = void(request.auth.business_id, sale_id, request=asked)
    text = _("Called off; every payment went back to where it came from.")
    return answer(VoidOut(sale_id=sale_id, operation_id=operation_id, text=text), 201)


@sales.writes("/sales/{uuid:sale_id}/forfeit", Scope.SALES_WRITE, VoidOut)
def forfeit_sale(request: ApiRequest, sale_id: UUID, body: Dated = Dated()) -> HttpResponse:  # noqa: B008 - never changed
    """Close an open sale whose customer does not come back: its deposit is kept, nothing earned.

    What was paid otherwise goes back as in a void.
    """
    asked = request_of(request, body)
    operation_id = forfeit(request.auth.business_id, sale_id, request=asked)
    text = _("Closed; the deposit is kept, every other payment went back to where it came from.")
    return answer(VoidOut(sale_id=sale_id, operation_id=operation_id, text=text), 201)


def order_of(caller: Caller, body: OrderIn, expect: ExpectIn | None = None) -> Order:
    """What an action is asked for; a gift card's code becomes its id.

    Raises NotFound, GiftCardRefused.
    """
    _check_bookings(caller, body.lines)
    return Order(
        lines=tuple(_line(line) for line in body.lines),
        payments=_payments(caller, body.payments),
        member_id=body.member_id,
        till_id=body.till_id,
        channel=body.channel,
        card_presented=body.card_presented,
        coupon_code=body.coupon_code,
        expect=_expect(expect),
        source=body.source,
        receipt=body.receipt,
    )


def _check_bookings(caller: Caller, lines: Sequence[LineIn]) -> None:
    """Raises NotFound for a booking that is not of this business."""
    named = {line.booking_id for line in lines if line.booking_id}
    if not named:
        return
    with scope(business=caller.business_id):
        if Booking.objects.filter(pk__in=named).count() < len(named):
            raise NotFound("booking")


def _line(line: LineIn) -> OrderLine:
    return OrderLine(
        item_id=line.item_id,
        sku=line.sku,
        kind=line.kind or "",
        name=line.name,
        price_minor=line.price_minor,
        quantity=line.quantity,
        discount_minor=line.discount_minor,
        reward_id=line.reward_id,
        booking_id=line.booking_id,
        total_minor=line.total_minor,
        gift_card_kind_id=line.gift_card_kind_id,
        gift_card_value_minor=line.gift_card_value_minor,
    )


def _payments(caller: Caller, payments: Sequence[PaymentIn]) -> tuple[OrderPayment, ...]:
    return tuple(
        OrderPayment(
            method=payment.method,
            amount_minor=payment.amount_minor,
            points=payment.points,
            gift_card_id=_gift_card(caller, payment),
            is_deposit=payment.is_deposit,
        )
        for payment in payments
    )


def _gift_card(caller: Caller, payment: PaymentIn) -> UUID | None:
    if not payment.code:
        return payment.gift_card_id
    if payment.gift_card_id is not None:
        raise problem_with("payments.code", "a gift card is named by its code or by its id")
    with looking_up(caller, "gift card"):
        return find_gift_card(caller.business_id, payment.code).pk


def _expect(expect: ExpectIn | None) -> Expect | None:
    return Expect(expect.most_points, expect.earned) if expect else None


def _buyer(buyer: BuyerIn) -> Buyer:
    return Buyer(buyer.phone, buyer.email, buyer.name, buyer.language, buyer.programme_id)


def sale_done(outcome: SaleOutcome, formats: Formats) -> SaleDone:
    """What is answered to a sale or a payment."""
    lines = outcome.explanation["lines"]
    return SaleDone(
        id=outcome.sale_id,
        operation_id=outcome.operation_id,
        state=outcome.state,
        number=outcome.number,
        charged_minor=outcome.charged_minor,
        to_pay_minor=outcome.to_pay_minor,
        points_paid=outcome.points_paid,
        earned=outcome.earned,
        settled_owed=outcome.explanation.get("settled_owed", 0),
        lines=lines_of(lines, formats),
        text=_said_of(outcome, formats),
    )


def _said_of(outcome: SaleOutcome, formats: Formats) -> str:
    if outcome.to_pay_minor:
        rest = formats.money(outcome.to_pay_minor)
        return _("%(rest)s are still to pay") % {"rest": rest}
    return earned_in_words(outcome.explanation["lines"], formats)


def _quote_out(quoted: actions.Quoted, formats: Formats) -> QuoteOut:
    found = quoted.quote
    return QuoteOut(
        charged_minor=found.to_pay_minor + found.worth_minor,
        available=found.available,
        pending=quoted.pending,
        owed=quoted.owed,
        most_points=found.most_points,
        limited_by=str(found.limited_by),
        limited_by_text=wording.limited_by(found.limited_by, formats),
        points=found.points,
        worth_minor=found.worth_minor,
        to_pay_minor=found.to_pay_minor,
        gift_cards_can_pay_minor=found.gift_cards_can_pay_minor,
        earned=found.earned,
        usable_from=found.window.usable_from if found.window else None,
        usable_until=found.window.usable_until if found.window else None,
        lines=lines_of(quoted.lines, formats),
        text=earned_in_words(quoted.lines, formats),
    )
