"""Gift cards on the site: chosen for points, put into the basket, checked by their code."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope

from regulars.business.models import Feature
from regulars.domain.codes import format_code
from regulars.giftcards.models import GiftCardKind
from regulars.members.models import Member
from regulars.rows import new_id
from tests.doors.html import Page
from tests.doors.site.gifts import Studio, a_studio, a_visitor
from tests.doors.site.visiting import come_in_as, page_of
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def studio() -> Studio:
    return a_studio()


def switch_off(studio: Studio, *codes: str) -> None:
    with scope(business=studio.business):
        Feature.objects.filter(code__in=codes).update(on=False)


def is_active(page: Page, studio: Studio, kind: GiftCardKind) -> bool:
    return studio.url("take_gift_card", kind.pk) in page.addresses


def taking(kind: GiftCardKind, points: int, request_id: UUID | None = None) -> dict[str, Any]:
    return {"request_id": request_id or new_id(), "points": points}


@pytest.mark.row("B9", door="web")
@pytest.mark.parametrize(("points", "is_enough"), [(149, False), (150, True)])
def test_select_by_points_is_active_exactly_with_enough_points(
    studio: Studio,
    points: int,
    is_enough: bool,  # noqa: FBT001 - a case of the test
) -> None:
    kind = studio.a_kind(description="Classes, clay and firing", validity_days=365)
    visitor = a_visitor(studio, studio.a_member(points))

    page = visitor.get("gift_cards")

    assert is_active(page, studio, kind) is is_enough
    assert ("1 point to go" in page.said) is not is_enough
    assert "Classes, clay and firing. Valid for 12 months." in page.said
    assert "150 points" in page.said
    assert (page.own_code_or_style, page.ids_used_twice) == ([], set())
    explained = page.every("aria-describedby")
    assert explained == ([] if is_enough else [f"to-go-{kind.pk}"])


@pytest.mark.row("B9", door="web")
def test_a_stranger_is_led_to_sign_in_and_back(studio: Studio) -> None:
    kind = studio.a_kind()
    visitor = a_visitor(studio)

    page = visitor.get("gift_cards")
    answer = visitor.client.get(studio.url("take_gift_card", kind.pk))

    assert is_active(page, studio, kind)
    assert "Sign in to select by points" in page.said
    assert "Select by points" not in page.said, "as active as for who has enough points"
    assert "to go" not in page.said
    assert answer.status_code == 302
    assert (
        f"next=%2Fs%2F{studio.business.slug}%2Fgift-cards%2F{kind.pk}%2Ftake%2F"
        in answer["Location"]
    )


@pytest.mark.row("B9", door="web")
def test_taking_says_what_it_does_and_leads_to_the_card_with_its_code(studio: Studio) -> None:
    kind, member_id = studio.a_kind(), studio.a_member(180)
    visitor = a_visitor(studio, member_id)

    asked = visitor.get("take_gift_card", kind.pk)
    answer = visitor.send("take_gift_card", kind.pk, **taking(kind, 150))

    assert "You have 180 points This card takes 150 points Left after it 30 points" in asked.said
    [card] = studio.cards()
    assert answer["Location"] == studio.url("own_gift_card", card.pk)
    shown = visitor.get("own_gift_card", card.pk)
    assert "The gift card for £15 is yours." in shown.said
    assert any(
        len(value) == 19 and value.endswith(card.last_four) for value in shown.every("value")
    )
    assert studio.holding(member_id).balance == 30


@pytest.mark.row("B9", door="web")
def test_a_double_click_takes_one_card(studio: Studio) -> None:
    kind, visitor = studio.a_kind(), a_visitor(studio, studio.a_member(400))
    form = taking(kind, 150)

    first = visitor.send("take_gift_card", kind.pk, **form)
    with nothing_changes():
        second = visitor.send("take_gift_card", kind.pk, **form)

    assert first["Location"] == second["Location"]
    assert len(studio.cards()) == 1


@pytest.mark.row("B9", door="web")
def test_a_changed_price_asks_again(studio: Studio) -> None:
    kind, visitor = studio.a_kind(points_price=160), a_visitor(studio, studio.a_member(400))

    with nothing_changes():
        page = visitor.refused("take_gift_card", kind.pk, **taking(kind, 150))

    assert "This gift card takes another number of points now." in page.said
    assert "Take it for 160 points" in page.said


@pytest.mark.row("B9", door="web")
def test_too_few_points_are_refused_with_what_is_missing(studio: Studio) -> None:
    kind, visitor = studio.a_kind(), a_visitor(studio, studio.a_member(100))

    with nothing_changes():
        page = visitor.refused("take_gift_card", kind.pk, **taking(kind, 150))

    assert "50 points are missing for this gift card." in page.said


@pytest.mark.parametrize("form", [{}, {"points": "x"}, {"request_id": "1", "points": "-1"}])
def test_a_form_that_was_changed_takes_nothing(studio: Studio, form: dict[str, Any]) -> None:
    kind, visitor = studio.a_kind(), a_visitor(studio, studio.a_member(400))

    with nothing_changes():
        visitor.refused("take_gift_card", kind.pk, **form)


def test_who_is_no_member_and_who_is_blocked_take_none(studio: Studio) -> None:
    kind = studio.a_kind()
    blocked = a_visitor(studio, studio.a_member(400, blocked_at=studio.business.created_at))

    page = blocked.get("gift_cards")

    assert not is_active(page, studio, kind)
    assert "Your points cannot be used now. Ask at the desk." in page.said
    with nothing_changes():
        blocked.refused("take_gift_card", kind.pk, **taking(kind, 150))


def test_nobody_is_told_of_points_who_is_no_member(studio: Studio) -> None:
    studio.a_kind()
    member_id, client = studio.a_member(), Client()
    with scope(business=studio.business):
        Member.objects.filter(pk=member_id).update(closed_at=studio.business.created_at)
    come_in_as(client, studio.business, member_id)

    said = page_of(client.get(studio.url("gift_cards"))).said

    assert "Gift cards To choose" in said
    assert "Gift cards 0 points" not in said


def test_kinds_that_nobody_can_have_are_not_shown(studio: Studio) -> None:
    studio.a_kind("Staff only", by_points=False, points_price=None, is_sold=False)
    free = studio.a_kind("For nothing", by_points=False, points_price=None, price_minor=0)
    sold = studio.a_kind("Only sold", by_points=False, points_price=None)
    only_points = studio.a_kind("Only for points", is_sold=False)
    visitor = a_visitor(studio)

    page = visitor.get("gift_cards")

    assert "Staff only" not in page.said
    assert "For nothing" not in page.said
    assert visitor.client.get(studio.url("buy_gift_card", free.pk)).status_code == 404
    assert not is_active(page, studio, sold)
    assert studio.url("buy_gift_card", sold.pk) in page.addresses
    assert studio.url("buy_gift_card", only_points.pk) not in page.addresses
    assert visitor.client.get(studio.url("take_gift_card", sold.pk)).status_code == 404
    assert visitor.client.get(studio.url("buy_gift_card", only_points.pk)).status_code == 404


def test_a_kind_with_a_range_asks_for_the_value(studio: Studio) -> None:
    columns: dict[str, Any] = {"value_minor": None, "least_minor": 10_00, "most_minor": 100_00}
    kind = studio.a_kind("You choose", by_points=False, points_price=None, **columns)
    visitor = a_visitor(studio)

    asked = visitor.get("buy_gift_card", kind.pk)
    wrong = [
        visitor.refused("buy_gift_card", kind.pk, value=value)
        for value in ("", "a lot", "9.99", "100.01")
    ]

    assert "How much, in £ £10 to £100" in asked.said
    assert all("Type an amount: £10 to £100." in page.said for page in wrong)


@pytest.mark.parametrize(("value", "kept"), [("", 15_00), ("25.50", 25_50)])
def test_buying_puts_it_into_the_basket(studio: Studio, value: str, kept: int) -> None:
    columns: dict[str, Any] = {"value_minor": None, "least_minor": 10_00, "most_minor": 100_00}
    rest: dict[str, Any] = {"by_points": False, "points_price": None, **columns} if value else {}
    kind = studio.a_kind(**rest)
    visitor = a_visitor(studio)

    answer = visitor.send("buy_gift_card", kind.pk, value=value)

    assert answer["Location"] == studio.url("basket")
    assert visitor.client.cookies["basket"]["path"] == f"/s/{studio.business.slug}/"


@pytest.mark.row("B11", door="web")
def test_whoever_got_a_card_sees_what_is_on_it(studio: Studio) -> None:
    code = studio.gift_card(20_00)
    visitor = a_visitor(studio)

    page = visitor.refused("check_gift_card", status=200, code=format_code(code).lower())
    over = visitor.refused("check_gift_card", status=200, code=studio.gift_card(5_00, ended=True))

    assert "£20.00 Valid without end" in page.said
    assert "Expired on" in over.said
    assert "Choose something" not in over.said


def test_a_wrong_code_and_a_card_that_is_not_active_get_the_same_answer(studio: Studio) -> None:
    inactive = studio.an_inactive_code()
    visitor = a_visitor(studio)

    pages = [
        visitor.refused("check_gift_card", code=code)
        for code in ("2345-6789-ABCD-EFGH", "?!", inactive)
    ]

    assert {page.said for page in pages} == {pages[0].said}
    assert "There is no gift card with this code." in pages[0].said
    assert inactive not in pages[2].text


def test_who_guesses_is_stopped_and_told_when_to_come_back(studio: Studio) -> None:
    visitor = a_visitor(studio)
    for _ in range(20):
        visitor.refused("check_gift_card", code="2345-6789-ABCD-EFGH")

    page = visitor.send("check_gift_card", code="2345-6789-ABCD-EFGH")

    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 600
    assert "Too many wrong codes. Try again in 10 minutes." in Page(page.content.decode()).said


def test_without_the_feature_there_are_no_gift_cards_here(studio: Studio) -> None:
    member_id = studio.a_member(400)
    kind, visitor = studio.a_kind(), a_visitor(studio, member_id)
    card = studio.take(member_id, kind)
    switch_off(studio, "gift_cards")

    answers = {
        visitor.client.get(studio.url(name, *args)).status_code
        for name, args in (
            ("gift_cards", ()),
            ("own_gift_cards", ()),
            ("own_gift_card", (card.id,)),
            ("paper_gift_card", (card.id,)),
            ("send_gift_card", (card.id,)),
            ("take_gift_card", (kind.pk,)),
            ("buy_gift_card", (kind.pk,)),
            ("check_gift_card", ()),
            ("add_gift_card", ()),
        )
    }

    assert answers == {404}


def test_without_loyalty_nothing_is_given_for_points(studio: Studio) -> None:
    kind, visitor = studio.a_kind(), a_visitor(studio, studio.a_member(400))
    switch_off(studio, "loyalty")

    page = visitor.get("gift_cards")

    assert "Select by points" not in page.said
    assert "£15" in page.said
    assert visitor.client.get(studio.url("take_gift_card", kind.pk)).status_code == 404


def test_another_business_has_its_own(studio: Studio) -> None:
    kind, other = studio.a_kind(), a_studio()

    answer = Client().get(other.url("buy_gift_card", kind.pk))

    assert answer.status_code == 404
    assert "£15 for anything here" not in a_visitor(other).get("gift_cards").said
