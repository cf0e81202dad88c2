"""Rewards at the till: which can be taken now, why not the others, and in the basket (S9)."""

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from regulars.actions.sales.orders import OrderLine
from regulars.members.models import Customer, Member
from regulars.programmes.models import Reward
from regulars.till.rewards import Shelf
from tests.actions.samples import counted
from tests.actions.selling_builders import LONG_AGO, Shop, a_shop
from tests.doors.till.pressing import Cashier, a_cashier

pytestmark = pytest.mark.django_db


@pytest.fixture
def cinema() -> Shop:
    return a_shop()


def shelf(cashier: Cashier) -> Shelf:
    """What the dialog lists."""
    sent = {"basket": cashier.basket.model_dump_json()}
    answer = cashier.client.post(reverse("till:rewards"), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    found: Shelf = answer.context["shelf"]
    return found


def known(shop: Shop, member_id: UUID) -> Cashier:
    """A cashier with a member before them."""
    cashier = a_cashier(shop.business)
    cashier.press(f"member:{member_id}")
    return cashier


def a_reward(shop: Shop, points: int, **columns: object) -> Reward:
    return shop.a_reward(shop.an_item("product", 50_00), points, **columns)


def verb(reward: Reward) -> str:
    return f"reward:{reward.pk}:{reward.item_id}"


def on_button(cashier: Cashier) -> str:
    account = cashier.press("").account
    assert account is not None
    return account.rewards


@pytest.mark.row("S9", door="web")
def test_what_can_be_taken_now_comes_first_and_the_rest_says_why_not(cinema: Shop) -> None:
    dear, cheap, first = a_reward(cinema, 300), a_reward(cinema, 90), a_reward(cinema, 10)
    member_id = cinema.a_member(250)
    cinema.sell(OrderLine(item_id=first.item_id), member_id=member_id)
    points = cinema.holding(member_id, timezone.now()).available
    cashier = known(cinema, member_id)

    found = shelf(cashier)

    assert [row.verb for row in found.now] == [verb(cheap)]
    assert [(row.verb, row.why_not) for row in found.others] == [
        (verb(first), "They have had it, and it is for the first time only."),
        (verb(dear), f"{300 - points} bonuses are missing."),
    ]
    assert on_button(cashier) == "1 reward"


@pytest.mark.row("S9", door="web")
def test_a_reward_costs_nothing_earns_nothing_and_can_be_taken_out(cinema: Shop) -> None:
    reward = a_reward(cinema, 90)
    member_id = cinema.a_member(100)
    cashier = known(cinema, member_id)

    screen = cashier.press(verb(reward))

    (row,) = screen.rows
    assert (row.note, row.price, row.earns, row.is_reward) == (
        "Reward, 90 bonuses",
        "0.00",
        "0",
        True,
    )
    assert cashier.press("remove:0").rows == ()


@pytest.mark.row("S9", door="web")
def test_a_reward_that_is_taken_takes_its_points(cinema: Shop) -> None:
    reward = a_reward(cinema, 90)
    member_id = cinema.a_member(100)
    cashier = known(cinema, member_id)
    screen = cashier.press(verb(reward))

    done = cashier.press("pay", seen=screen.seen)

    assert done.stage == "done"
    assert cinema.holding(member_id, timezone.now()).available == 10


def test_the_basket_counts_rewards_in_it_and_points_that_pay(cinema: Shop) -> None:
    one, two = a_reward(cinema, 60), a_reward(cinema, 50)
    cashier = known(cinema, cinema.a_member(100))
    cashier.press(verb(one))

    found = shelf(cashier)

    assert found.now == ()
    assert [row.why_not for row in found.others] == [
        "10 bonuses are missing.",
        "It is in the basket, and for the first time only.",
    ]
    assert on_button(cashier) == "Rewards"
    cashier.press("remove:0")
    cashier.press(f"add:{two.item_id}")
    assert on_button(cashier) == "2 rewards"
    cashier.press("", points_most="50", take="on")
    assert (cashier.basket.points, on_button(cashier)) == (50, "1 reward")


@pytest.mark.row("S7", door="web")
@pytest.mark.row("S8", door="web")
def test_a_reward_for_any_time_and_for_who_may_take_any_is_taken_again(cinema: Shop) -> None:
    first = a_reward(cinema, 10)
    any_time = a_reward(cinema, 20, first_time_only=False)
    member_id = cinema.a_member(250)
    for reward in (first, any_time):
        cinema.sell(OrderLine(item_id=reward.item_id), member_id=member_id)
    cashier = known(cinema, member_id)
    before = [row.verb for row in shelf(cashier).now]

    with scope(business=cinema.business):
        bound = Member.objects.get(pk=member_id).customer_id
        Customer.objects.filter(pk=bound).update(reward_rule_lifted=True)

    assert before == [verb(any_time)]
    assert [row.verb for row in shelf(cashier).now] == [verb(first), verb(any_time)]
    assert on_button(cashier) == "2 rewards"


@pytest.mark.row("S10", door="web")
def test_an_archived_reward_is_not_offered_and_leaves_the_basket(cinema: Shop) -> None:
    kept, gone = a_reward(cinema, 10), a_reward(cinema, 20)
    cashier = known(cinema, cinema.a_member(100))
    cashier.press(verb(gone))
    cashier.press(verb(kept))
    with scope(business=cinema.business):
        Reward.objects.filter(pk=gone.pk).update(archived_at=timezone.now())

    said = cashier.said("")

    assert "“Product” was taken out of the basket. This reward is not given any more." in said
    assert [line.reward_id for line in cashier.basket.lines] == [kept.pk]
    assert [row.verb for row in shelf(cashier).others] == [verb(kept)]


def test_only_the_reward_for_which_points_no_longer_suffice_leaves_the_basket(
    cinema: Shop,
) -> None:
    dear, cheap = a_reward(cinema, 80), a_reward(cinema, 20)
    tea = cinema.an_item("product", 30_00)
    member_id = cinema.a_member(100)
    cashier = known(cinema, member_id)
    for press in (verb(dear), f"add:{tea.pk}", verb(cheap)):
        cashier.press(press)
    cinema.sell(OrderLine(item_id=tea.pk), member_id=member_id, points=30, at=timezone.now())

    said = cashier.said("")

    assert "too few bonuses" in said
    assert [line.reward_id for line in cashier.basket.lines] == [None, cheap.pk]


@pytest.mark.parametrize(
    "columns", [{"blocked_at": LONG_AGO}, {"activated_at": None}], ids=["blocked", "not activated"]
)
def test_an_account_that_spends_nothing_says_so_for_each_reward(
    cinema: Shop, columns: dict[str, Any]
) -> None:
    a_reward(cinema, 10)
    cashier = known(cinema, cinema.a_member(100, **columns))

    (row,) = shelf(cashier).others

    assert "This account is" in row.why_not
    assert on_button(cashier) == "Rewards"


def test_a_programme_that_does_not_run_gives_none(cinema: Shop) -> None:
    a_reward(cinema, 10)
    cinema.switch_loyalty(on=False)
    cashier = known(cinema, cinema.a_member(100))

    assert shelf(cashier).now == ()
    assert on_button(cashier) == "Rewards"


def test_who_is_no_member_is_offered_none(cinema: Shop) -> None:
    reward = a_reward(cinema, 10)
    cashier = a_cashier(cinema.business)

    assert shelf(cashier) == Shelf((), ())
    assert "needs a member" in cashier.said(verb(reward))
    assert cashier.basket.lines == ()


def test_somebody_else_does_not_get_what_another_took(cinema: Shop) -> None:
    cashier = known(cinema, cinema.a_member(100))
    cashier.press(verb(a_reward(cinema, 10)))

    cashier.press(f"member:{cinema.a_member(0)}")

    assert cashier.basket.lines == ()


@pytest.mark.parametrize("basket", ["", "{", '{"member_id": "x"}'])
def test_a_basket_of_no_sense_is_a_sentence(cinema: Shop, basket: str) -> None:
    cashier = a_cashier(cinema.business)

    answer = cashier.client.post(reverse("till:rewards"), {"basket": basket})

    assert answer.status_code == 200
    assert "could not be read" in answer.content.decode()


def test_a_member_of_another_business_is_not_there(cinema: Shop) -> None:
    cashier = a_cashier(cinema.business)
    stranger = a_shop().a_member(100)
    cashier.basket = cashier.basket.but(member_id=stranger, stage="sale")

    assert shelf(cashier) == Shelf((), ())


def test_a_programme_without_rewards_is_asked_for_none(cinema: Shop) -> None:
    cashier = known(cinema, cinema.a_member(100))
    with counted() as without:
        assert on_button(cashier) == ""
    a_reward(cinema, 300)

    with counted() as beyond_reach:
        assert on_button(cashier) == "Rewards"
    a_reward(cinema, 10)
    with counted() as in_reach:
        assert on_button(cashier) == "1 reward"

    assert len(without) == len(beyond_reach) == len(in_reach) - 1
