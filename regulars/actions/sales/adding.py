"""More lines for a sale that is still to be paid: a product beside the appointment (S2)."""

from dataclasses import dataclass
from uuid import UUID

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.sales.checkout import PaymentOrder, asked_for, check_open, resume_sale
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.orders import MOST_LINES, Order, OrderLine, SaleOutcome
from regulars.actions.sales.sale_rows import add_lines_to
from regulars.domain.errors import LineRefused
from regulars.domain.purchase import WhyNoLine
from regulars.ledger.posting import Kind, Request


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
    asked = asked_for(Order(lines=order.lines, till_id=sale.till_id))
    desk = open_desk(business_id, sale.member_id, request, asked)
    posted = desk.posted(digest)
    if posted is not None:
        return SaleOutcome.of(*posted)
    check_open(sale)
    if not order.lines:
        raise LineRefused(line=0, why=WhyNoLine.COUNT, said=f"a sale has 1 to {MOST_LINES} lines")
    work = resume_sale(desk, sale, PaymentOrder(sale.id, (), lines=order.lines))
    quoted = work.quote()
    explanation = work.explanation(quoted, work.explained(quoted))
    add_lines_to(desk, work, after=len(sale.lines))
    desk.post(Kind.PAYMENT, work.operation_id, explanation, digest=digest)
    desk.rows.write()
    return SaleOutcome.of(work.operation_id, explanation)
