"""Gift cards sold at the till: from the tile to the code that is handed over (B11)."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from regulars.business.models import Feature
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.sales.models import SaleLine
from tests.actions.selling_builders import Shop, a_shop, bar, by_gift_card
from tests.actions.test_giftcard_sales import a_kind, a_range
from tests.doors.till.pressing import Cashier, a_cashier

pytestmark = [pytest.mark.django_db, pytest.mark.row("B11", door="web")]


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def cashier(shop: Shop) -> Cashier:
    return a_cashier(shop.business)


def sold(shop: Shop) -> GiftCard:
    with scope(business=shop.business):
        card = SaleLine.objects.get(gift_card__isnull=False).gift_card
    assert card is not None
    return card


def pay(cashier: Cashier, seen: str) -> UUID:
    done = cashier.press("pay", seen=seen).done
    assert done is not None
    return UUID(done.sale_id)


def receipt(cashier: Cashier, sale_id: UUID) -> str:
    return cashier.client.get(reverse("till:receipt", args=[sale_id])).content.decode()


def test_a_kind_of_a_fixed_value_is_one_touch_and_each_touch_is_a_card(
    shop: Shop, cashier: Cashier
) -> None:
    kind = a_kind(shop, price_minor=45_00)

    cashier.press(f"gift-card:{kind}")
    screen = cashier.press(f"gift-card:{kind}")

    assert [(row.name, row.price, row.is_gift_card) for row in screen.rows] == [
        ("For two", "45.00", True)
    ] * 2
    assert "50.00" in screen.rows[0].note
    assert len(cashier.press("remove:0").rows) == 1


def test_the_value_is_typed_within_the_range_of_its_kind(shop: Shop, cashier: Cashier) -> None:
    kind = a_range(shop)
    field = f"gift_value_{kind}".replace("_", "-")

    for wrong, said in (
        ("five", "is no value. Type a figure"),
        ("9.99", "is worth"),
        ("", "is no value"),
    ):
        sent = {"basket": cashier.basket.model_dump_json(), "do": f"gift-card:{kind}", field: wrong}
        answer = cashier.client.post(reverse("till:press"), sent, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    sent = {"basket": cashier.basket.model_dump_json(), "do": f"gift-card:{kind}", field: "25"}
    answer = cashier.client.post(reverse("till:press"), sent, headers={"HX-Request": "true"})

    assert [row.price for row in answer.context["screen"].rows] == ["25.00"]


def test_once_it_is_paid_the_code_is_shown_to_be_handed_over(shop: Shop, cashier: Cashier) -> None:
    seen = cashier.press(f"gift-card:{a_kind(shop)}").seen

    screen = cashier.press("pay", seen=seen)

    assert screen.done is not None
    (card,) = screen.done.cards
    assert (card.ending, card.is_active) == (sold(shop).last_four, True)
    assert card.code.replace("-", "").endswith(card.ending)
    assert card.qr is not None
    assert card.code in receipt(cashier, UUID(screen.done.sale_id))


def test_a_deposit_shows_no_code_yet(shop: Shop, cashier: Cashier) -> None:
    seen = cashier.press(f"gift-card:{a_kind(shop)}").seen

    done = cashier.press("deposit", seen=seen, deposit="10").done

    assert done is not None
    assert done.cards == ()
    assert sold(shop).state == "inactive"


def test_the_receipt_shows_the_code_only_at_this_till_on_this_day_and_untouched(
    shop: Shop, cashier: Cashier
) -> None:
    seen = cashier.press(f"gift-card:{a_kind(shop)}").seen
    screen = cashier.press("pay", seen=seen)
    assert screen.done is not None
    sale_id, code = UUID(screen.done.sale_id), screen.done.cards[0].code
    elsewhere = a_cashier(shop.business, shop.another_till("cash").pk)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tomorrow = receipt(a_cashier(shop.business, shop.till.pk), sale_id)
    at_another_till = receipt(elsewhere, sale_id)
    shop.sell(bar(1_00), at=timezone.now(), pays=[by_gift_card(sold(shop).pk, 1_00)])
    once_used = receipt(cashier, sale_id)

    for page in (tomorrow, at_another_till, once_used):
        assert code not in page
        assert f"···· {code[-4:]}" in page


def test_it_can_be_paid_neither_with_points_nor_a_gift_card_and_earns_nothing(
    shop: Shop, cashier: Cashier
) -> None:
    member = shop.a_member(points=100)
    cashier.press(f"member:{member}")

    screen = cashier.press(f"gift-card:{a_kind(shop)}")

    assert screen.pay is not None
    assert (screen.pay.take.most, screen.rows[0].earns) == (0, "0")


def test_a_kind_that_went_away_is_said_and_where_gift_cards_are_off_there_are_no_tiles(
    shop: Shop, cashier: Cashier
) -> None:
    kind = a_kind(shop)
    tile = f"gift-card:{kind}"
    page = cashier.client.get(reverse("till:sell")).content.decode()
    with scope(business=shop.business):
        GiftCardKind.objects.filter(pk=kind).update(archived_at=timezone.now())
    said = cashier.said(tile)
    with scope(business=shop.business):
        GiftCardKind.objects.filter(pk=kind).update(archived_at=None)
        Feature.objects.filter(code="gift_cards").update(on=False)

    assert tile in page
    assert said == "There is no such kind of gift card. Choose another one."
    assert tile not in cashier.client.get(reverse("till:sell")).content.decode()
    assert cashier.said(tile) == said


def test_a_kind_whose_range_has_changed_is_taken_out_with_a_word(
    shop: Shop, cashier: Cashier
) -> None:
    kind = a_range(shop)
    line = {"gift_card_kind_id": kind, "gift_card_value_minor": 90_00}
    cashier.basket = cashier.basket.but(stage="sale", lines=(line,))
    with scope(business=shop.business):
        GiftCardKind.objects.filter(pk=kind).update(most_minor=50_00)

    screen = cashier.press()

    assert (cashier.status, screen.rows) == (422, ())
    assert "cannot be more than" in screen.notices[0].text
