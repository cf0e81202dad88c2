"""People meet over one phone number, one card, one visit: one wins, nobody sees an error."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.cards import CardOrder, assign_card
from regulars.actions.members.enrolment import EnrolOrder, enrol
from regulars.actions.members.passcodes import (
    activate_with_code,
    activation_code,
    send_activation_code,
)
from regulars.actions.members.referrals import note_referral
from regulars.domain.errors import Refusal
from regulars.members.models import Customer, Member, Referral
from tests.actions.samples import NOON, a_house, a_visit, asked, credited, days
from tests.books import assert_books_are_right

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 16

T = TypeVar("T")


def at_once(actions: Sequence[Callable[[], T]]) -> list[T | str]:
    """Do all at the same moment; gives each one's answer, or the code and reason of its refusal."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], T]) -> T | str:
        barrier.wait()
        try:
            return action()
        except Refusal as refusal:
            return f"{refusal.code} {getattr(refusal, 'why', '')}".strip()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


@pytest.mark.row("C15")
def test_a_phone_number_that_many_bring_at_once_belongs_to_one() -> None:
    house = a_house("cinema")

    answers = at_once([lambda: house.enrol(phone="0151 23456789")] * THREADS)

    told = Counter(answer if isinstance(answer, str) else "joined" for answer in answers)
    assert told == {"joined": 1, "enrolment_refused contact_taken": THREADS - 1}
    with scope(business=house.business):
        assert Customer.objects.count() == Member.objects.count() == 1
    assert_books_are_right()


@pytest.mark.row("C4")
def test_one_request_to_join_sent_many_times_at_once_is_done_once() -> None:
    house = a_house("cinema")
    card = CardOrder(generate_number=True, generate_secret=True)
    order = EnrolOrder(house.programme.pk, "till", phone="0151 23456789", card=card)
    request = asked()

    answers = at_once([lambda: enrol(house.id, order, request=request)] * THREADS)

    assert len(set(answers)) == 1
    assert not isinstance(answers[0], str)
    with scope(business=house.business):
        assert Member.objects.count() == 1
    assert_books_are_right()


@pytest.mark.row("C18")
def test_a_card_scanned_for_many_at_once_is_given_to_one() -> None:
    house = a_house("salon")
    members = [house.enrol().member_id for _ in range(THREADS)]

    answers = at_once(
        [
            lambda member_id=member_id: assign_card(  # type: ignore[misc]
                house.id, member_id, CardOrder("A1"), request=asked()
            )
            for member_id in members
        ]
    )

    assert Counter(map(str, answers))["enrolment_refused card_taken"] == THREADS - 1


@pytest.mark.row("B6")
def test_many_workers_credit_one_visit_once() -> None:
    house = a_house("studio")
    joined = house.enrol(at=NOON - days(2))
    visit = a_visit(house, joined.customer_id, points=15)

    answers = at_once([lambda: credited(house, visit)] * THREADS)

    assert len(set(answers)) == 1
    assert house.balance(joined.member_id) == 15
    assert_books_are_right()


@pytest.mark.row("S12")
def test_referrals_noted_at_once_close_no_circle() -> None:
    house = a_house("salon")
    people = [house.enrol().customer_id for _ in range(4)]
    pairs = [*zip(people, [*people[1:], people[0]], strict=True)]

    answers = at_once(
        [
            lambda pair=pair: note_referral(house.id, *pair, request=asked())  # type: ignore[misc]
            for pair in pairs
        ]
    )

    assert Counter(map(str, answers))["referral_refused circle"] == 1
    with scope(business=house.business):
        assert Referral.objects.count() == 3


@pytest.mark.row("f")
def test_of_many_deductions_of_more_than_half_one_is_made() -> None:
    house = a_house("studio")
    member_id = house.enrol().member_id
    adjust(house.id, AdjustOrder(member_id, 100, "Start"), request=asked(NOON, house.owner))
    order = AdjustOrder(member_id, -51, "Back")

    answers = at_once([lambda: adjust(house.id, order, request=asked(NOON, house.owner))] * THREADS)

    assert sum(isinstance(answer, str) for answer in answers) == THREADS - 1
    assert house.balance(member_id) == 49
    assert_books_are_right()


@pytest.mark.row("C19")
def test_a_code_that_many_guess_at_once_is_looked_at_five_times() -> None:
    house = a_house("cinema")
    house.change_terms(needs_confirmation=True, confirm_by="code")
    joined = house.enrol(email="irina@example.org")
    code_id = send_activation_code(house.id, joined.member_id, request=asked()).id
    right = int(activation_code(code_id))
    guesses = [f"{(right + 1 + guess) % 10**6:06}" for guess in range(THREADS)]

    answers = at_once(
        [
            lambda guess=guess: activate_with_code(  # type: ignore[misc]
                house.id, joined.member_id, guess, request=asked()
            )
            for guess in guesses
        ]
    )

    assert Counter(answers) == {
        "passcode_refused wrong": 5,
        "passcode_refused too_many_tries": THREADS - 5,
    }


@pytest.mark.row("C19")
def test_a_right_code_told_many_times_at_once_activates_once() -> None:
    house = a_house("cinema", welcome_points=100)
    house.change_terms(needs_confirmation=True, confirm_by="code")
    joined = house.enrol(email="irina@example.org")
    code = activation_code(send_activation_code(house.id, joined.member_id, request=asked()).id)

    answers = at_once(
        [lambda: activate_with_code(house.id, joined.member_id, code, request=asked())] * THREADS
    )

    assert len([answer for answer in answers if not isinstance(answer, str)]) == 1
    assert house.balance(joined.member_id) == 100
    assert_books_are_right()
