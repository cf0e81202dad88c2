"""Showing whose an account is goes step by step: none is skipped, guessed or done twice."""

from uuid import uuid4

import pytest
from django_scopes import scope

from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.login_codes import (
    forget_login_codes,
    login_code,
    waiting_code,
)
from regulars.actions.members.proving import (
    begin_anew,
    read_claim,
    send_proof_code,
    sign_in_with_proof,
)
from regulars.actions.members.signing_in import CodeTold, OnDevice, ToProve, sign_in_with_code
from regulars.domain.errors import NotFound, PasscodeRefused
from regulars.domain.passcodes import MOST_TO_ONE
from regulars.members.models import CustomerSession, LoginCode
from tests.actions.samples import NOON, House, a_house, asked
from tests.actions.signing_in import (
    IRINA,
    PHONE,
    VERA,
    anew,
    claim,
    contact,
    minutes,
    proof,
    prove,
    send,
    sign_in,
    tell,
    wrong,
)
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.fixture
def theirs(studio: House) -> Enrolment:
    """Of two contacts the phone was shown to be the customer's, the e-mail address only named."""
    enrolled = studio.enrol(name="Mallory", email=IRINA, phone=PHONE)
    sign_in(studio, PHONE)
    return enrolled


@pytest.mark.usefixtures("theirs")
def test_a_code_of_the_step_before_is_told_once_and_its_lost_answer_again(studio: House) -> None:
    sent, request = send(studio), asked()
    told = CodeTold(sent.id, login_code(sent.id))
    first = sign_in_with_code(studio.id, told, request=request)
    again = sign_in_with_code(studio.id, told, request=request)

    assert first == again == ToProve(sent.id)
    assert waiting_code(studio.id, sent.id, at=NOON) is None
    anew(studio, first)
    with pytest.raises(PasscodeRefused, match="expired"):
        sign_in_with_code(studio.id, told, request=request)
    with pytest.raises(PasscodeRefused, match="expired"):
        anew(studio, first)


@pytest.mark.usefixtures("theirs")
def test_telling_it_again_counts_as_a_try_so_nobody_guesses_it_afterwards(studio: House) -> None:
    sent = send(studio)
    told = CodeTold(sent.id, login_code(sent.id))
    sign_in_with_code(studio.id, told, request=asked())
    for by in range(4):
        with pytest.raises(PasscodeRefused, match="wrong"):
            tell(studio, sent, wrong(sent, by + 1))

    with pytest.raises(PasscodeRefused, match="too_many_tries"):
        sign_in_with_code(studio.id, told, request=asked())


def test_lost_answers_of_the_second_step_are_told_again(studio: House, theirs: Enrolment) -> None:
    told, request = claim(studio), asked()
    sent = proof(studio, told)
    code = CodeTold(sent.id, login_code(sent.id))
    done = sign_in_with_proof(studio.id, told.code_id, code, request=request)

    assert sign_in_with_proof(studio.id, told.code_id, code, request=request) == done
    with pytest.raises(PasscodeRefused, match="expired"):
        sign_in_with_proof(studio.id, told.code_id, code, request=asked())
    wrongly = CodeTold(sent.id, wrong(sent))
    with pytest.raises(PasscodeRefused, match="expired"):
        sign_in_with_proof(studio.id, told.code_id, wrongly, request=request)


@pytest.mark.usefixtures("theirs")
def test_a_lost_answer_of_beginning_anew_is_told_again(studio: House) -> None:
    told, request = claim(studio), asked()
    done = begin_anew(studio.id, told.code_id, OnDevice(), request=request)

    assert begin_anew(studio.id, told.code_id, OnDevice(), request=request) == done
    with scope(business=studio.business):
        assert CustomerSession.objects.filter(customer=done.customer_id).count() == 1


@pytest.mark.usefixtures("theirs")
def test_a_lost_answer_of_sending_is_told_again_and_sends_nothing_more(studio: House) -> None:
    told, to, request = claim(studio), contact(studio, PHONE).pk, asked()
    sent = send_proof_code(studio.id, told.code_id, to, request=request)

    with nothing_changes():
        assert send_proof_code(studio.id, told.code_id, to, request=request) == sent


