"""What is measured: each path as its door would take it, from the request to the answer."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from benchmarks.people import MEMBER, nth
from benchmarks.place import Town
from benchmarks.town import POPCORN_MINOR, TICKET_MINOR
from regulars.actions.sales.batches import BatchItem, sell_batch
from regulars.actions.sales.checkout import checkout
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder
from regulars.actions.sales.refunds import refund
from regulars.ledger.posting import Request
from regulars.members.queries import balance_by_card
from regulars.rows import new_id

BATCH = 100
"""Sales in one request."""

POINTS = 20
"""Taken by a sale that is paid with points in part: each is worth 1.00."""


@dataclass(slots=True)
class Walk:
    """One thread's way through the members of a town, each time another one."""

    town: Town
    members: int
    chance: random.Random
    sales: list[UUID] = field(default_factory=list)
    """Sales made and not yet given back."""

    def someone(self) -> int:
        """The number of a member."""
        return self.chance.randint(1, self.members)


Step = Callable[[Walk], None]


def _sell(walk: Walk, *payments: OrderPayment) -> SaleOutcome:
    return checkout(walk.town.business_id, _order(walk, *payments), request=_request())


def _order(walk: Walk, *payments: OrderPayment) -> Order:
    town = walk.town
    return Order(
        lines=(OrderLine(item_id=town.ticket_id), OrderLine(item_id=town.popcorn_id)),
        payments=payments,
        member_id=nth(MEMBER, walk.someone()),
        till_id=town.till_id,
    )


def _request() -> Request:
    return Request(new_id(), timezone.now())


def sale(walk: Walk) -> None:
    """Two lines, paid in cash: earns, looks at the level, explains, writes a message."""
    sold = _sell(walk, OrderPayment("cash", TICKET_MINOR + POPCORN_MINOR))
    walk.sales.append(sold.sale_id)


def redeem(walk: Walk) -> None:
    """The same, paid with points in part."""
    cash = OrderPayment("cash", TICKET_MINOR + POPCORN_MINOR - POINTS * 100)
    sold = _sell(walk, OrderPayment("points", points=POINTS), cash)
    assert sold.points_paid == POINTS, "the points were taken"


def refund_sale(walk: Walk) -> None:
    """Give back the whole of a sale that this thread made before.

    Raises IndexError when there is none left.
    """
    refund(walk.town.business_id, RefundOrder(walk.sales.pop()), request=_request())


def batch(walk: Walk) -> None:
    """A hundred sales in one request, each as the single one."""
    cash = OrderPayment("cash", TICKET_MINOR + POPCORN_MINOR)
    items = [BatchItem(_order(walk, cash), _request()) for _ in range(BATCH)]
    for sold in sell_batch(walk.town.business_id, items):
        assert isinstance(sold, SaleOutcome), f"it was sold: {sold!r}"


def balance(walk: Walk) -> None:
    """Points by the number of a card."""
    found = balance_by_card(walk.town.business_id, f"C{walk.someone()}", at=timezone.now())
    assert found.available > 0, "everybody has points"


PATHS: Mapping[str, Step] = {
    "sale": sale,
    "redeem": redeem,
    "refund": refund_sale,
    "batch": batch,
    "balance": balance,
}
