"""Tabs and browsers that sign in at the same moment."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django_scopes import scope

from regulars.actions.members.erasing import erase_customer
from regulars.actions.members.login_codes import login_code, send_login_code
from regulars.actions.members.proving import begin_anew, send_proof_code, sign_in_with_proof
from regulars.actions.members.sessions import SignedIn
from regulars.actions.members.signing_in import (
    CodeTold,
    OnDevice,
    ToProve,
    sign_in_with_code,
)
from regulars.members.models import Contact, Customer, CustomerSession, LoginCode
from tests.actions.samples import House, a_house, asked
from tests.actions.signing_in import PHONE, VERA, claim, send, sign_in, tell, wrong
from tests.races.test_people import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TABS = 5
"""As many as a code may be told."""


def test_of_many_tabs_with_one_code_one_signs_in() -> None:
    house = a_house("studio")
    house.enrol(email=VERA)
    sent = send(house, VERA)

    answers = at_once([lambda: tell(house, sent)] * TABS)

    told = Counter(answer if isinstance(answer, str) else "in" for answer in answers)
    assert told == {"in": 1, "passcode_refused expired": TABS - 1}
    with scope(business=house.business):
        assert CustomerSession.objects.count() == 1


def test_one_request_sent_many_times_signs_in_once() -> None:
    house = a_house("studio")
    house.enrol(email=VERA)
    sent, request = send(house, VERA), asked()
    told = CodeTold(sent.id, login_code(sent.id))

    answers = at_once([lambda: sign_in_with_code(house.id, told, request=request)] * TABS)

    done = [answer for answer in answers if not isinstance(answer, str)]
    assert len(set(done)) == 1
    with scope(business=house.business):
        assert CustomerSession.objects.count() == 1


def test_a_contact_that_is_nobodys_makes_one_customer_however_many_browsers_tell_its_codes() -> (
    None
):
    house = a_house("studio")
    codes = [send(house, VERA) for _ in range(4)]

    answers = at_once([lambda sent=sent: tell(house, sent) for sent in codes])  # type: ignore[misc]

    assert len({answer.customer_id for answer in answers if not isinstance(answer, str)}) == 1
    with scope(business=house.business):
        assert Customer.objects.count() == Contact.objects.count() == 1
        assert CustomerSession.objects.count() == 4


def test_guessing_at_once_gets_no_more_tries() -> None:
    house = a_house("studio")
    sent = send(house, VERA)

    answers = at_once([lambda: tell(house, sent, wrong(sent))] * 20)

    told = Counter(map(str, answers))
    assert told == {"passcode_refused wrong": 5, "passcode_refused too_many_tries": 15}


def test_asking_at_once_gets_no_more_codes() -> None:
    house = a_house("studio")

    at_once([lambda: send_login_code(house.id, "email", VERA, request=asked())] * 20)

    with scope(business=house.business):
        assert LoginCode.objects.count() == 5


def a_shared_account() -> House:
    """The phone was shown to be somebody's, the e-mail address only named."""
    house = a_house("studio")
    house.enrol(email=VERA, phone=PHONE)
    sign_in(house, PHONE)
    return house


def test_of_two_contacts_of_which_nothing_was_shown_one_opens_the_account() -> None:
    house = a_house("studio")
    house.enrol(email=VERA, phone=PHONE)
    told = [
        CodeTold(sent.id, login_code(sent.id)) for sent in (send(house, VERA), send(house, PHONE))
    ]

    answers = at_once(
        [lambda each=each: sign_in_with_code(house.id, each, request=asked()) for each in told]  # type: ignore[misc]
    )

    assert Counter(type(answer) for answer in answers) == {SignedIn: 1, ToProve: 1}
    with scope(business=house.business):
        assert Contact.objects.filter(verified_at__isnull=False).count() == 1


def test_of_many_devices_that_begin_anew_one_does() -> None:
    house = a_shared_account()
    claims = [claim(house, VERA) for _ in range(4)] * 3

    answers = at_once(
        [
            partial(begin_anew, house.id, each.code_id, OnDevice(), request=asked())
            for each in claims
        ]
    )

    told = Counter(answer if isinstance(answer, str) else "in" for answer in answers)
    assert told == {"in": 1, "passcode_refused expired": 11}
    with scope(business=house.business):
        assert Customer.objects.count() == 2
        assert Contact.objects.filter(value=VERA, released_at__isnull=True).count() == 1


def test_whoever_shows_it_and_begins_anew_at_once_does_one_of_them() -> None:
    house = a_shared_account()
    with scope(business=house.business):
        to = Contact.objects.get(value=PHONE).pk
    one, other = claim(house, VERA), claim(house, VERA)
    sent = send_proof_code(house.id, one.code_id, to, request=asked())
    proof = CodeTold(sent.id, login_code(sent.id))

    answers = at_once(
        [
            lambda: sign_in_with_proof(house.id, one.code_id, proof, request=asked()),
            lambda: begin_anew(house.id, other.code_id, OnDevice(), request=asked()),
        ]
    )

    assert [answer for answer in answers if isinstance(answer, str)] == ["passcode_refused expired"]
    with scope(business=house.business):
        held = Contact.objects.get(value=VERA, released_at__isnull=True)
        (done,) = (each for each in answers if not isinstance(each, str))
        assert held.customer_id == done.customer_id
        assert held.verified_at is not None


def test_one_request_to_begin_anew_sent_many_times_makes_one_customer() -> None:
    house = a_shared_account()
    told, request = claim(house, VERA), asked()

    answers = at_once(
        [lambda: begin_anew(house.id, told.code_id, OnDevice(), request=request)] * TABS
    )

    assert len({each for each in answers if not isinstance(each, str)}) == 1
    with scope(business=house.business):
        assert Customer.objects.count() == 2


def test_who_is_erased_while_they_go_on_is_gone_and_nobody_waits_for_each_other() -> None:
    house = a_house("studio")
    gone = house.enrol(email=VERA, phone=PHONE).customer_id
    sign_in(house, PHONE)
    claims = [claim(house, VERA) for _ in range(4)]

    erases = partial(erase_customer, house.id, gone, by_customer=True, request=asked())
    go_on = [
        partial(begin_anew, house.id, each.code_id, OnDevice(), request=asked()) for each in claims
    ]
    both: list[Callable[[], object]] = [erases, *go_on]

    answers = at_once(both)

    with scope(business=house.business):
        assert Contact.objects.filter(customer=gone).count() == 0
    assert not isinstance(answers[0], str)
    assert {each for each in answers if isinstance(each, str)} <= {"passcode_refused expired"}
