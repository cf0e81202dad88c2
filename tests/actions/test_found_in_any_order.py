"""What only several things together bring about: found by doing everything in any order."""

from uuid import UUID

import pytest

from regulars.actions.members.erasing import erase_customer
from regulars.actions.members.moving import MoveOrder, move_account
from regulars.domain.merging import Rate
from regulars.ledger.posting import Request
from regulars.rows import new_id
from tests.actions.merging_samples import LATER, bought, merged
from tests.actions.samples import a_staff
from tests.actions.selling_builders import NOON, Shop, a_shop, some_days
from tests.actions.two_programmes import in_another_programme
from tests.books import assert_books_are_right

pytestmark = pytest.mark.django_db


def by_owner(shop: Shop) -> Request:
    return Request(new_id(), LATER, a_staff(shop.business, "owner"))


def moved(shop: Shop, member: UUID, to: Shop) -> UUID:
    order = MoveOrder(member, to.programme.pk, Rate(1))
    gone_to = move_account(shop.id, order, request=by_owner(shop)).member_id
    assert gone_to is not None
    return gone_to


@pytest.mark.row("C11")
@pytest.mark.row("C15")
def test_a_refund_of_what_another_account_bought_takes_no_visit_away() -> None:
    shop = a_shop()
    stars, kept, other = in_another_programme(shop), shop.a_member(), shop.a_member()
    theirs = bought(shop, other, 10_00)
    bought(shop, kept, 10_00)
    gone_to = moved(shop, other, stars)
    merged(shop, kept, gone_to, rate=Rate(1))

    shop.refund(theirs, at=LATER)

    assert shop.member(kept).last_visit == NOON.date()
    assert_books_are_right()


def test_who_is_erased_gives_up_what_is_still_to_come_and_the_books_are_right() -> None:
    shop = a_shop()
    member = shop.a_member(points=5)
    shop.give(member, 7, since=NOON + some_days(30))

    erased = erase_customer(shop.id, shop.member(member).customer_id, request=by_owner(shop))

    assert (erased.points, shop.holding(member).balance) == (12, 0)
    assert_books_are_right()
