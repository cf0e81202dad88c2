"""One valid call of every operation, in a business where everything is there once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django_scopes import scope

from regulars.actions.giftcards.cards import read_code
from regulars.actions.sales.online import start_payment
from regulars.actions.sales.orders import OrderPayment
from regulars.bookings.models import Booking
from regulars.business.models import Staff, User
from regulars.giftcards.models import Coupon, GiftCard, GiftCardKind
from regulars.members.models import Card, Customer
from regulars.notices.models import Message
from regulars.programmes.models import Group, Version
from regulars.rows import new_id
from tests.actions.selling_builders import NOON, Shop, a_shop, asked, bar, in_cash, some_days
from tests.actions.two_programmes import in_another_programme
from tests.doors.api.calendar_samples import calendar_in, calls_of_calendar
from tests.doors.api.calls import Api, an_api, line
from tests.doors.api.calls import in_cash as cash
from tests.doors.api.card_samples import calls_of_cards, cards_in


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what is in braces in the path stands in ``ids``."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    ids: Mapping[str, Any] = field(default_factory=dict)

    def at(self, **ids: Any) -> str:  # noqa: ANN401 - ids of any kind
        return self.path.format(**{**self.ids, **ids})


@dataclass(frozen=True)
class Furnished:
    """A business where everything is there once."""

    shop: Shop
    ids: Mapping[str, Any]
    calls: Mapping[str, Call]

    def api(self, **options: Any) -> Api:  # noqa: ANN401 - of an_api
        """A caller whose key has been used this minute, which is noted with it."""
        api = an_api(self.shop.id, **options)
        api.send("GET", "/places")
        return api


def an_owner(shop: Shop) -> str:
    """The e-mail of somebody who may do everything."""
    with scope(business=shop.business):
        user = User.objects.create_user(f"owner@{shop.business.slug}.example")
        Staff.objects.create(business=shop.business, user=user, role="owner", name="Owner")
    return user.email


def a_furnished_shop() -> Furnished:
    shop = a_shop()
    with scope(business=shop.business):
        ids = {**_people_in(shop), "programme_id": shop.programme.pk}
        ids |= {**_sales_in(shop, ids["member_id"]), **_set_up_in(shop)}
        ids |= cards_in(shop, ids)
        ids["booking_id"] = Booking.objects.create(
            business=shop.business,
            customer_id=ids["customer_id"],
            item_id=ids["service_id"],
            starts_at=NOON,
            ends_at=NOON + some_days(1),
            created_at=NOON,
        ).pk
    ids |= {
        **calendar_in(shop, ids),
        "stars_id": in_another_programme(shop, name="Coins").programme.pk,
    }
    return Furnished(shop, ids, calls_in(ids))


def _people_in(shop: Shop) -> dict[str, Any]:
    member, friend = shop.a_member(points=500), shop.a_member(activated_at=None)
    of_shop = {"business": shop.business}
    Card.objects.create(**of_shop, member_id=member, number="A1", issued_at=NOON)
    customer = Customer.objects.create(**of_shop, name="Boris", created_at=NOON)
    return {
        "member_id": member,
        "friend_id": friend,
        "moving_id": shop.a_member(points=40),
        "leaving_id": shop.member(shop.a_member(points=10)).customer_id,
        "customer_id": customer.pk,
        "double_id": shop.member(shop.a_member(points=20)).customer_id,
        "twin_id": shop.member(shop.a_member(points=30)).customer_id,
        "person_id": shop.member(friend).customer_id,
        "group_id": Group.objects.create(**of_shop, name="Students").pk,
    }


def _sales_in(shop: Shop, member: UUID) -> dict[str, Any]:
    before, active = NOON - some_days(2), shop.a_gift_card(50_00)
    deposit = OrderPayment("cash", 10_00, is_deposit=True)
    return {
        "sale_id": shop.sell(bar(100_00), member_id=member, at=before).sale_id,
        "open_id": shop.open_sale(bar(100_00), pays=in_cash(10_00), at=before).sale_id,
        "unpaid_id": shop.open_sale(bar(100_00), at=before).sale_id,
        "growing_id": shop.open_sale(bar(100_00), at=before).sale_id,
        "online_id": _online_in(shop, before),
        "void_id": shop.open_sale(bar(100_00), pays=in_cash(10_00), at=before).sale_id,
        "deposit_id": shop.open_sale(bar(100_00), pays=[deposit], at=before).sale_id,
        "card_id": shop.a_gift_card(50_00, active=False),
        "active_id": active,
        "code": read_code(GiftCard.objects.get(pk=active)),
    }


def _online_in(shop: Shop, at: datetime) -> UUID:
    """A payment online that is going on."""
    sale = shop.open_sale(bar(100_00), at=at)
    return start_payment(shop.id, sale.sale_id, request=asked(at))


def _set_up_in(shop: Shop) -> dict[str, Any]:
    of_shop = {"business": shop.business}
    item = shop.an_item("product", 10_00, sku="POP")
    coupon = Coupon.objects.create(**of_shop, code="TEN", name="Ten", percent_ppm=100_000)
    return {
        "item_id": item.pk,
        "service_id": shop.an_item("service", 40_00).pk,
        "reward_id": shop.a_reward(item, 50, first_time_only=False).pk,
        "place_id": shop.till.place_id,
        "till_id": shop.till.pk,
        "kind_id": GiftCardKind.objects.create(
            **of_shop, name="50", value_minor=50_00, by_points=True, points_price=40
        ).pk,
        "coupon_id": coupon.pk,
        "failed_id": Message.objects.create(
            **of_shop,
            customer=Customer.objects.latest("created_at"),
            channel="email",
            message_class="asked_for",
            template="receipt",
            state="failed",
            created_at=NOON,
        ).pk,
        "version_id": Version.objects.latest("number").pk,
        "level_id": shop.levels[0].id,
    }


def calls_in(ids: Mapping[str, Any]) -> dict[str, Call]:
    """One valid call of every operation, by its name."""
    makers: tuple[Callable[[Mapping[str, Any]], dict[str, Call]], ...] = (
        _of_sales,
        _of_members,
        _of_accounts,
        _of_setup,
        _of_places,
        partial(calls_of_cards, Call),
        _of_bookings,
        partial(calls_of_calendar, Call),
        _of_programmes,
        _of_messages,
    )
    return {name: call for make in makers for name, call in make(ids).items()}


def _of_sales(ids: Mapping[str, Any]) -> dict[str, Call]:
    sale = {
        "lines": [
            {"item_id": ids["item_id"]},
            line("ticket", 10_00, booking_id=ids["booking_id"]),
        ],
        "payments": [
            cash(15_00),
            {"method": "gift_card", "amount_minor": 5_00, "gift_card_id": ids["active_id"]},
        ],
        "member_id": ids["member_id"],
        "till_id": ids["till_id"],
    }
    quote = {
        "lines": [{"item_id": ids["item_id"], "reward_id": ids["reward_id"]}],
        "member_id": ids["member_id"],
        "till_id": ids["till_id"],
    }
    tip = line("tip", 2_00, booking_id=ids["booking_id"])
    more = {"lines": [{"item_id": ids["item_id"]}, tip]}
    batch = {**sale, "request_id": new_id(), "payments": [cash(20_00)]}
    return {
        "create_sale": Call("POST", "/sales", sale),
        "quote": Call("POST", "/quotes", quote),
        "create_sales": Call("POST", "/sales/batch", {"sales": [batch]}),
        "read_sale": Call("GET", "/sales/{sale_id}", None, ids),
        "add_lines": Call("POST", "/sales/{growing_id}/lines", more, ids),
        "pay_sale": Call("POST", "/sales/{open_id}/payments", {"payments": [cash(90_00)]}, ids),
        "preview_sale_refund": Call("POST", "/sales/{sale_id}/refunds/preview", {}, ids),
        "refund_sale": Call("POST", "/sales/{sale_id}/refunds", {"parts": []}, ids),
        "void_sale": Call("POST", "/sales/{void_id}/void", {}, ids),
        "forfeit_sale": Call("POST", "/sales/{deposit_id}/forfeit", {}, ids),
        "start_online_payment": Call(
            "POST",
            "/sales/{unpaid_id}/online-payments",
            {"back_url": "https://shop.example.org/paid"},
            ids,
        ),
        "read_online_payment": Call("GET", "/online-payments/{online_id}", None, ids),
    }


def _of_members(ids: Mapping[str, Any]) -> dict[str, Call]:
    enrol = {
        "programme_id": ids["programme_id"],
        "customer_id": ids["customer_id"],
        "group_ids": [ids["group_id"]],
        "card": {"generate_number": True, "generate_secret": True},
    }
    refer = {"referrer_customer_id": ids["person_id"]}
    merge = {"absorb_customer_id": ids["twin_id"]}
    move = {"programme_id": ids["stars_id"], "rate": {"points": 1, "per_points": 2}}
    return {
        "enrol": Call("POST", "/members", enrol),
        "balance": Call("POST", "/members/balance", {"card": "a1"}),
        "lookup": Call("POST", "/members/lookup", {"text": "a 1"}),
        "read_one_member": Call("GET", "/members/{member_id}", None, ids),
        "change_member": Call("PATCH", "/members/{member_id}", {"name": "Irina P."}, ids),
        "send_code": Call("POST", "/members/{friend_id}/activation-code", {}, ids),
        "activate": Call("POST", "/members/{friend_id}/activate", {}, ids),
        "give_card": Call("POST", "/members/{member_id}/cards", {"generate_number": True}, ids),
        "renew_secret": Call("POST", "/members/{member_id}/cards/secret", {}, ids),
        "refer": Call("POST", "/members/{member_id}/referral", refer, ids),
        "list_customers": Call("GET", "/customers"),
        "create_customer": Call(
            "POST", "/customers", {"name": "Anna", "group_ids": [ids["group_id"]]}
        ),
        "read_customer": Call("GET", "/customers/{customer_id}", None, ids),
        "change_customer": Call("PATCH", "/customers/{customer_id}", {"note": "Kind"}, ids),
        "preview_merge": Call("POST", "/customers/{double_id}/merge/quote", merge, ids),
        "merge": Call("POST", "/customers/{double_id}/merge", merge, ids),
        "preview_move": Call("POST", "/members/{moving_id}/move/quote", move, ids),
        "move": Call("POST", "/members/{moving_id}/move", move, ids),
        "read_own_data": Call("GET", "/customers/{customer_id}/data", None, ids),
        "erase": Call("POST", "/customers/{leaving_id}/erase", {}, ids),
        "note_consent": Call(
            "POST",
            "/customers/{customer_id}/consents",
            {"channel": "email", "granted": True},
            ids,
        ),
    }


def _of_accounts(ids: Mapping[str, Any]) -> dict[str, Call]:
    base = "/members/{member_id}"
    adjust = {"points": 10, "note": "For the wait"}
    return {
        "adjust": Call("POST", f"{base}/adjustments", adjust, ids),
        "write_off": Call("POST", f"{base}/write-off", {"note": "Let it go"}, ids),
        "list_rewards_for_member": Call("GET", f"{base}/rewards", None, ids),
        "take_reward": Call(
            "POST", f"{base}/rewards/{{reward_id}}/take", {"till_id": ids["till_id"]}, ids
        ),
        "list_operations": Call("GET", f"{base}/operations", None, ids),
        "list_lots": Call("GET", f"{base}/lots", None, ids),
        "list_points_to_come": Call("GET", f"{base}/points-to-come", None, ids),
        "list_referrals": Call("GET", "/referrals"),
        "read_referral_settings": Call("GET", "/referral-settings"),
        "change_referral_settings": Call("PATCH", "/referral-settings", {"text": "{name}!"}),
    }


def _of_setup(ids: Mapping[str, Any]) -> dict[str, Call]:
    item = {"kind": "product", "name": "Cola", "price_minor": 3_00}
    reward = {"programme_id": ids["programme_id"], "item_id": ids["item_id"], "points": 5}
    into = {"customer_ids": [ids["customer_id"]]}
    coupon = {"code": "five", "name": "Five", "amount_minor": 5_00}
    return {
        "list_items": Call("GET", "/items"),
        "create_item": Call("POST", "/items", item),
        "read_item": Call("GET", "/items/{item_id}", None, ids),
        "change_item": Call("PATCH", "/items/{item_id}", {"category": "Bar"}, ids),
        "list_groups": Call("GET", "/groups"),
        "create_group": Call("POST", "/groups", {"name": "Staff"}),
        "change_group": Call("PATCH", "/groups/{group_id}", {"name": "Pupils"}, ids),
        "put_into_group": Call("POST", "/groups/{group_id}/customers", into, ids),
        "list_coupons": Call("GET", "/coupons"),
        "create_coupon": Call("POST", "/coupons", coupon),
        "change_coupon": Call("PATCH", "/coupons/{coupon_id}", {"archived": True}, ids),
        "list_rewards": Call("GET", "/rewards"),
        "create_reward": Call("POST", "/rewards", reward),
        "archive_rewards": Call("POST", "/rewards/archive", {"reward_ids": [ids["reward_id"]]}),
    }


def _of_places(ids: Mapping[str, Any]) -> dict[str, Call]:
    till = {"place_id": ids["place_id"], "name": "Bar", "takes": ["cash", "points"]}
    return {
        "list_places": Call("GET", "/places"),
        "create_place": Call("POST", "/places", {"name": "Annexe"}),
        "change_place": Call("PATCH", "/places/{place_id}", {"address": "Kiln Lane 1"}, ids),
        "list_features": Call("GET", "/features"),
        "change_clear_history": Call("PATCH", "/clear-history", {"after_days": 90}),
        "switch": Call("PATCH", "/features", {"code": "marketing", "on": True}),
        "list_tills": Call("GET", "/tills"),
        "create_till": Call("POST", "/tills", till),
        "change_till": Call("PATCH", "/tills/{till_id}", {"place_id": ids["place_id"]}, ids),
    }


def _of_bookings(ids: Mapping[str, Any]) -> dict[str, Call]:
    base, begins = "/bookings/{booking_id}", NOON + some_days(9)
    booking = {
        "customer_id": ids["customer_id"],
        "item_id": ids["service_id"],
        "place_id": ids["place_id"],
        "starts_at": begins.isoformat(),
        "ends_at": (begins + some_days(0.1)).isoformat(),
    }
    return {
        "book": Call("POST", "/bookings", booking),
        "list_bookings": Call("GET", "/bookings"),
        "read_booking": Call("GET", base, None, ids),
        "read_calendar_file": Call("GET", f"{base}/calendar-file", None, ids),
        "move_booking": Call("POST", f"{base}/move", {"starts_at": begins.isoformat()}, ids),
        "mark_booking_missed": Call("POST", f"{base}/missed", {}, ids),
        "mark_booking_done": Call("POST", f"{base}/done", {}, ids),
        "cancel_booking": Call("POST", f"{base}/cancel", {}, ids),
        "bring_booking_back": Call("POST", f"{base}/bring-back", {}, ids),
    }


def _of_messages(ids: Mapping[str, Any]) -> dict[str, Call]:
    setting = "/message-settings/points_credited"
    return {
        "list_message_settings": Call("GET", "/message-settings"),
        "read_message_setting": Call("GET", setting),
        "change_message_setting": Call("PATCH", setting, {"text": "{name}: {points}"}),
        "list_queue": Call("GET", "/messages"),
        "send_message_again": Call("POST", "/messages/{failed_id}/try-again", {}, ids),
    }


def _of_programmes(ids: Mapping[str, Any]) -> dict[str, Call]:
    base = "/programmes/{programme_id}"
    kinds = [
        {"kind": "product", "rate_ppm": 50_000, "rate_basis": "cashback", "payable_ppm": 500_000}
    ]
    guest = {"name": "Guest", "kinds": kinds}
    insider = {"name": "Insider", "priority": 2, "group_id": ids["group_id"], "burn_days": 90}
    terms = {"point_value_minor": 100, "levels": [guest, insider], "joins_by": ["till"]}
    return {
        "list_programmes": Call("GET", "/programmes"),
        "create_programme": Call("POST", "/programmes", {**terms, "name": "Stars"}),
        "read_programme": Call("GET", base, None, ids),
        "change_programme": Call("PATCH", base, {"unit_many": "stars"}, ids),
        "list_versions": Call("GET", f"{base}/versions", None, ids),
        "read_version": Call("GET", f"{base}/versions/{{version_id}}", None, ids),
        "save_version": Call("POST", f"{base}/versions", terms, ids),
    }
