"""More lines for a sale that is still to be paid: a product beside the appointment (S2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.sales.at_work import SaleAtWork
from regulars.actions.sales.checkout import PaymentOrder, asked_for, resume_sale
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.orders import (
    MOST_LINES,
    BasketLine,
    Order,
    OrderLine,
    SaleOutcome,
    basket_of,
)
from regulars.actions.sales.sale_rows import add_lines_to
from regulars.actions.switched import check_sold
from regulars.domain.amounts import check_amount
from regulars.domain.days import day_of
from regulars.domain.errors import LineRefused, SaleRefused
from regulars.domain.purchase import WhyNoLine, WhyNoSale
from regulars.ledger.posting import Kind, Request
from regulars.sales.models import Sale
from regulars.sales.queries import SaleFacts


@dataclass(frozen=True, slots=True)
class AddOrder:
    """What else is sold with an open sale: goods and tips; no rewards, no gift cards."""

    sale_id: UUID
    lines: tuple[OrderLine, ...]


@action
def add_to_sale(business_id: UUID, order: AddOrder, *, request: Request) -> SaleOutcome:
    """Put more lines into an open sale; nothing is paid by that, and nothing earned before all is.

    Raises NotFound, SaleRefused, LineRefused, BadAmount, RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("add_to_sale", order)
    sale = take_sale(business_id, order.sale_id)
    whole = Order(lines=order.lines, till_id=sale.till_id)
    desk = open_desk(business_id, sale.member_id, request, asked_for(whole))
    posted = desk.posted(digest)
    if posted is not None:
        return SaleOutcome.of(*posted)
    if sale.state != Sale.State.OPEN:
        raise SaleRefused(WhyNoSale(sale.state), f"it is {sale.state} already")
    basket = _basket(desk, whole, sale)
    work = _with(desk, sale, basket)
    quoted = work.quote()
    explanation = work.explanation(quoted, work.explained(quoted))
    add_lines_to(desk, work, basket, after=len(sale.lines))
    desk.post(Kind.PAYMENT, work.operation_id, explanation, digest=digest)
    desk.rows.write()
    return SaleOutcome.of(work.operation_id, explanation)


def _basket(desk: Desk, order: Order, sale: SaleFacts) -> list[BasketLine]:
    """Raises LineRefused and what pricing raises."""
    for number, line in enumerate(order.lines, start=1):
        if line.reward_id or line.gift_card_kind_id or line.kind == "gift_card":
            said = "a reward or a gift card is a sale of its own"
            raise LineRefused(line=number, why=WhyNoLine.INCOMPLETE, said=said)
    if len(order.lines) + len(sale.lines) > MOST_LINES:
        raise LineRefused(line=0, why=WhyNoLine.COUNT, said=f"a sale has 1 to {MOST_LINES} lines")
    basket = basket_of(order, desk.business, day_of(desk.at, desk.business.zone), {})
    check_sold(desk.business, desk.journal, [each.line.kind for each in basket], "")
    return basket


def _with(desk: Desk, sale: SaleFacts, basket: Sequence[BasketLine]) -> SaleAtWork:
    """The open sale with its new lines at the end."""
    work = resume_sale(desk, sale, PaymentOrder(sale.id, ()))
    lines = (*work.purchase.lines, *(each.line for each in basket))
    work.basket = [*work.basket, *basket]
    work.purchase = replace(work.purchase, lines=lines)
    check_amount("charged_minor", work.purchase.charged_minor)
    return work
