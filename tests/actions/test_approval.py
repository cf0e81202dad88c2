"""Limits of staff on refunds and on points by hand, and who may approve more."""

from dataclasses import replace
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.sales.orders import SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.business.models import Business
from regulars.domain.errors import NotAllowed, RequestIdReused
from regulars.ledger.models import Operation
from regulars.ledger.posting import Request
from regulars.rows import new_id
from tests.actions.samples import House, a_house, a_staff
from tests.actions.selling_builders import Shop, a_shop, asked, bar, by_gift_card, in_cash
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def studio() -> House:
    return a_house("studio", welcome_points=0)


def staff(shop: Shop, role: str, limit_minor: int | None = None, **columns: object) -> UUID:
    return a_staff(shop.business, role, refund_limit_minor=limit_minor, **columns)


def by(actor: UUID | None) -> Request:
    return replace(asked(), actor=actor)


def give_back(
    shop: Shop, sale: SaleOutcome, actor: UUID | None, *parts: RefundPart, **rest: object
) -> UUID:
    order = RefundOrder(sale.sale_id, parts, **rest)  # type: ignore[arg-type]
    done = refund(shop.id, order, request=by(actor)).operation_id
    assert done is not None
    return done


def allowed_of(business: Business, operation_id: UUID) -> object:
    with scope(business=business):
        return Operation.objects.get(pk=operation_id).explanation.get("allowed")


def test_a_cashier_refunds_up_to_the_limit_and_no_more(shop: Shop) -> None:
    cashier, card = staff(shop, "cashier", 50_00), shop.a_gift_card(30_00)
    sale = shop.sell(bar(100_00), pays=[by_gift_card(card, 30_00)])

    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        give_back(shop, sale, cashier, RefundPart(1, value_minor=50_01))
    done = give_back(shop, sale, cashier, RefundPart(1, value_minor=50_00))

    assert refused.value.why == "above_limit"
    assert "higher limit" in str(refused.value)
    assert allowed_of(shop.business, done) == {"limit": 50_00}


def test_points_that_return_do_not_count_against_the_limit(shop: Shop) -> None:
    cashier, member = staff(shop, "cashier", 30_00), shop.a_member(points=70)
    sale = shop.sell(bar(100_00), member_id=member, points=70)

    give_back(shop, sale, cashier)

    assert shop.holding(member).balance == 70


@pytest.mark.parametrize("role", ["cashier", "manager", "owner"])
def test_without_a_limit_anybody_refunds_any_sum_and_so_does_a_key(shop: Shop, role: str) -> None:
    for actor in (staff(shop, role), None):
        done = give_back(shop, shop.sell(bar(1000_00)), actor)

        assert allowed_of(shop.business, done) is None


@pytest.mark.parametrize(("role", "limit"), [("owner", None), ("manager", 100_00)])
def test_above_the_limit_somebody_else_approves(shop: Shop, role: str, limit: int | None) -> None:
    cashier, approver = staff(shop, "cashier", 50_00), staff(shop, role, limit)

    done = give_back(shop, shop.sell(bar(100_00)), cashier, approver=approver)

    assert allowed_of(shop.business, done) == {"limit": 50_00, "approver": str(approver)}


def test_not_everybody_can_approve(shop: Shop) -> None:
    cashier, manager = staff(shop, "cashier", 50_00), staff(shop, "manager", 50_00)
    sale = shop.sell(bar(100_00))
    refused = [
        (cashier, cashier, "own_approval"),
        (manager, manager, "own_approval"),
        (cashier, manager, "approver_limit"),
        (cashier, staff(shop, "cashier"), "approver_role"),
        (cashier, staff(shop, "owner", is_active=False), "no_approver"),
        (cashier, staff(a_shop(), "owner"), "no_approver"),
        (cashier, new_id(), "no_approver"),
        (None, manager, "no_staff"),
        (new_id(), None, "no_staff"),
        (staff(a_shop(), "owner"), None, "no_staff"),
    ]

    with nothing_changes():
        for actor, approver, why in refused:
            with pytest.raises(NotAllowed) as refusal:
                give_back(shop, sale, actor, approver=approver)
            assert refusal.value.why == why


def test_who_approved_is_part_of_what_was_asked_for(shop: Shop) -> None:
    cashier, owner = staff(shop, "cashier", 50_00), staff(shop, "owner")
    order = RefundOrder(shop.sell(bar(100_00)).sale_id, approver=owner)
    request = by(cashier)

    first = refund(shop.id, order, request=request)
    with nothing_changes():
        again = refund(shop.id, order, request=request)
        with pytest.raises(RequestIdReused):
            refund(shop.id, replace(order, approver=None), request=request)

    assert first == again


def test_an_open_sale_is_voided_whatever_the_limit(shop: Shop) -> None:
    cashier = staff(shop, "cashier", 0)
    sale = shop.open_sale(bar(100_00), pays=in_cash(60_00))

    void(shop.id, sale.sale_id, request=by(cashier))

    assert shop.sale(sale).state == "void"


@pytest.mark.row("B13")
@pytest.mark.parametrize(("role", "limit"), [("owner", None), ("manager", 100)])
@pytest.mark.parametrize("points", [100, -100])
def test_points_above_the_limit_are_changed_where_somebody_else_approves(
    studio: House, role: str, limit: int | None, points: int
) -> None:
    member_id = studio.enrol().member_id
    adjust(studio.id, AdjustOrder(member_id, 100, "Hello"), request=by(studio.owner))
    cashier = studio.a_staff("cashier", adjust_limit_points=20)
    approver = studio.a_staff(role, adjust_limit_points=limit)
    order = AdjustOrder(member_id, points, "Sorry", approver=approver)

    done = adjust(studio.id, order, request=by(cashier))

    assert studio.balance(member_id) == 100 + points
    noted = allowed_of(studio.business, done.operation_id)
    assert noted == {"limit": 20, "approver": str(approver)}


@pytest.mark.row("B13")
def test_not_everybody_can_approve_points(studio: House) -> None:
    member_id = studio.enrol().member_id
    cashier = studio.a_staff("cashier", adjust_limit_points=20)
    manager = studio.a_staff("manager", adjust_limit_points=99)
    refused = [
        (cashier, None, "above_limit"),
        (cashier, cashier, "own_approval"),
        (manager, manager, "own_approval"),
        (cashier, manager, "approver_limit"),
        (cashier, studio.a_staff("cashier", adjust_limit_points=1000), "approver_role"),
        (cashier, a_house("studio").owner, "no_approver"),
        (studio.a_staff("cashier"), studio.owner, "role"),
    ]

    with nothing_changes():
        for actor, approver, why in refused:
            order = AdjustOrder(member_id, 100, "Sorry", approver=approver)
            with pytest.raises(NotAllowed) as refusal:
                adjust(studio.id, order, request=by(actor))
            assert refusal.value.why == why
