"""A valid call of every operation on gift cards, where everything is there once."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django_scopes import scope

from regulars.actions.giftcards.for_points import CardForPoints, take_gift_card_for_points
from regulars.actions.giftcards.sending_cards import SendingOrder, plan_sending
from regulars.actions.giftcards.states import block_gift_card
from regulars.actions.sales.orders import OrderLine
from regulars.giftcards.models import GiftCardKind
from tests.actions.selling_builders import NOON, Shop, asked, some_days

C = TypeVar("C")


def cards_in(shop: Shop, ids: Mapping[str, Any]) -> dict[str, Any]:
    """Cards that are blocked, sold, taken for points, and on their way to somebody."""
    lost, stolen = (shop.a_gift_card(50_00, at=NOON - some_days(3)) for _ in range(2))
    for card in (lost, stolen):
        block_gift_card(shop.id, card, request=asked(NOON - some_days(2)))
    order = CardForPoints(ids["member_id"], ids["kind_id"])
    taken, given, planned, kept_back = (
        take_gift_card_for_points(shop.id, order, request=asked(NOON - some_days(1))).id
        for _ in range(4)
    )
    return {
        "bought_id": _bought(shop, NOON - some_days(2)),
        "lost_id": lost,
        "stolen_id": stolen,
        "taken_id": taken,
        "given_id": given,
        "planned_id": planned,
        "sending_id": _planned(shop, planned),
        "kept_back_id": kept_back,
        "to_keep_back_id": _planned(shop, kept_back),
    }


def _planned(shop: Shop, card_id: UUID) -> UUID:
    order = SendingOrder(card_id, "anna@example.org", "Anna", day=date(2026, 12, 24))
    return plan_sending(shop.id, order, request=asked())


def _bought(shop: Shop, at: datetime) -> UUID:
    with scope(business=shop.business):
        kind = GiftCardKind.objects.create(business=shop.business, name="Five", value_minor=5_00)
        sale = shop.sell(OrderLine(gift_card_kind_id=kind.pk), at=at)
        card_id = shop.lines_of(sale)[0].gift_card_id
    assert card_id is not None, "it sells one"
    return card_id


def calls_of_cards(call: Callable[..., C], ids: Mapping[str, Any]) -> dict[str, C]:
    """By name."""
    to = {"to_email": "anna@example.org", "to_name": "Anna", "day": "2026-12-24"}
    kind = {"name": "Any", "least_minor": 10_00, "most_minor": 500_00}
    return {
        "list_gift_card_kinds": call("GET", "/gift-card-kinds"),
        "create_gift_card_kind": call("POST", "/gift-card-kinds", kind),
        "change_gift_card_kind": call("PATCH", "/gift-card-kinds/{kind_id}", {"hue": 12}, ids),
        "issue": call("POST", "/gift-cards", {"kind_id": ids["kind_id"]}),
        "look_gift_card_up": call("POST", "/gift-cards/lookup", {"code": ids["code"]}),
        "read_gift_card": call("GET", "/gift-cards/{card_id}", None, ids),
        "activate_card": call("POST", "/gift-cards/{card_id}/activate", {}, ids),
        "block_card": call("POST", "/gift-cards/{active_id}/block", {"note": "Lost"}, ids),
        "unblock_card": call("POST", "/gift-cards/{lost_id}/unblock", {}, ids),
        "close_card": call("POST", "/gift-cards/{stolen_id}/close", {"note": "Stolen"}, ids),
        "take_gift_card": call(
            "POST", "/members/{member_id}/gift-cards", {"kind_id": ids["kind_id"]}, ids
        ),
        "tell_sold_code": call("POST", "/gift-cards/{bought_id}/code", None, ids),
        "give_card_back": call("POST", "/gift-cards/{taken_id}/give-back", {}, ids),
        "list_gift_cards_of_customer": call(
            "GET", "/customers/{customer_id}/gift-cards", None, ids
        ),
        "send_gift_card": call("POST", "/gift-cards/{given_id}/sendings", to, ids),
        "list_sendings": call("GET", "/gift-cards/{planned_id}/sendings", None, ids),
        "cancel_card_sending": call(
            "POST", "/gift-cards/{kept_back_id}/sendings/{to_keep_back_id}/cancel", {}, ids
        ),
    }
