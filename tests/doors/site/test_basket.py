"""The basket and buying on the site: who buys becomes a member by it (C5)."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.sales.online import charge_of
from regulars.actions.sales.settling import settle_event
from regulars.business.models import Feature
from regulars.catalogue.models import Item
from regulars.giftcards.models import Coupon, GiftCardKind
from regulars.notices.models import Message
from regulars.rows import new_id
from regulars.sales.models import OnlinePayment, Payment, Sale
from regulars.sales.providers import What
from regulars.sales.providers import test as provider
from regulars.site.booking.choosing import Choice
from regulars.site.buying.basket import COOKIE, Basket, Line
from tests.doors.site.bookings import Booked, Visitor, a_booked_house, a_visitor, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

NOTHING = Choice()


@pytest.fixture
def cinema(settings: Settings) -> Booked:
    settings.PAYMENTS = "test"
    return a_booked_house("cinema")


def a_ticket(house: Booked, **columns: object) -> Item:
    return house.offers("ticket", "Winter Garden", 290_00, **columns)


def put(visitor: Visitor, *items: Item) -> None:
    for item in items:
        visitor.post(visitor.house.url("basket_add"), item=item.pk)


def pay_there(visitor: Visitor, url: str) -> str:
    """Pay on the provider's page, which tells; gives where it leads back to."""
    reference = url.rstrip("/").rpartition("/")[2]
    there = provider.find(reference)
    assert there is not None, url
    provider.end(reference, What.PAID)
    with scope(business=visitor.house.business):
        payments = OnlinePayment.objects.select_related("business")
        event = provider.ask(charge_of(payments.get(pk=there.payment_id)))
    assert event is not None, "it was paid"
    settle_event(visitor.house.id, event, at=timezone.now())
    return there.back_url


@pytest.mark.row("C5", door="web")
def test_who_buys_a_ticket_online_becomes_a_member_and_the_purchase_earns(cinema: Booked) -> None:
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))

    visitor.tell(NOTHING, "now")
    shown = visitor.get(cinema.url("confirm"))
    answer = visitor.confirm(NOTHING, to_pay=290_00)
    back = pay_there(visitor, answer["Location"])
    done = visitor.get(back)

    assert "Winter Garden" in shown.said
    assert "and makes you a member." in shown.said
    sale = cinema.sales_of_site()[0]
    assert sale.state == Sale.State.PAID
    assert [member.pk for member in cinema.members()] == [sale.member_id]
    assert sale.points_earned > 0
    assert "You are a member" in done.said


def test_pressing_twice_buys_once(cinema: Booked) -> None:
    visitor, request_id = a_visitor(cinema), new_id()
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")
    kept = {name: morsel.value for name, morsel in visitor.client.cookies.items()}

    first = visitor.confirm(NOTHING, 290_00, request_id)
    visitor.client.cookies.load(kept)
    again = visitor.confirm(NOTHING, 290_00, request_id)

    assert first["Location"] == again["Location"]
    assert len(cinema.sales_of_site()) == 1


def test_a_basket_is_changed_and_emptied(cinema: Booked) -> None:
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))

    visitor.post(cinema.url("basket_change"), at="0", quantity="3")
    three = visitor.get(cinema.url("basket"))
    visitor.post(cinema.url("basket_change"), at="0", remove="1")
    empty = visitor.get(cinema.url("basket"))

    assert "870" in three.said
    assert "The basket is empty" in empty.said


def test_a_basket_holds_no_more_than_twenty_of_a_kind(cinema: Booked) -> None:
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))

    visitor.post(cinema.url("basket_change"), at="0", quantity="999")

    assert 'value="20"' in visitor.get(cinema.url("basket")).text


def test_what_is_not_sold_any_more_is_taken_out_and_said(cinema: Booked) -> None:
    visitor, ticket = a_visitor(cinema), a_ticket(cinema)
    put(visitor, ticket)
    with scope(business=cinema.business):
        Item.objects.filter(pk=ticket.pk).update(online=False)

    page = visitor.get(cinema.url("basket"))

    assert "One thing in your basket is not sold any more." in page.said
    assert "The basket is empty" in visitor.get(cinema.url("basket")).said


@pytest.mark.parametrize("text", ["", "x", "W10:abc", "9" * 5_000])
def test_a_basket_that_is_none_of_ours_is_an_empty_one(cinema: Booked, text: str) -> None:
    client = Client()
    client.cookies[COOKIE] = text

    assert client.get(cinema.url("basket")).status_code == 200


