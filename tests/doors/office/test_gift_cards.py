"""Gift cards in the office: kinds, the list, one card, issuing, and giving points back."""

from uuid import UUID

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.giftcards.cards import read_code
from regulars.actions.giftcards.for_points import CardForPoints, take_gift_card_for_points
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.ledger.posting import Request
from regulars.rows import new_id
from tests.actions.selling_builders import Shop, a_shop, bar, by_gift_card
from tests.actions.test_giftcard_sales import a_kind, a_range, a_reachable_member, card_of, cards_in
from tests.doors.office.entering import come_in, page_of

pytestmark = pytest.mark.django_db

OFFICE = "/office/gift-cards/"


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def shop(client: Client) -> Shop:
    shop = a_shop()
    come_in(client, shop.business)
    return shop


def a_form(**fields: object) -> dict[str, object]:
    """A kind as the form sends it, of 50.00."""
    return {
        "request_id": new_id(), "name": "For two", "worth": "fixed", "value": "50", "days": "365",
        "picture": "popcorn", "hue": "", "is_sold": "on", **fields,
    }  # fmt: skip


def the_kind(shop: Shop) -> GiftCardKind:
    with scope(business=shop.business):
        return GiftCardKind.objects.get()


def the_card(shop: Shop, card_id: UUID) -> GiftCard:
    with scope(business=shop.business):
        return GiftCard.objects.get(pk=card_id)


def said(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


@pytest.mark.row("B7", door="web")
def test_a_kind_is_made_and_changed_with_everything_that_customers_see(
    client: Client, shop: Shop
) -> None:
    made = client.post(f"{OFFICE}kinds/new/", a_form(description="An evening", hue="300"))
    kind = the_kind(shop)
    changed = a_form(worth="range", least="10", most="200", value="", is_sold="", days="")
    client.post(f"{OFFICE}kinds/{kind.pk}/", changed)

    assert made.status_code == 302
    assert (kind.value_minor, kind.validity_days, kind.picture, kind.hue) == (
        50_00, 365, "popcorn", 300,
    )  # fmt: skip
    now = the_kind(shop)
    assert (now.value_minor, now.least_minor, now.most_minor) == (None, 10_00, 200_00)
    assert (now.validity_days, now.is_sold, now.picture) == (0, False, "popcorn")
    page = page_of(client, f"{OFFICE}kinds/{kind.pk}/")
    assert "200.00" in page.every("value")


@pytest.mark.row("B7", door="web")
def test_what_somebody_else_changed_of_a_kind_meanwhile_stays(client: Client, shop: Shop) -> None:
    client.post(f"{OFFICE}kinds/new/", a_form(hue="300"))
    path = f"{OFFICE}kinds/{the_kind(shop).pk}/"
    opened = page_of(client, path)
    names = [
        (its["name"], its["value"]) for _, its in opened.tags if {"name", "value"} <= its.keys()
    ]
    held = {name: value for name, value in names if name.startswith("initial-")}

    client.post(path, held | a_form(hue="300", value="60", days="30"))
    client.post(path, held | a_form(value="50.00", hue="12", name="For three", is_sold=""))

    now = the_kind(shop)
    assert (now.value_minor, now.validity_days) == (60_00, 30)
    assert (now.name, now.hue, now.is_sold) == ("For three", 12, False)


@pytest.mark.row("B7", door="web")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Type what it is called."),
        ({"value": "much"}, "Type an amount, such as 25.00."),
        ({"value": "0"}, "cannot be less than"),
        ({"worth": "range", "least": "50", "most": "10"}, "cannot be less than"),
        ({"days": "soon"}, "Type a number of days"),
        ({"price": "-1"}, "Type an amount, such as 25.00."),
    ],
)
def test_what_a_kind_cannot_be_is_said_beside_the_field(
    client: Client, shop: Shop, wrong: dict[str, str], words: str
) -> None:
    answer = client.post(f"{OFFICE}kinds/new/", a_form(**wrong))

    assert (answer.status_code, words in said(answer)) == (422, True), said(answer)
    with scope(business=shop.business):
        assert not GiftCardKind.objects.exists()


