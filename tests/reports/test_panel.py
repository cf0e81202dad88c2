"""What the till shows of an account: right at any instant, in two statements."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.members.activation import activate
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.enrolment import block
from regulars.actions.members.people import ConsentOrder, note_consent
from regulars.domain.errors import NotFound
from regulars.reports.finding import State
from regulars.reports.panel import Panel, Whose, member_panel
from tests.actions.samples import NOON as NOON_IN_BERLIN
from tests.actions.samples import a_house, asked, counted, days
from tests.actions.selling_builders import NOON, Shop, a_shop, bar, some_days
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db


def seen(shop: Shop, member_id: UUID, at: float = 0) -> Panel:
    return member_panel(shop.business, member_id, at=NOON + some_days(at))


@pytest.mark.row("C4")
def test_tells_who_it_is_without_whole_contacts() -> None:
    cinema = a_house("cinema", welcome_points=0)
    joined = cinema.enrol(
        name="Irina Sokolova",
        phone="+7 916 123 41 07",
        email="irina@example.org",
        card=CardOrder("2031 8841"),
        code_word="Amber",
        consents=("sms", "email"),
    )
    no = ConsentOrder(joined.customer_id, "email", granted=False, source="till")
    note_consent(cinema.id, no, request=asked(NOON_IN_BERLIN + days(1)))

    panel = member_panel(cinema.business, joined.member_id, at=NOON_IN_BERLIN + days(2))

    assert panel.whose == Whose(
        customer_id=joined.customer_id,
        name="Irina Sokolova",
        initials="IS",
        phone="+7 ··· ··· 41 07",
        email="i···@example.org",
        card_ending="8841",
        has_code_word=True,
        agreed=frozenset({"sms"}),
    )
    assert (panel.state, panel.available, panel.unit_many) == (State.ACTIVE, 0, "bonuses")


@pytest.mark.row("C17")
def test_tells_what_there_is_what_comes_and_what_burns_first() -> None:
    level = a_level("Guest", product=cashback(5))
    shop = a_shop(replace(level, delay_days=10, burn_days=180))
    member = shop.a_member(points=40, until=NOON + some_days(5.5))
    shop.give(member, 60, until=NOON + some_days(30))
    shop.sell(bar(1_000_00), member_id=member)

    now, later = seen(shop, member), seen(shop, member, 10)

    assert (now.available, now.expiring, now.last_day) == (100, 40, date(2026, 3, 15))
    assert (now.pending, now.coming, now.coming_day) == (50, 50, date(2026, 3, 20))
    assert (later.available, later.pending, later.coming_day) == (110, 0, None)
    assert (later.expiring, now.last_visit, now.owed) == (60, date(2026, 3, 10), 0)


@pytest.mark.row("C11")
def test_tells_the_level_that_time_has_left_and_the_next_one() -> None:
    friend = replace(a_level("Friend", 2), visits=3, visit_days=30)
    shop = a_shop(a_level("Guest"), friend)
    member = shop.a_member(level=shop.levels[1], since=NOON.date())

    held, dropped = seen(shop, member), seen(shop, member, 40)

    assert (held.level.name, held.next) == ("Friend", None)
    assert dropped.level.name == "Guest"
    assert dropped.next is not None
    assert (dropped.next.level.name, dropped.next.progress.visits) == ("Friend", 0)


@pytest.mark.row("C8")
def test_tells_which_levels_are_for_other_groups() -> None:
    cinema = a_house("cinema")
    group = cinema.a_group("Staff")
    cinema.change_terms(a_level("Guest"), replace(a_level("Staff", 2), group_id=group))
    outside = cinema.enrol().member_id
    inside = cinema.enrol(group_ids=(group,)).member_id

    panels = [member_panel(cinema.business, each, at=NOON_IN_BERLIN) for each in (outside, inside)]

    assert [panel.level.name for panel in panels] == ["Guest", "Staff"]
    assert [[level.name for level in panel.of_others] for panel in panels] == [["Staff"], []]
    assert panels[0].has_levels


@pytest.mark.row("C1")
@pytest.mark.row("C19")
def test_tells_why_an_account_earns_nothing() -> None:
    cinema = a_house("cinema", needs_confirmation=True, runs_until=NOON_IN_BERLIN + days(9))
    waits = cinema.enrol(how="staff").member_id
    blocked = cinema.enrol(how="staff").member_id
    closed = cinema.enrol(how="staff").member_id
    activate(cinema.id, blocked, request=asked())
    block(cinema.id, blocked, request=asked())
    cinema.close(closed)

    panels = [
        member_panel(cinema.business, each, at=NOON_IN_BERLIN + days(1))
        for each in (waits, blocked, closed)
    ]
    ended = member_panel(cinema.business, waits, at=NOON_IN_BERLIN + days(9))

    assert [panel.state for panel in panels] == [State.NOT_ACTIVATED, State.BLOCKED, State.NONE]
    assert [panel.is_running for panel in (*panels, ended)] == [True, True, True, False]


@pytest.mark.row("C1")
def test_nothing_runs_while_loyalty_is_off() -> None:
    shop = a_shop()
    member = shop.a_member(points=10)
    shop.switch_loyalty(on=False)

    panel = seen(shop, member)

    assert (panel.is_running, panel.loyalty_on, panel.available) == (False, False, 10)


def test_takes_two_statements() -> None:
    shop = a_shop()
    member = shop.a_member(points=10)
    seen(shop, member)  # The terms are then in memory.

    with counted() as statements:
        seen(shop, member)

    assert len(statements) == 2


def test_a_member_of_another_business_is_not_there() -> None:
    member, other = a_shop().a_member(), a_shop()

    with pytest.raises(NotFound), scope(business=other.business):
        seen(other, member)
