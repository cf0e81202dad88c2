"""What else is sold with an open sale: priced, before anything of it is written."""

from collections.abc import Sequence

from regulars.actions.desk import Desk
from regulars.actions.sales.orders import MOST_LINES, BasketLine, Order, OrderLine, basket_of
from regulars.actions.switched import check_sold
from regulars.domain.days import day_of
from regulars.domain.errors import LineRefused
from regulars.domain.purchase import WhyNoLine
from regulars.sales.queries import SaleFacts


def more_lines(desk: Desk, lines: Sequence[OrderLine], sale: SaleFacts) -> list[BasketLine]:
    """Goods and tips for a sale that is open; no rewards, no gift cards.

    Raises LineRefused and what pricing raises.
    """
    if not lines:
        return []
    for number, line in enumerate(lines, start=1):
        if line.reward_id or line.gift_card_kind_id or line.kind == "gift_card":
            said = "a reward or a gift card is a sale of its own"
            raise LineRefused(line=number, why=WhyNoLine.INCOMPLETE, said=said)
    if len(lines) + len(sale.lines) > MOST_LINES:
        raise LineRefused(line=0, why=WhyNoLine.COUNT, said=f"a sale has 1 to {MOST_LINES} lines")
    day = day_of(desk.at, desk.business.zone)
    basket = basket_of(Order(lines=tuple(lines)), desk.business, day, {})
    check_sold(desk.business, desk.journal, [each.line.kind for each in basket], "")
    return basket
