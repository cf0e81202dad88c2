"""Two customers who turn out to be one person."""

from datetime import datetime
from uuid import UUID

from regulars.actions.members.merging import Merged, MergeOrder, merge_customers
from regulars.actions.sales.orders import SaleOutcome
from regulars.ledger.posting import Request
from regulars.rows import new_id
from tests.actions.samples import a_staff
from tests.actions.selling_builders import NOON, Shop, bar, some_days

LATER = NOON + some_days(1)


def merged(
    shop: Shop, kept: UUID, absorbed: UUID, *, at: datetime = LATER, **order: object
) -> Merged:
    """Merge the customers of two accounts, by an owner; the accounts are named."""
    asks = MergeOrder(
        shop.member(kept).customer_id,
        shop.member(absorbed).customer_id,
        **order,  # type: ignore[arg-type]
    )
    owner = a_staff(shop.business, "owner")
    return merge_customers(shop.id, asks, request=Request(new_id(), at, owner))


def bought(shop: Shop, member: UUID, charged: int, *, points: int = 0) -> SaleOutcome:
    """A purchase at noon, a part of it paid with points."""
    return shop.sell(bar(charged), member_id=member, points=points)
