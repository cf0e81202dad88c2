"""A sale as the tables have it, whole."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django_scopes import scope

from regulars.api.callers import Caller
from regulars.api.sales.sale_shapes import LineOut, PaymentOut, RefundOut, SaleOut, SoldCardOut
from regulars.api.telling import earned_in_words, formats_of, lines_of
from regulars.domain.errors import NotFound
from regulars.ledger.models import Operation
from regulars.sales.models import Payment, Refund, RefundLine, Sale, SaleLine


def read_whole_sale(caller: Caller, sale_id: UUID) -> SaleOut:
    """Raises NotFound."""
    with scope(business=caller.business_id):
        sale = Sale.objects.filter(pk=sale_id).first()
        if sale is None:
            raise NotFound("sale")
        sold = SaleLine.objects.filter(sale=sale).select_related("gift_card")
        lines = list(sold.order_by("position"))
        payments = list(Payment.objects.filter(sale=sale).order_by("position"))
        refunds = list(Refund.objects.filter(sale=sale).order_by("at", "id"))
        parts = list(RefundLine.objects.filter(refund__in=refunds)) if refunds else []
        explanation = _explanation(sale, payments)
    formats = formats_of(caller, member_id=sale.member_id)
    paid = sum(payment.amount_minor for payment in payments if payment.removed_by is None)
    return SaleOut(
        id=sale.pk,
        state=sale.state,
        channel=sale.channel,
        number=sale.number,
        receipt=sale.receipt,
        source=sale.source,
        place_id=sale.place_id,
        till_id=sale.till_id,
        customer_id=sale.customer_id,
        member_id=sale.member_id,
        card_presented=sale.card_presented,
        opened_at=sale.opened_at,
        paid_at=sale.paid_at,
        charged_minor=sale.charged_minor,
        to_pay_minor=sale.charged_minor - paid if sale.state == Sale.State.OPEN else 0,
        refunded_minor=sale.refunded_minor,
        points_paid=sale.points_paid,
        points_returned=sale.points_returned,
        earned=sale.points_earned,
        points_taken_back=sale.points_taken_back,
        lines=[_line(line, parts) for line in lines],
        payments=[_payment(payment) for payment in payments],
        refunds=[_refund(refund) for refund in refunds],
        explanation=lines_of(explanation, formats),
        text=earned_in_words(explanation, formats),
    )


def _explanation(sale: Sale, payments: Sequence[Payment]) -> Sequence[Mapping[str, Any]]:
    """Why it earned what it earned, by the operation that came last: the one that settled it."""
    ids = {sale.operation, *(payment.operation_id for payment in payments)}
    last = Operation.objects.filter(pk__in=ids).order_by("-at", "-id").first()
    lines: Sequence[Mapping[str, Any]] = last.explanation.get("lines", ()) if last else ()
    return lines


def _line(line: SaleLine, parts: Sequence[RefundLine]) -> LineOut:
    mine = [part for part in parts if part.line_id == line.pk]
    return LineOut(
        position=line.position,
        kind=line.kind,
        item_id=line.item_id,
        name=line.name,
        quantity=line.quantity,
        list_minor=line.list_minor,
        charged_minor=line.charged_minor,
        points_part_minor=line.points_part_minor,
        earned=line.earned_points,
        reward_id=line.reward_id,
        reward_points=line.reward_points,
        booking_id=line.booking,
        gift_card=_sold_card(line),
        refunded_minor=sum(part.value_minor for part in mine),
        refunded_quantity=sum(part.quantity for part in mine),
    )


def _sold_card(line: SaleLine) -> SoldCardOut | None:
    card = line.gift_card
    return SoldCardOut(id=card.pk, last_four=card.last_four, state=card.state) if card else None


def _payment(payment: Payment) -> PaymentOut:
    return PaymentOut(
        position=payment.position,
        method=payment.method,
        amount_minor=payment.amount_minor,
        points=payment.points,
        gift_card_id=payment.gift_card_id,
        is_deposit=payment.is_deposit,
        at=payment.at,
        is_removed=payment.removed_by is not None,
    )


def _refund(refund: Refund) -> RefundOut:
    return RefundOut(
        operation_id=refund.operation_id,
        at=refund.at,
        value_minor=refund.value_minor,
        money_minor=refund.money_minor,
        points_returned=refund.points_returned,
        points_taken_back=refund.points_taken_back,
        owed=refund.owed,
    )
