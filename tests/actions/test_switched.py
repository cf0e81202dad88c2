"""What is switched off is refused by the actions themselves, whichever door asks."""

from datetime import timedelta
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.giftcards.cards import activate_gift_card, issue_gift_card
from regulars.actions.giftcards.for_points import CardForPoints, take_gift_card_for_points
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.login_codes import send_login_code
from regulars.actions.requests import Request
from regulars.actions.sales.checkout import PaymentOrder, checkout, pay
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder
from regulars.actions.sales.refunds import refund
from regulars.actions.setup.features import switch_feature
from regulars.domain.errors import (
    AdjustmentRefused,
    CouponRefused,
    GiftCardRefused,
    LineRefused,
    MemberCannotSpend,
    PasscodeRefused,
    PaymentRefused,
)
from regulars.giftcards.models import Coupon, GiftCardKind
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

BAR = OrderLine(kind="product", name="Cola", price_minor=20_00)
CASH = OrderPayment("cash", 20_00)


@pytest.fixture
def cinema() -> House:
    return a_house("cinema", welcome_points=0)


def turn(house: House, code: str, *, on: bool, after: timedelta = timedelta()) -> None:
    switch_feature(house.id, code, on=on, request=asked(NOON + after, house.owner))


def off(house: House, *codes: str) -> None:
    for code in ("loyalty", *codes):
        turn(house, code, on=False)


def buy(
    house: House, *payments: OrderPayment, after: timedelta = timedelta(), **rest: object
) -> SaleOutcome:
    order = Order(lines=(BAR,), payments=payments or (CASH,), **rest)  # type: ignore[arg-type]
    return checkout(house.id, order, request=asked(NOON + after))


def a_gift_card(house: House, *, active: bool = True) -> UUID:
    issued = issue_gift_card(
        house.business, kind=None, value_minor=50_00, active=active, request=asked()
    )
    return issued.id


def a_kind(house: House, **columns: object) -> GiftCardKind:
    with scope(business=house.business):
        return GiftCardKind.objects.create(
            business=house.business, name="Fifty", value_minor=50_00, **columns
        )


@pytest.mark.row("B1")
def test_nothing_is_earned_or_spent_while_loyalty_is_off_and_every_balance_stays(
    cinema: House,
) -> None:
    member_id = cinema.enrol().member_id
    adjust(cinema.id, AdjustOrder(member_id, 90, "Gift"), request=asked(NOON, cinema.owner))
    kind = a_kind(cinema, by_points=True, points_price=80)
    off(cinema)

    sold = buy(cinema, member_id=member_id)
    with nothing_changes():
        with pytest.raises(MemberCannotSpend):
            buy(cinema, OrderPayment("points", points=1), member_id=member_id)
        with pytest.raises(MemberCannotSpend):
            take_gift_card_for_points(cinema.id, CardForPoints(member_id, kind.pk), request=asked())
        with pytest.raises(AdjustmentRefused):
            adjust(cinema.id, AdjustOrder(member_id, 5, "Gift"), request=asked(NOON, cinema.owner))

    assert (sold.earned, cinema.balance(member_id)) == (0, 90)
    turn(cinema, "loyalty", on=True, after=days(1))
    assert buy(cinema, member_id=member_id, after=days(1)).earned > 0


@pytest.mark.row("B1")
def test_what_was_paid_while_loyalty_was_off_earns_nothing_when_it_is_told_later(
    cinema: House,
) -> None:
    member_id = cinema.enrol(at=NOON - days(3)).member_id
    turn(cinema, "loyalty", on=False, after=-days(2))
    turn(cinema, "loyalty", on=True, after=-days(1))

    def told_late(paid: timedelta) -> int:
        order = Order(lines=(BAR,), payments=(CASH,), member_id=member_id)
        request = Request(new_id(), NOON + paid, recorded_at=NOON)
        return checkout(cinema.id, order, request=request).earned

    before, meanwhile, after = (told_late(-days(each)) for each in (2.5, 1.5, 0.5))

    assert before == after > 0
    assert meanwhile == 0


@pytest.mark.row("B1")
def test_a_purchase_that_is_completed_while_loyalty_is_off_earns_nothing(cinema: House) -> None:
    member_id = cinema.enrol().member_id
    half = OrderPayment("cash", 10_00)
    opened = buy(cinema, half, member_id=member_id)
    off(cinema)

    paid = pay(cinema.id, PaymentOrder(opened.sale_id, (half,)), request=asked())
    turn(cinema, "loyalty", on=True, after=days(1))

    assert (paid.state, paid.earned, cinema.balance(member_id)) == ("paid", 0, 0)


@pytest.mark.row("B1")
def test_without_gift_cards_none_is_given_out_and_those_that_there_are_still_pay(
    cinema: House,
) -> None:
    card, waiting = a_gift_card(cinema), a_gift_card(cinema, active=False)
    member_id = cinema.enrol().member_id
    kind = a_kind(cinema, by_points=True, points_price=1)
    off(cinema, "gift_cards")

    with nothing_changes():
        with pytest.raises(GiftCardRefused) as refused:
            a_gift_card(cinema)
        with pytest.raises(GiftCardRefused) as by_points:
            take_gift_card_for_points(cinema.id, CardForPoints(member_id, kind.pk), request=asked())
        for line in (
            OrderLine(gift_card_kind_id=kind.pk),
            OrderLine(kind="gift_card", name="Card", price_minor=20_00),
        ):
            with pytest.raises(LineRefused) as not_sold:
                checkout(cinema.id, Order(lines=(line,)), request=asked())
            assert not_sold.value.why == "no_gift_cards"

    assert (refused.value.why, by_points.value.why) == ("switched_off", "switched_off")
    by_card = OrderPayment("gift_card", 20_00, gift_card_id=card)
    sold = buy(cinema, by_card)
    assert sold.state == "paid"
    refund(cinema.id, RefundOrder(sold.sale_id), request=asked())
    activate_gift_card(cinema.business, waiting, request=asked())


@pytest.mark.row("B1")
def test_without_coupons_none_is_taken(cinema: House) -> None:
    with scope(business=cinema.business):
        Coupon.objects.create(business=cinema.business, code="TEN", name="Ten", percent_ppm=100_000)
    off(cinema, "coupons")

    with nothing_changes(), pytest.raises(CouponRefused) as refused:
        buy(cinema, coupon_code="ten")

    assert refused.value.why == "switched_off"
    turn(cinema, "coupons", on=True, after=days(1))
    lower = OrderPayment("cash", 18_00)
    assert buy(cinema, lower, after=days(1), coupon_code="ten").state == "paid"


@pytest.mark.row("B1")
def test_without_payments_none_is_taken_and_what_was_paid_is_given_back(cinema: House) -> None:
    sold = buy(cinema)
    half = OrderPayment("cash", 10_00)
    opened = buy(cinema, half)
    off(cinema, "payments")

    with nothing_changes():
        with pytest.raises(PaymentRefused) as refused:
            buy(cinema)
        with pytest.raises(PaymentRefused):
            pay(cinema.id, PaymentOrder(opened.sale_id, (half,)), request=asked())

    assert refused.value.why == "switched_off"
    refund(cinema.id, RefundOrder(sold.sale_id), request=asked())


@pytest.mark.row("B1")
def test_without_customer_login_no_code_to_sign_in_is_sent(cinema: House) -> None:
    off(cinema, "customer_login")

    with nothing_changes(), pytest.raises(PasscodeRefused) as refused:
        send_login_code(cinema.id, "email", "irina@example.org", request=asked())

    assert refused.value.why == "switched_off"