@pytest.mark.row("B7", door="web")
def test_the_loyalty_tab_lets_customers_get_it_for_points(client: Client, shop: Shop) -> None:
    path = f"{OFFICE}kinds/{a_kind(shop)}/loyalty/"

    missing = client.post(path, {"request_id": new_id(), "by_points": "on", "points": ""})
    client.post(path, {"request_id": new_id(), "by_points": "on", "points": "150"})

    assert missing.status_code == 422
    assert "Type a whole number, such as 150." in said(missing)
    assert (the_kind(shop).by_points, the_kind(shop).points_price) == (True, 150)
    page = page_of(client, path)
    assert "150" in page.every("value")


@pytest.mark.row("B7", door="web")
def test_a_kind_whose_value_is_chosen_has_no_points_price(client: Client, shop: Shop) -> None:
    page = page_of(client, f"{OFFICE}kinds/{a_range(shop)}/loyalty/")

    assert "Only for money" in page.said


@pytest.mark.row("B7", door="web")
def test_a_kind_is_archived_and_brought_back(client: Client, shop: Shop) -> None:
    kind = a_kind(shop)

    client.post(f"{OFFICE}kinds/{kind}/archive/", {"do": "archive"})
    archived = the_kind(shop).archived_at
    edit = f"{OFFICE}kinds/{kind}/"
    living, away = (
        page_of(client, f"{OFFICE}kinds/{query}").addresses for query in ("", "?archived=1")
    )
    client.post(f"{OFFICE}kinds/{kind}/archive/", {"do": "back"})

    assert archived is not None
    assert (edit in living, edit in away) == (False, True)
    assert the_kind(shop).archived_at is None


@pytest.mark.row("B11", door="web")
def test_a_card_is_found_by_its_code_its_ending_or_its_owner(client: Client, shop: Shop) -> None:
    member = a_reachable_member(shop)
    (card,) = cards_in(shop, shop.sell(card_of(a_kind(shop)), member_id=member))
    path = f"{OFFICE}{card.pk}/"

    by_code = client.post(f"{OFFICE}find/", {"q": read_code(card).lower()})
    by_ending = client.post(f"{OFFICE}find/", {"q": card.last_four})
    by_owner = client.post(f"{OFFICE}find/", {"q": "i@example"})
    nobody = client.post(f"{OFFICE}find/", {"q": "0000-0000-0000-0000"})

    assert by_code["Location"] == path
    assert path in said(by_ending)
    assert path in said(by_owner)
    assert nobody.status_code == 422
    assert "No gift card is meant by that" in said(nobody)


@pytest.mark.row("B11", door="web")
def test_the_page_of_a_card_says_what_is_left_and_everything_that_happened(
    client: Client, shop: Shop
) -> None:
    sale = shop.sell(card_of(a_kind(shop)))
    (card,) = cards_in(shop, sale)
    paid = shop.sell(bar(20_00), pays=[by_gift_card(card.pk, 20_00)])
    shop.refund(paid)
    shop.refund(sale)

    page = page_of(client, f"{OFFICE}{card.pk}/")

    assert "Closed" in page.said
    amounts = ("+RUB 50.00", "\N{MINUS SIGN}RUB 20.00", "+RUB 20.00")
    said_plainly = page.said.replace("\N{NO-BREAK SPACE}", " ")
    assert all(amount in said_plainly for amount in amounts), said_plainly
    assert said_plainly.count("\N{MINUS SIGN}RUB 50.00") == 1
    assert read_code(card) not in page.said