@pytest.mark.usefixtures("theirs")
def test_nobody_skips_the_first_step(studio: House) -> None:
    sent, to = send(studio), contact(studio, PHONE).pk
    own = send(studio, PHONE)

    with nothing_changes():
        for code_id in (sent.id, uuid4()):
            assert read_claim(studio.id, code_id, at=NOON) is None
            with pytest.raises(PasscodeRefused, match="expired"):
                send_proof_code(studio.id, code_id, to, request=asked())
            with pytest.raises(PasscodeRefused, match="expired"):
                begin_anew(studio.id, code_id, OnDevice(), request=asked())
    with pytest.raises(PasscodeRefused, match="expired"):
        prove(studio, ToProve(sent.id), own)
    assert contact(studio, IRINA).verified_at is None


@pytest.mark.usefixtures("theirs")
def test_a_code_proves_nothing_of_an_account_that_its_contact_is_not_on(studio: House) -> None:
    told, vera = claim(studio), sign_in(studio, VERA)

    for sent in (send(studio, VERA), send(studio)):
        with pytest.raises(PasscodeRefused, match="expired"):
            prove(studio, told, sent)

    with pytest.raises(NotFound, match="contact"):
        proof(studio, told, VERA)
    with pytest.raises(NotFound, match="contact"):
        proof(studio, told, IRINA)  # It cannot vouch for itself.
    assert contact(studio, VERA).customer_id == vera.customer_id


@pytest.mark.usefixtures("theirs")
def test_what_was_told_at_one_business_is_worth_nothing_at_another(studio: House) -> None:
    other = a_house("salon")
    other.enrol(email=IRINA, phone=PHONE)
    sign_in(other, PHONE)
    told = claim(studio)

    assert read_claim(other.id, told.code_id, at=NOON) is None
    with pytest.raises(PasscodeRefused, match="expired"):
        anew(other, told)
    with pytest.raises(PasscodeRefused, match="expired"):
        proof(other, told)


@pytest.mark.usefixtures("theirs")
def test_wrong_second_codes_are_counted_and_prove_nothing(studio: House) -> None:
    told = claim(studio)
    sent = proof(studio, told)
    for left in (4, 3, 2, 1, 0):
        code = CodeTold(sent.id, wrong(sent, left + 1))
        with pytest.raises(PasscodeRefused, match="wrong") as refused:
            sign_in_with_proof(studio.id, told.code_id, code, request=asked())
        assert refused.value.tries_left == left

    with pytest.raises(PasscodeRefused, match="too_many_tries"):
        prove(studio, told, sent)
    prove(studio, told, proof(studio, told))


@pytest.mark.usefixtures("theirs")
def test_the_owner_is_not_flooded_by_whoever_says_to_be_them(studio: House) -> None:
    told = claim(studio)
    for _ in range(MOST_TO_ONE - 1):  # One was sent when they signed in themselves.
        proof(studio, told)

    with nothing_changes(), pytest.raises(PasscodeRefused, match="too_many_codes"):
        proof(studio, told)


@pytest.mark.usefixtures("theirs")
def test_there_is_as_much_time_as_the_last_code_holds_and_then_all_is_forgotten(
    studio: House,
) -> None:
    told = claim(studio)
    sent = proof(studio, told, at=8)

    assert read_claim(studio.id, told.code_id, at=sent.expires_at - minutes(1)) is not None
    assert read_claim(studio.id, told.code_id, at=sent.expires_at) is None
    with pytest.raises(PasscodeRefused, match="expired"):
        anew(studio, told, at=18)
    forget_login_codes(at=sent.expires_at)
    with scope(business=studio.business):
        assert {bytes(code.to_encrypted) for code in LoginCode.objects.all()} == {b""}


@pytest.mark.usefixtures("theirs")
def test_without_going_on_there_are_ten_minutes(studio: House) -> None:
    told = claim(studio)

    assert read_claim(studio.id, told.code_id, at=NOON + minutes(9)) is not None
    with pytest.raises(PasscodeRefused, match="expired"):
        anew(studio, told, at=10)
