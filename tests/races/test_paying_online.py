"""One payment online, told of and given up in the same instant: it counts once, or goes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.giving_back import give_back_next
from regulars.actions.sales.checkout import PaymentOrder, pay
from regulars.actions.sales.settling import Settled, settle_event
from regulars.sales.models import ProviderEvent
from regulars.sales.providers import What, test
from tests.actions.paying_online import Online, expire_payments, online
from tests.actions.selling_builders import NOON, a_shop, asked, bar, in_cash
from tests.races.test_races import THREADS, at_once, told

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _with_the_test_provider(settings: Settings) -> None:
    settings.PAYMENTS = "test"


def a_site() -> Online:
    return online(a_shop(welcome_points=30))


@pytest.mark.parametrize("same", [True, False], ids=["one event", "events of other ids"])
def test_of_32_equal_webhooks_one_pays(*, same: bool) -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    event = site.told(purchase)
    events = [event if same else replace(event, id=f"evt {n}") for n in range(THREADS)]

    answers = at_once([partial(settle_event, site.shop.id, each, at=NOON) for each in events])

    (member,) = site.members()
    assert told(answers) == {"done": THREADS}
    assert site.paid_with(purchase) == [("online", 100_00)]
    assert site.shop.holding(member.pk).balance == 30 + 5
    assert site.refunds() == []
    with scope(business=site.shop.business):
        assert ProviderEvent.objects.count() == (1 if same else THREADS)


def test_a_webhook_and_the_end_of_the_time_have_one_winner() -> None:
    site = a_site()
    purchases = [site.buy(bar(10_00)) for _ in range(8)]
    events = [site.told(purchase) for purchase in purchases]

    def give_up() -> list[Settled]:
        return list(expire_payments(site.shop.id, at=LATER))

    settling: list[Callable[[], object]] = [
        partial(settle_event, site.shop.id, event, at=LATER) for event in events
    ]
    at_once([*settling, *[give_up] * 4])

    for purchase in purchases:
        is_paid = site.sale(purchase).state == "paid"
        assert site.paid_with(purchase) == ([("online", 10_00)] if is_paid else [])
        assert site.payment(purchase).state == ("paid" if is_paid else "returned")
    paid = sum(site.sale(purchase).state == "paid" for purchase in purchases)
    assert len(site.refunds()) == len(purchases) - paid
    assert len(site.members()) == (1 if paid else 0)


def test_a_webhook_and_a_payment_at_the_till_take_the_sale_once() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    event = site.told(purchase)
    order = PaymentOrder(purchase.sale_id, tuple(in_cash(100_00)))
    at_till: Callable[[], object] = lambda: pay(site.shop.id, order, request=asked())  # noqa: E731
    online_: Callable[[], object] = partial(settle_event, site.shop.id, event, at=NOON)

    at_once([at_till, online_] * 8)

    (paid,) = site.paid_with(purchase)
    back = [each.amount_minor for each in site.refunds()]
    assert (paid, back) in [(("online", 100_00), []), (("cash", 100_00), [100_00])]
    assert len(site.members()) == 1


def test_many_workers_ask_for_a_refund_once() -> None:
    site = a_site()
    purchase = site.buy(bar(100_00))
    list(expire_payments(site.shop.id, at=LATER))
    test.end(site.payment(purchase).reference, What.PAID)
    settle_event(site.shop.id, site.told(purchase), at=LATER)

    done = at_once([partial(give_back_next, site.shop.id, at=LATER)] * 8)

    (back,) = site.refunds()
    assert sum(each is not None for each in done) == 1
    assert (back.state, back.attempts) == ("done", 1)
