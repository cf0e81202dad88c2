"""A salon where only a card that is shown earns (S4): the till knows by what somebody was found."""

import pytest
from django_scopes import scope

from regulars.members.models import Card
from tests.actions.selling_builders import NOON, Shop, a_salon
from tests.doors.till.pressing import a_cashier

pytestmark = pytest.mark.django_db


@pytest.fixture
def salon() -> Shop:
    return a_salon(needs_card_presented=True)


@pytest.mark.row("S4", door="web")
def test_a_purchase_earns_once_the_card_was_scanned(salon: Shop) -> None:
    member, item = salon.a_member(), salon.an_item("service", 100_00)
    with scope(business=salon.business):
        Card.objects.create(
            business=salon.business, member_id=member, number="4711", issued_at=NOON
        )
    cashier = a_cashier(salon.business)

    cashier.press(f"member:{member}")
    without = cashier.press(f"add:{item.pk}")
    shown = cashier.press("scan", q="4711")
    assert shown.pay is not None
    paid = cashier.press("pay", seen=shown.seen)

    assert without.account is not None
    assert without.account.notice is not None
    assert "Scan it" in without.account.notice.text
    assert without.pay is not None
    assert [without.pay.will_earn, shown.pay.will_earn] == ["0 points", "100 points"]
    assert shown.account is not None
    assert shown.account.notice is None
    assert paid.done is not None
    assert "100 points earned" in paid.done.facts


def test_somebody_else_has_not_shown_the_card_of_the_first_one(salon: Shop) -> None:
    first, second = salon.a_member(), salon.a_member()
    with scope(business=salon.business):
        Card.objects.create(business=salon.business, member_id=first, number="4711", issued_at=NOON)
    cashier = a_cashier(salon.business)

    cashier.press("scan", q="4711")
    assert cashier.basket.card_presented
    cashier.press(f"member:{second}")

    assert not cashier.basket.card_presented
