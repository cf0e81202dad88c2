"""Two entries of one person are merged while tills are at work: nothing is lost or doubled."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.members.merging import MergeOrder, merge_customers
from regulars.actions.sales.checkout import checkout
from regulars.actions.sales.orders import SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder
from regulars.actions.sales.refunds import refund
from regulars.domain.errors import Refusal
from regulars.ledger.posting import Request
from regulars.rows import new_id
from regulars.sales.models import Sale
from tests.actions.samples import a_staff
from tests.actions.selling_builders import NOON, Shop, a_shop, asked, bar, in_points
from tests.races.test_races import at_once, told

pytestmark = pytest.mark.django_db(transaction=True)


def merging(shop: Shop, kept: UUID, absorbed: UUID, owner: UUID) -> Callable[[], object]:
    order = MergeOrder(shop.member(kept).customer_id, shop.member(absorbed).customer_id)
    return lambda: merge_customers(shop.id, order, request=Request(new_id(), NOON, owner))


def selling(shop: Shop, member: UUID, points: int) -> Callable[[], SaleOutcome]:
    order = shop.order(bar(points * 100), member_id=member, pays=in_points(points))
    return lambda: checkout(shop.id, order, request=asked())


def test_points_are_spent_once_whether_before_or_after_the_merge() -> None:
    shop = a_shop()
    owner = a_staff(shop.business, "owner")
    kept, absorbed = shop.a_member(points=40), shop.a_member(points=60)
    tills = [selling(shop, member, 10) for member in (kept, absorbed) * 8]

    answers = at_once([*tills[:8], merging(shop, kept, absorbed, owner), *tills[8:]])

    sold = [each for each in answers if isinstance(each, SaleOutcome)]
    assert set(told(answers)) <= {"done", "not_enough_points"}
    assert shop.holding(kept).balance == 100 - 10 * len(sold)
    assert shop.holding(absorbed).balance == 0
    with scope(business=shop.business):
        assert not Sale.objects.filter(member_id=absorbed).exists()


def test_a_refund_at_the_same_instant_reaches_the_kept_one() -> None:
    shop = a_shop()
    owner = a_staff(shop.business, "owner")
    kept, absorbed = shop.a_member(), shop.a_member(points=50)
    sales = [shop.sell(bar(10_00), member_id=absorbed, points=5) for _ in range(6)]

    def refunding(sale: SaleOutcome) -> Callable[[], object]:
        return lambda: refund(shop.id, RefundOrder(sale.sale_id), request=asked())

    answers = at_once([*map(refunding, sales), merging(shop, kept, absorbed, owner)])

    assert told(answers) == {"done": 7}
    assert shop.holding(kept).balance == 50
    assert shop.holding(kept).owed == shop.holding(absorbed).owed == 0


def test_of_merges_of_the_same_people_at_once_one_is_done() -> None:
    shop = a_shop()
    owner = a_staff(shop.business, "owner")
    one, other = shop.a_member(points=40), shop.a_member(points=60)
    there, back = merging(shop, one, other, owner), merging(shop, other, one, owner)

    answers = at_once([there, back] * 8)

    refused = {each.why for each in answers if isinstance(each, Refusal)}  # type: ignore[attr-defined]
    assert told(answers) == {"done": 1, "merge_refused": 15}
    assert refused <= {"already_merged", "kept_is_merged"}
    assert sorted(shop.holding(each).balance for each in (one, other)) == [0, 100]


def test_one_merge_sent_many_times_at_once_is_done_once() -> None:
    shop = a_shop()
    request = Request(new_id(), NOON, a_staff(shop.business, "owner"))
    kept, absorbed = shop.a_member(points=40), shop.a_member(points=60)
    order = MergeOrder(shop.member(kept).customer_id, shop.member(absorbed).customer_id)

    answers = at_once([lambda: merge_customers(shop.id, order, request=request)] * 12)

    assert len(set(map(repr, answers))) == 1
    assert shop.holding(kept).balance == 100


def test_three_people_merged_in_a_ring_at_once_end_as_one_or_two_without_a_deadlock() -> None:
    shop = a_shop()
    owner = a_staff(shop.business, "owner")
    ring = [shop.a_member(points=10) for _ in range(3)]
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)

    answers = at_once([merging(shop, *pair, owner) for pair in pairs])

    assert set(told(answers)) <= {"done", "merge_refused"}
    assert sum(shop.holding(each).balance for each in ring) == 30