def test_the_basket_of_another_business_is_an_empty_one(cinema: Booked) -> None:
    other = a_booked_house("cinema")
    visitor = a_visitor(other)
    put(visitor, a_ticket(other))
    stranger = Client()
    stranger.cookies[COOKIE] = visitor.client.cookies[COOKIE].value

    assert b"The basket is empty" in stranger.get(cinema.url("basket")).content


@pytest.mark.parametrize(
    "sent", [{}, {"item": "x"}, {"item": "01900000-0000-7000-8000-00000000000g"}]
)
def test_something_that_is_no_item_is_refused(cinema: Booked, sent: dict[str, str]) -> None:
    assert Client().post(cinema.url("basket_add"), sent).status_code == 422


@pytest.mark.parametrize(
    ("at", "quantity", "status"),
    [("0", "x", 422), ("-1", "1", 422), ("0", "-1", 422), ("99", "1", 302), ("0", "٣", 422)],
)
def test_a_change_that_cannot_be_changes_nothing(
    cinema: Booked, at: str, quantity: str, status: int
) -> None:
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))

    answer = visitor.post(cinema.url("basket_change"), at=at, quantity=quantity)

    assert answer.status_code == status
    assert "Winter Garden" in visitor.get(cinema.url("basket")).said


def test_a_gift_card_and_a_coupon_pay_what_they_can(cinema: Booked) -> None:
    code = cinema.gift_card(200_00)
    with scope(business=cinema.business):
        Coupon.objects.create(business=cinema.business, code="TEN", name="Ten", amount_minor=10_00)
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")

    visitor.post(cinema.url("how_to_pay"), how="now", do="codes", coupon="TEN", gift_card=code)
    page = visitor.get(cinema.url("how_to_pay"))
    visitor.pay(NOTHING, "now")
    answer = visitor.confirm(NOTHING, to_pay=80_00)

    assert "80.00" in page.said
    assert answer.status_code == 302
    with scope(business=cinema.business):
        paid = Payment.objects.get()
    assert (paid.method, paid.amount_minor) == ("gift_card", 200_00)


def test_points_of_who_has_signed_in_pay_as_much_as_they_may(cinema: Booked) -> None:
    visitor = a_visitor(cinema, cinema.a_person(500))
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")

    offered = visitor.get(cinema.url("how_to_pay"))
    visitor.pay(NOTHING, "now", points="on")
    shown = visitor.get(cinema.url("confirm"))

    found = re.search(r"Take (\d+) bonuses", offered.said)
    assert found is not None
    assert f"Paid with {found[1]} bonuses" in shown.said
    assert "Earns" in shown.said


def test_a_code_that_is_none_is_said_and_guessing_is_stopped(cinema: Booked) -> None:
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")
    url = cinema.url("how_to_pay")

    answers = [
        visitor.post(url, how="now", do="codes", gift_card=f"0000-0000-0000-{number:04}")
        for number in range(21)
    ]

    assert answers[0].status_code == 422
    assert "There is no gift card with this code" in words(answers[0])
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_coupon_that_is_none_is_said_beside_its_field(cinema: Booked) -> None:
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")

    answer = visitor.post(cinema.url("how_to_pay"), how="now", do="codes", coupon="NO\x00SUCH")

    assert answer.status_code == 422


def test_guessing_coupons_is_stopped_and_gift_cards_are_not(cinema: Booked) -> None:
    code = cinema.gift_card(200_00)
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")
    url = cinema.url("how_to_pay")

    answers = [
        visitor.post(url, how="now", do="codes", coupon=f"SALE{number}") for number in range(21)
    ]
    card = visitor.post(url, how="now", do="codes", gift_card=code)

    assert "There is no coupon with this code" in words(answers[19])
    assert answers[20].status_code == 429
    assert int(answers[20]["Retry-After"]) > 0
    assert card.status_code == 302


def test_without_a_provider_goods_are_bought_with_a_gift_card_alone(
    cinema: Booked, settings: Settings
) -> None:
    settings.PAYMENTS = ""
    code = cinema.gift_card(300_00)
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")

    refused = visitor.pay(NOTHING, "now")
    visitor.pay(NOTHING, "now", gift_card=code)
    answer = visitor.confirm(NOTHING, to_pay=0)

    assert refused.status_code == 422
    assert "are still to pay" in words(refused)
    assert answer.status_code == 302
    assert cinema.sales_of_site()[0].state == Sale.State.PAID


