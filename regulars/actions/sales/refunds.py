"""Giving back what a paid sale took and gave (the rules a to h)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.sales.carrying_on import carry_on
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.refund_orders import RefundOrder, RefundOutcome, check_expected
from regulars.actions.sales.refunding import RefundAtWork
from regulars.actions.staff.limits import acting_staff, check_refund
from regulars.domain.errors import NotAllowed
from regulars.ledger.posting import Kind, Request
from regulars.rows import new_id
from regulars.sales.queries import read_sale


def preview_refund(business_id: UUID, order: RefundOrder, *, at: datetime) -> RefundOutcome:
    """Say what a refund would do, before it is confirmed; writes nothing.

    Raises what ``refund`` raises, but for who may do it.
    """
    sale = read_sale(business_id, order.sale_id)
    desk = open_desk(business_id, sale.member_id, Request(new_id(), at), Asked(), locked=False)
    work = RefundAtWork(desk, sale, order, locked=False)
    return RefundOutcome.of(None, work.carry_out(new_id()))


@action
def refund(business_id: UUID, order: RefundOrder, *, request: Request) -> RefundOutcome:
    """Refund a paid sale, whole or in part, in one operation.

    Works while loyalty is off, after the programme's end, for blocked or merged members (h).

    Whoever of the staff asks has a limit: the most money, gift cards included, that one refund
    gives back; above it somebody else must approve. Asked in nobody's name, as by a key of the
    API, the key's right is enough. A void needs no approval: it undoes what was never finished.

    Held to the preview that was shown, if the order names its mark.

    Raises NotFound, NotAllowed, QuoteChanged, SaleRefused, RefundTooLarge, RefundOfNothing,
    GiftCardRefused for a blocked card, RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("refund", order)
    sale = take_sale(business_id, order.sale_id)
    desk = open_desk(business_id, sale.member_id, request, Asked(), locked=False)
    posted = desk.posted(digest)
    if posted is not None:
        return RefundOutcome.of(*posted)
    work = RefundAtWork(desk, sale, order)
    operation_id = new_id()
    explanation = work.carry_out(operation_id)
    check_expected(order, RefundOutcome.of(None, explanation))
    allowed = _check_allowed(business_id, order, explanation["refund"]["money"], request)
    if allowed:
        explanation["allowed"] = allowed
    desk.post(
        Kind.REFUND,
        operation_id,
        explanation,
        digest=digest,
        note=order.note,
        reverses_id=sale.operation_id,
    )
    carry_on(desk, operation_id)
    desk.rows.write()
    return RefundOutcome.of(operation_id, explanation)


def _check_allowed(
    business_id: UUID, order: RefundOrder, money_minor: int, request: Request
) -> dict[str, Any]:
    """Whether whoever asks may give back so much; gives what the operation notes of it."""
    if request.actor is not None:
        staff = acting_staff(business_id, request.actor)
        return check_refund(staff, money_minor, order.approver)
    if order.approver is not None:
        raise NotAllowed("no_staff")
    return {}
