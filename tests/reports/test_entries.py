"""Every line of the history in words, through the actions that make them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from babel import Locale
from django_scopes import scope

from regulars.actions.giftcards.for_points import (
    CardForPoints,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.visits.bookings import BookingOrder, book, credit_booking
from regulars.business.formats import Formats
from regulars.business.languages import locale_for
from regulars.domain.days import day_of
from regulars.domain.terms import EarnsOn
from regulars.giftcards.models import GiftCardKind
from regulars.reports.entries import Teller, Told
from regulars.reports.history import Cut
from regulars.reports.membership import read_membership
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    asked,
    bar,
    of,
    some_days,
    taken_as,
    ticket,
)
from tests.domain.builders import a_level, cashback, points_per_major

pytestmark = pytest.mark.django_db

ONE_PER_CENT = a_level("Guest", product=cashback(5, payable=1), ticket=cashback(5, payable=1))


def told(shop: Shop, member: UUID, at: datetime = NOON) -> list[Told]:
    with scope(business=shop.business):
        seen = read_membership(shop.business, member, at=at, cut=Cut())
    home = Locale.parse("ru")
    formats = Formats(
        locale=locale_for("en", home),
        currency="RUB",
        home=home,
        zone=shop.business.zone,
        unit_one="bonus",
        unit_many="bonuses",
        today=day_of(at, shop.business.zone),
    )
    teller = Teller(shop.business, formats, seen.terms, seen.versions, at)
    return [line for event in seen.history.events for line in teller.tell(event)]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def words(lines: list[Told]) -> list[tuple[str, str, int | None]]:
    """Without the one from before the test."""
    return [(plain(each.title), plain(each.note), each.points) for each in lines][:-1]


@pytest.mark.row("C17")
def test_a_purchase_says_what_it_earned_and_what_paid_for_it() -> None:
    shop = a_shop(ONE_PER_CENT)
    member = shop.a_member(points=100)
    shop.sell(bar(720_00), member_id=member, points=7)

    assert words(told(shop, member)) == [
        ("Product", "5% of 713.00 ₽", 35),
        ("Paid with bonuses", "7.00 ₽ of 720.00 ₽", -7),
    ]


def test_each_line_of_a_purchase_is_explained_and_rounding_too() -> None:
    shop = a_shop(ONE_PER_CENT)
    member = shop.a_member(points=100)
    shop.sell(
        bar(120_00, name="Popcorn"), bar(81_00, name="Cola"), ticket(290_00), member_id=member
    )

    line = told(shop, member)[0]

    assert plain(line.title) == "Bar and a ticket"
    assert [(plain(why.label), plain(why.text), why.points) for why in line.details] == [
        ("Popcorn, 120.00 ₽", "5% of 120.00 ₽", "6.00"),
        ("Cola, 81.00 ₽", "5% of 81.00 ₽", "4.05"),
        ("Ticket, 290.00 ₽", "5% of 290.00 ₽", "14.50"),
        ("Together", "24.55, rounded down once", "24"),
    ]


@pytest.mark.row("B8")
def test_a_visit_is_explained_by_its_rule_and_rounding_too() -> None:
    guest = a_level("Guest", service=points_per_major(0.5, on=EarnsOn.BOOKING))
    shop = a_shop(guest)
    member = shop.a_member(points=100)
    customer_id = shop.member(member).customer_id
    cut = shop.an_item("service", 33_00)
    colour = shop.an_item("service", 50_00, own_points=15)
    for item, days in ((cut, 1), (colour, 2)):
        ends_at = NOON + some_days(days)
        order = BookingOrder(customer_id, item.pk, ends_at - some_days(0.1), ends_at)
        booked = book(shop.id, order, request=asked(NOON))
        credit_booking(shop.id, booked, at=ends_at + some_days(0.2))

    by_points, by_rate, _before = told(shop, member, NOON + some_days(3))

    assert plain(by_rate.note) == "For a visit that has ended"
    assert [plain(f"{why.label}: {why.text}: {why.points}") for why in by_rate.details] == [
        "Service, 33.00 ₽: 0.5 bonuses per 1.00 ₽ of 33.00 ₽: 16.50",
        "Together: 16.50, rounded down once: 16",
    ]
    assert [plain(f"{why.label}: {why.text}: {why.points}") for why in by_points.details] == [
        "Service, 50.00 ₽: 15 bonuses for this item: 15.00",
    ]


def test_a_film_under_a_memorandum_earns_nothing_and_says_so() -> None:
    shop = a_shop(ONE_PER_CENT, earns_on_memorandum=False)
    member = shop.a_member(points=1)
    film = shop.an_item("ticket", 200_00, memorandum=True)
    shop.sell(of(film), member_id=member)

    assert words(told(shop, member)) == [
        ("Ticket", "Not on this film: the distributor's memorandum", None)
    ]


def test_a_refund_says_what_went_and_what_came_back() -> None:
    shop = a_shop()
    member = shop.a_member(points=40)
    sale = shop.sell(bar(100_00), member_id=member, points=40)
    shop.refund(sale, at=NOON + some_days(1))

    lines = words(told(shop, member, NOON + some_days(1)))

    assert lines[:2] == [
        ("Refund: Product", "What it had earned", -3),
        ("Bonuses given back", "Product", 40),
    ]


def test_what_is_owed_is_told_with_the_refund_and_with_what_settles_it() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.sell(bar(1_000_00), member_id=member)
    shop.sell(bar(50_00), member_id=member, points=50)
    shop.refund(sale, at=NOON + some_days(1))
    shop.sell(bar(200_00), member_id=member, at=NOON + some_days(2))

    lines = [
        (plain(each.title), plain(each.note), each.points)
        for each in told(shop, member, NOON + some_days(2))
    ]

    assert lines[:3] == [
        ("Settled what was owed", "From what came in just now", -10),
        ("Product", "5% of 200.00 ₽", 10),
        ("Refund: Product", "50 bonuses that it had earned are owed", None),
    ]


def test_a_reward_and_what_burned_are_told() -> None:
    shop = a_shop()
    member = shop.a_member(points=100, until=NOON + some_days(1))
    reward = shop.a_reward(shop.an_item("product", 12_00), 60, first_time_only=False)
    shop.sell(taken_as(reward), member_id=member)

    lines = words(told(shop, member, NOON + some_days(2)))

    assert lines == [("Burned", "Not used in time", -40), ("Product", "Reward", -60)]


def test_points_to_come_stand_back() -> None:
    shop = a_shop(replace(ONE_PER_CENT, delay_days=10))
    member = shop.a_member(points=1)
    shop.sell(bar(100_00), member_id=member)

    assert told(shop, member)[0].is_to_come
    assert not told(shop, member, NOON + some_days(10))[0].is_to_come


def test_a_new_level_says_how_it_was_reached() -> None:
    friend = replace(a_level("Friend", 2), visits=2, visit_days=30)
    shop = a_shop(a_level("Guest"), friend)
    member = shop.a_member(points=1)
    for number in range(2):
        shop.sell(bar(100_00), member_id=member, at=NOON + some_days(number))

    line = told(shop, member, NOON + some_days(1))[0]

    assert (line.title, line.note, line.new_level) == ("Friend", "2 visits in 30 days", True)
    assert line.points is None


def test_a_sale_not_paid_whole_says_what_is_still_to_pay() -> None:
    shop = a_shop()
    member = shop.a_member(points=10)
    shop.open_sale(bar(100_00), member_id=member)

    assert words(told(shop, member)) == [("Product", "100.00 ₽ are still to pay", None)]


@pytest.mark.row("B9")
def test_a_gift_card_taken_for_points_and_given_back_says_so() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    with scope(business=shop.business):
        kind = GiftCardKind.objects.create(
            business=shop.business, name="Fifty", value_minor=50_00, by_points=True, points_price=80
        )
    taken = take_gift_card_for_points(
        shop.id, CardForPoints(member, kind.pk), request=asked(NOON - some_days(1))
    )
    give_back_gift_card(shop.id, taken.id, request=asked())

    assert words(told(shop, member)) == [
        ("Bonuses given back", "Gift card given back", 80),
        ("Gift card", "50.00 ₽", -80),
    ]
