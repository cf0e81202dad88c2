"""Buying online: open until it is paid, and settled once whatever the provider tells how often."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.giving_back import MOST_ATTEMPTS, give_back_next
from regulars.actions.sales.buying import Buyer
from regulars.actions.sales.online import open_purchase, start_payment
from regulars.actions.sales.orders import Order
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.settling import settle_event
from regulars.actions.sales.voiding import void
from regulars.business.models import Feature
from regulars.domain.errors import MemberCannotSpend, NotFound, PaymentRefused, SaleRefused
from regulars.sales.models import ProviderEvent
from regulars.sales.providers import What, test
from tests.actions.paying_online import ANNA, Online, expire_payments, online
from tests.actions.selling_builders import (
    NOON,
    a_shop,
    asked,
    bar,
    by_gift_card,
    in_points,
)
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _with_the_test_provider(settings: Settings) -> None:
    settings.PAYMENTS = "test"


def a_site(**terms: object) -> Online:
    return online(a_shop(**terms))


def expired(site: Online, at: object = LATER) -> list[str]:
    return [each.state for each in expire_payments(site.shop.id, at=at)]  # type: ignore[arg-type]


@pytest.mark.row("C5", door="web")
@pytest.mark.row("C6", door="web")
def test_who_buys_online_joins_when_it_is_paid_and_earns_by_it() -> None:
    site = a_site(welcome_points=30, needs_confirmation=True)

    purchase = site.buy(bar(100_00))
    before = (site.members(), len(site.customers()), site.sale(purchase).state)
    site.pays(purchase)

    (member,) = site.members()
    assert before == ([], 1, "open")
    assert (purchase.to_pay_minor, purchase.state) == (100_00, "open")
    assert site.sale(purchase).state == "paid"
    assert (member.joined_by, member.customer_id) == ("online", purchase.customer_id)
    assert site.shop.holding(member.pk).available == 30 + 5
    assert site.sale(purchase).member_id == member.pk
    assert site.paid_with(purchase) == [("online", 100_00)]
    assert site.payment(purchase).state == "paid"


def test_what_the_provider_tells_twice_counts_once() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    event = site.told(purchase)

    settle_event(site.shop.id, event, at=NOON)
    again = settle_event(site.shop.id, event, at=LATER)
    other = settle_event(site.shop.id, replace(event, id="another id"), at=LATER)

    assert (again.state, other.state) == ("paid", "paid")
    assert site.paid_with(purchase) == [("online", 100_00)]
    assert site.refunds() == []
    assert site.shop.holding(site.members()[0].pk).available == 5


def test_it_is_settled_before_the_reference_is_known_here() -> None:
    site = a_site()
    purchase = open_purchase(site.shop.id, Order((bar(50_00),)), ANNA, request=asked())
    event = replace(site.told(purchase), reference="theirs")

    settled = settle_event(site.shop.id, event, at=NOON)

    assert settled.state == "paid"
    assert site.payment(purchase).reference == "theirs"


def test_gift_card_and_points_are_taken_at_once_and_the_rest_is_paid_online() -> None:
    site = a_site()
    card = site.shop.a_gift_card(30_00)
    member = site.shop.a_member(points=20)
    buyer = Buyer(customer_id=site.shop.member(member).customer_id)

    purchase = site.buy(bar(100_00), buyer=buyer, pays=[*in_points(20), by_gift_card(card, 30_00)])
    taken = (site.shop.left_on(card), site.shop.holding(member).balance)
    site.pays(purchase)

    assert taken == (0, 0)
    assert purchase.to_pay_minor == 50_00
    assert site.paid_with(purchase) == [
        ("points", 20_00), ("gift_card", 30_00), ("online", 50_00),
    ]  # fmt: skip
    assert site.sale(purchase).points_earned == 4


@pytest.mark.row("B11", door="web")
def test_a_gift_card_that_covers_everything_pays_at_once() -> None:
    site = a_site()
    card = site.shop.a_gift_card(150_00)

    purchase = site.buy(bar(100_00), pays=[by_gift_card(card, 100_00)])

    assert (purchase.state, purchase.online_payment_id) == ("paid", None)
    assert purchase.earned == 5
    assert site.shop.left_on(card) == 50_00
    assert len(site.members()) == 1


def test_a_repeated_request_buys_once() -> None:
    site = a_site()
    request = asked()
    order = Order((bar(100_00),))

    first = open_purchase(site.shop.id, order, ANNA, request=request)
    second = open_purchase(site.shop.id, order, ANNA, request=request)

    assert first == second


def test_points_are_only_for_who_has_signed_in() -> None:
    site = a_site()
    order = Order((bar(100_00),), tuple(in_points(10)))

    with pytest.raises(MemberCannotSpend):
        open_purchase(site.shop.id, order, ANNA, request=asked())


def test_without_a_provider_only_what_leaves_nothing_to_pay_is_sold(settings: Settings) -> None:
    settings.PAYMENTS = ""
    site = a_site()
    card = site.shop.a_gift_card(100_00)

    paid = site.buy(bar(100_00), pays=[by_gift_card(card, 100_00)])
    with pytest.raises(PaymentRefused, match="online"):
        site.buy(bar(100_00))

    assert paid.state == "paid"


def test_a_payment_nobody_makes_is_given_up_and_all_goes_back() -> None:
    site = a_site(welcome_points=30)
    card = site.shop.a_gift_card(30_00)
    member = site.shop.a_member(points=20)
    buyer = Buyer(customer_id=site.shop.member(member).customer_id)
    signed_in = site.buy(bar(100_00), buyer=buyer, pays=[*in_points(20), by_gift_card(card, 30_00)])
    unknown = site.buy(bar(100_00))

    too_soon = expired(site, LATER - timedelta(seconds=1))
    done = expired(site)
    again = expired(site)

    assert (too_soon, done, again) == ([], ["expired", "expired"], [])
    assert {site.sale(each).state for each in (signed_in, unknown)} == {"void"}
    assert (site.shop.left_on(card), site.shop.holding(member).balance) == (30_00, 20)
    assert [each.pk for each in site.members()] == [member]


def test_what_was_paid_and_never_told_is_found_by_asking() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    test.end(site.payment(purchase).reference, What.PAID)

    done = expired(site, NOON + timedelta(minutes=2))

    assert done == ["paid"]
    assert site.sale(purchase).state == "paid"


def test_what_is_paid_too_late_is_given_back_at_once() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    expired(site)

    settled = site.pays(purchase, at=LATER)
    given = give_back_next(site.shop.id, at=LATER)

    (back,) = site.refunds()
    assert settled.state == "returned"
    assert given is not None
    assert (given.state, back.state, back.amount_minor) == ("done", "done", 100_00)
    assert test.given_back(site.payment(purchase).reference) == 100_00
    assert site.sale(purchase).state == "void"
    assert site.members() == []


def test_what_is_paid_for_a_sale_that_was_called_off_is_given_back() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    void(site.shop.id, purchase.sale_id, request=asked())

    settled = site.pays(purchase)

    assert settled.state == "returned"
    assert [each.amount_minor for each in site.refunds()] == [100_00]


def test_another_sum_or_another_business_is_not_believed() -> None:
    site, elsewhere = a_site(), a_site()
    purchase = site.buy(bar(100_00))
    event = site.told(purchase)

    with pytest.raises(PaymentRefused):
        settle_event(site.shop.id, replace(event, amount_minor=1_00), at=NOON)
    with pytest.raises(PaymentRefused):
        settle_event(site.shop.id, replace(event, currency="USD"), at=NOON)
    with pytest.raises(NotFound):
        settle_event(elsewhere.shop.id, event, at=NOON)
    with pytest.raises(NotFound):
        settle_event(site.shop.id, replace(event, reference="another"), at=NOON)

    assert site.sale(purchase).state == "open"
    with scope(business=site.shop.business):
        assert not ProviderEvent.objects.exists()


def test_what_was_declined_can_be_tried_again() -> None:
    site = a_site()
    declined = site.buy(bar(100_00))
    settle_event(site.shop.id, site.told(declined, What.FAILED), at=NOON)

    request = asked(NOON + timedelta(minutes=20))
    second = start_payment(site.shop.id, declined.sale_id, request=request)
    repeated = start_payment(site.shop.id, declined.sale_id, request=request)
    pressed_twice = start_payment(
        site.shop.id, declined.sale_id, request=asked(NOON + timedelta(minutes=21))
    )
    site.go(second)
    kept = expired(site)
    site.pays(replace(declined, online_payment_id=second), at=LATER)

    assert {second, repeated, pressed_twice} == {second}
    assert second != declined.online_payment_id
    assert kept == ["expired"], "the first one; the sale stays for the second"
    assert site.sale(declined).state == "paid"


def test_what_was_declined_and_left_is_voided() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    settle_event(site.shop.id, site.told(purchase, What.FAILED), at=NOON)

    expired(site)

    assert site.sale(purchase).state == "void"
    with pytest.raises(SaleRefused):
        start_payment(site.shop.id, purchase.sale_id, request=asked(LATER))


def test_a_refund_sends_the_money_back_by_the_provider() -> None:
    site = a_site()
    card = site.shop.a_gift_card(30_00)
    purchase = site.buy(bar(40_00), bar(60_00), pays=[by_gift_card(card, 30_00)])
    site.pays(purchase)

    refund(site.shop.id, RefundOrder(purchase.sale_id, (RefundPart(2),)), request=asked(LATER))
    first = [each.amount_minor for each in site.refunds()]
    refund(site.shop.id, RefundOrder(purchase.sale_id), request=asked(LATER))
    while give_back_next(site.shop.id, at=LATER):
        pass

    assert first == [30_00], "the gift card got its part first"
    assert [each.amount_minor for each in site.refunds()] == [30_00, 40_00]
    assert {each.state for each in site.refunds()} == {"done"}
    assert all(each.refund_payment_id for each in site.refunds())
    assert test.given_back(site.payment(purchase).reference) == 70_00


def test_a_provider_that_does_not_answer_is_asked_again_until_it_is_given_up() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    settle_event(site.shop.id, site.told(purchase), at=NOON)  # The provider itself knows nothing.
    refund(site.shop.id, RefundOrder(purchase.sale_id), request=asked(LATER))

    first = give_back_next(site.shop.id, at=LATER)
    resting = give_back_next(site.shop.id, at=LATER + timedelta(seconds=59))
    at = LATER
    for _ in range(MOST_ATTEMPTS - 1):
        at += timedelta(days=1)
        give_back_next(site.shop.id, at=at)

    (back,) = site.refunds()
    assert first is not None
    assert (first.state, first.why) == ("waiting", "not_paid")
    assert resting is None
    assert (back.state, back.attempts, back.next_try_at) == ("failed", MOST_ATTEMPTS, None)


def test_nothing_is_added_to_a_customer_by_who_only_says_to_be_them() -> None:
    site = a_site()
    first = site.buy(bar(10_00), buyer=Buyer(phone="+7 916 123-45-67"))

    second = site.buy(bar(10_00), buyer=Buyer(phone="+7 916 123-45-67", email="eve@example.org"))
    site.pays(second)

    assert first.customer_id == second.customer_id
    third = site.buy(bar(10_00), buyer=Buyer(email="eve@example.org"))
    assert third.customer_id != first.customer_id


def test_who_joined_elsewhere_meanwhile_earns_by_the_account_they_have() -> None:
    site = a_site(welcome_points=30)
    one, two = site.buy(bar(100_00)), site.buy(bar(200_00))

    site.pays(one)
    site.pays(two)

    (member,) = site.members()
    assert site.shop.holding(member.pk).available == 30 + 5 + 10


def test_contacts_of_two_people_tell_a_stranger_nothing() -> None:
    site = a_site()
    site.buy(bar(10_00), buyer=Buyer(phone="+49 151 23456789", name="Irina"))
    anna = site.buy(bar(10_00))

    both = site.buy(bar(10_00), buyer=replace(ANNA, phone="+49 151 23456789"))

    assert both.customer_id == anna.customer_id


def test_where_payments_are_switched_off_nobody_is_sent_to_the_provider() -> None:
    site = a_site()
    paid_at_a_till = site.shop.open_sale(bar(10_00))
    with scope(business=site.shop.business):
        Feature.objects.filter(code="payments").update(on=False)

    with nothing_changes(), pytest.raises(PaymentRefused, match="switched off"):
        site.buy(bar(100_00))
    with nothing_changes(), pytest.raises(PaymentRefused, match="switched off"):
        start_payment(site.shop.id, paid_at_a_till.sale_id, request=asked())