def test_a_price_that_changed_meanwhile_is_shown_before_it_is_paid(cinema: Booked) -> None:
    visitor, ticket = a_visitor(cinema), a_ticket(cinema)
    put(visitor, ticket)
    visitor.tell(NOTHING, "now")
    with scope(business=cinema.business):
        Item.objects.filter(pk=ticket.pk).update(price_minor=300_00)

    answer = visitor.confirm(NOTHING, to_pay=290_00)

    assert answer.status_code == 422
    assert "The price has changed" in words(answer)
    assert not cinema.sales_of_site()


def test_a_gift_card_is_bought_with_the_rest(cinema: Booked) -> None:
    with scope(business=cinema.business):
        kind = GiftCardKind.objects.create(
            business=cinema.business, name="For two", value_minor=1_000_00
        )
    visitor = a_visitor(cinema)
    visitor.post(cinema.url("buy_gift_card", kind.pk))
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")

    answer = visitor.confirm(NOTHING, to_pay=1_290_00)
    done = visitor.get(pay_there(visitor, answer["Location"]))

    assert "The code of the gift card is on its way to you." in done.said


def test_nothing_is_bought_by_a_stranger_who_names_a_member_with_points(cinema: Booked) -> None:
    member_id = cinema.a_person(500, email="nora@example.org")
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now", points="on")

    visitor.confirm(NOTHING, to_pay=290_00)

    assert cinema.holding(member_id).available == 500


def test_goods_stay_in_the_basket_when_a_booking_is_paid_at_the_place(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    studio = a_booked_house("studio")
    clay = studio.offers("product", "Clay", 14_50)
    item = studio.offers("class", "Glazing", 32_00, duration_minutes=120)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)
    put(visitor, clay)
    visitor.tell(choice)

    visitor.confirm(choice, to_pay=32_00)

    assert "Clay" in visitor.get(studio.url("basket")).said
    assert not studio.sales_of_site()


def test_a_booking_and_goods_are_paid_together(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    studio = a_booked_house("studio")
    clay = studio.offers("product", "Clay", 14_50)
    item = studio.offers("class", "Glazing", 32_00, duration_minutes=120)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)
    put(visitor, clay)
    visitor.tell(choice, "now")

    answer = visitor.confirm(choice, to_pay=46_50)
    done = visitor.get(pay_there(visitor, answer["Location"]))

    sale = studio.sales_of_site()[0]
    assert (sale.state, sale.charged_minor) == (Sale.State.PAID, 46_50)
    with scope(business=studio.business):
        assert sale.lines.get(position=1).booking == studio.bookings()[0].pk
    assert "It is booked" in done.said


def test_where_nothing_can_be_paid_online_that_is_said(settings: Settings) -> None:
    settings.PAYMENTS = ""
    cinema = a_booked_house("cinema")
    with scope(business=cinema.business):
        Feature.objects.filter(code="gift_cards").update(on=False)
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))

    visitor.tell(NOTHING, "now")

    assert "This cannot be paid here now." in visitor.get(cinema.url("how_to_pay")).said


def test_a_line_is_an_item_or_a_gift_card() -> None:
    for wrong in ({}, {"item_id": new_id(), "kind_id": new_id()}, {"kind_id": new_id()}):
        with pytest.raises(ValueError, match="a line is an item or a gift card"):
            Line.model_validate(wrong)
    assert Basket().pieces == 0


@pytest.mark.row("B3", door="web")
def test_who_has_paid_online_gets_the_receipt_by_email_once(cinema: Booked) -> None:
    visitor = a_visitor(cinema)
    put(visitor, a_ticket(cinema))
    visitor.tell(NOTHING, "now")
    answer = visitor.confirm(NOTHING, to_pay=290_00)
    told_before = told_receipts(cinema)

    back = pay_there(visitor, answer["Location"])
    done = visitor.get(back).said

    assert (told_before, told_receipts(cinema)) == (0, 1)
    assert "To move or cancel it" not in done


def told_receipts(house: Booked) -> int:
    with scope(business=house.business):
        return Message.objects.filter(template="receipt", state="waiting").count()