@pytest.mark.row("B11", door="web")
def test_a_card_is_blocked_unblocked_and_closed_with_a_reason(client: Client, shop: Shop) -> None:
    card_id = shop.a_gift_card(20_00)
    path = f"{OFFICE}{card_id}/change/"

    def press(do: str, note: str = "") -> HttpResponseBase:
        return client.post(path, {"request_id": new_id(), "do": do, "note": note})

    states = []
    for do in ("block", "unblock", "block"):
        press(do)
        states.append(the_card(shop, card_id).state)
    without = press("close")
    press("close", "Stolen, says the police")

    assert states == ["blocked", "active", "blocked"]
    assert without.status_code == 422
    assert "Write down why it is closed." in said(without)
    assert the_card(shop, card_id).state == "closed"


@pytest.mark.row("B11", door="web")
def test_staff_issue_a_card_and_see_its_code_the_same_however_often_it_is_sent(
    client: Client, shop: Shop
) -> None:
    sent = {"request_id": new_id(), "kind": str(a_range(shop)), "value": "25.00"}

    first, again = (client.post(f"{OFFICE}issue/", sent) for _ in range(2))
    wrong = client.post(f"{OFFICE}issue/", {**sent, "request_id": new_id(), "value": "9.99"})

    with scope(business=shop.business):
        card = GiftCard.objects.get()
    grouped = "-".join(read_code(card)[at : at + 4] for at in range(0, 16, 4))
    assert (card.state, shop.left_on(card.pk)) == ("active", 25_00)
    assert grouped in said(first)
    assert grouped in said(again)
    assert wrong.status_code == 422


def a_taken_card(shop: Shop, member: UUID) -> UUID:
    kind = a_kind(shop, by_points=True, points_price=80)
    request = Request(new_id(), timezone.now())
    order = CardForPoints(member, kind)
    return take_gift_card_for_points(shop.id, order, request=request).id


@pytest.mark.row("B9", door="web")
def test_points_are_given_back_after_it_is_said_what_goes_back(client: Client, shop: Shop) -> None:
    member = shop.a_member(points=100)
    card_id = a_taken_card(shop, member)
    customer = f"/office/customers/{shop.member(member).customer_id}/"
    path = f"{OFFICE}{card_id}/give-back/"
    offered = client.get(customer)

    shown = page_of(client, path)
    done = client.post(path, {"request_id": new_id(), "note": "The wrong one"})

    assert path in said(offered)
    assert "80 bonuses go back to the account" in shown.said
    assert "No money is given out" in shown.said
    assert done["Location"] == customer
    assert (the_card(shop, card_id).state, shop.holding(member).balance) == ("closed", 100)
    assert path not in said(client.get(customer))
    again = client.post(path, {"request_id": new_id(), "note": "From another window"})
    assert again.status_code == 422
    assert "This gift card is closed for good. Nothing was changed." in said(again)
    assert shop.holding(member).balance == 100


@pytest.mark.row("B9", door="web")
def test_a_card_that_was_used_or_bought_gives_no_points_back(client: Client, shop: Shop) -> None:
    member = shop.a_member(points=100)
    used = a_taken_card(shop, member)
    shop.sell(bar(1_00), at=timezone.now(), pays=[by_gift_card(used, 1_00)])
    (bought,) = cards_in(shop, shop.sell(card_of(a_kind(shop))))

    for card_id in (used, bought.pk):
        page = page_of(client, f"{OFFICE}{card_id}/give-back/")
        answer = client.post(f"{OFFICE}{card_id}/give-back/", {"request_id": new_id()})
        assert "There is nothing to give back." in page.said
        assert answer.status_code == 422
    assert shop.holding(member).balance == 20


def test_the_lists_are_read_without_a_word_of_other_businesses(client: Client, shop: Shop) -> None:
    next_door = a_shop()
    foreign = next_door.a_gift_card(20_00)
    shop.a_gift_card(10_00)

    page = page_of(client, OFFICE)

    assert "10.00" in page.said
    assert "20.00" not in page.said
    assert client.get(f"{OFFICE}{foreign}/").status_code == 404
    assert client.get(f"{OFFICE}?state=blocked").status_code == 200
