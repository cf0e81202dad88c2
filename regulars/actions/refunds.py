"""Giving back what a paid sale took and gave (the rules a to h)."""

from datetime import datetime
from uuid import UUID

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.refund_orders import RefundOrder, RefundOutcome
from regulars.actions.refunding import RefundAtWork
from regulars.actions.sales import lock_sale
from regulars.ledger.posting import Kind, Request
from regulars.rows import new_id
from regulars.sales.queries import read_sale


def preview_refund(business_id: UUID, order: RefundOrder, *, at: datetime) -> RefundOutcome:
    """Say what a refund would do, before it is confirmed; writes nothing.

    Raises what ``refund`` raises.
    """
    sale = read_sale(business_id, order.sale_id)
    desk = open_desk(business_id, sale.member_id, Request(new_id(), at), Asked(), locked=False)
    work = RefundAtWork(desk, sale, order)
    return RefundOutcome.of(None, work.carry_out(new_id(), give_money=False))


@action
def refund(business_id: UUID, order: RefundOrder, *, request: Request) -> RefundOutcome:
    """Refund a paid sale, whole or in part, in one operation.

    Works while loyalty is off, after the programme's end, for blocked or merged members (h).

    Raises NotFound, SaleRefused, RefundTooLarge, RefundOfNothing, GiftCardRefused for a blocked
    card, RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("refund", order)
    member_id = lock_sale(business_id, order.sale_id)
    sale = read_sale(business_id, order.sale_id)
    desk = open_desk(business_id, member_id, request, Asked(), locked=False)
    posted = desk.posted(digest)
    if posted is not None:
        return RefundOutcome.of(*posted)
    work = RefundAtWork(desk, sale, order)
    operation_id = new_id()
    explanation = work.carry_out(operation_id)
    desk.post(
        Kind.REFUND,
        operation_id,
        explanation,
        digest=digest,
        note=order.note,
        reverses_id=sale.operation_id,
    )
    desk.rows.write()
    return RefundOutcome.of(operation_id, explanation)
