"""Tabs and browsers that sign in at the same moment."""

from collections import Counter

import pytest
from django_scopes import scope

from regulars.actions.members.login_codes import login_code, send_login_code
from regulars.actions.members.sessions import CodeTold, sign_in_with_code
from regulars.members.models import Contact, Customer, CustomerSession, LoginCode
from tests.actions.samples import a_house, asked
from tests.actions.signing_in import VERA, send, tell, wrong
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
