"""A refusal's message says in words what its codes mean."""

import inspect
from typing import Any

import pytest

from regulars.api.errors import FOR_PROGRAMS, OF_CODE
from regulars.domain import errors
from regulars.domain.errors import Refusal
from regulars.reports.refusals import words
from regulars.reports.refusing import explain
from tests.actions.selling_builders import a_shop
from tests.doors.api.calls import an_api

BY_CODE = {
    refusal.code: refusal
    for _, refusal in inspect.getmembers(errors, inspect.isclass)
    if issubclass(refusal, Refusal) and refusal is not Refusal
}
REASONS = [(code, why) for code, reasons in words.BY_WHY.items() for why in reasons]
"""All that there are: the words' own tests see to that."""


def refused(code: str, why: str) -> Refusal:
    given = {"line": 2} if code == "line_refused" else {}
    return BY_CODE[code](why=why, **given)  # type: ignore[call-arg]  # each its own


def test_whatever_has_a_why_has_words_for_it() -> None:
    with_why = {
        code for code, kind in BY_CODE.items() if "why" in inspect.signature(kind).parameters
    }

    assert with_why == set(words.BY_WHY)


@pytest.mark.parametrize(("code", "why"), REASONS)
def test_no_message_says_only_its_code(code: str, why: str) -> None:
    said, found, sentence = explain(refused(code, why), FOR_PROGRAMS).partition(f": {why}. ")

    assert said
    assert found
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert len(sentence.split()) >= 4
    assert "%(" not in sentence


def test_words_for_programs_stand_for_reasons_that_there_are() -> None:
    assert set(FOR_PROGRAMS) <= set(REASONS)
    assert all(sentence for _, sentence in OF_CODE.values())


@pytest.mark.parametrize(
    ("refusal", "message"),
    [
        (
            errors.SaleRefused("paid", "it is paid already"),
            "This sale cannot do that: it is paid already.",
        ),
        (
            errors.GiftCardRefused("too_little", left_minor=400),
            (
                "This gift card cannot be used: too_little. There is not enough on this gift card."
                " Take less, and the rest another way."
            ),
        ),
        (
            errors.TextRefused("unknown_variable", found="{when}", allowed=["day", "time"]),
            (
                "This text cannot be kept: unknown_variable. There is no variable {when}."
                " Use day and time, or no braces."
            ),
        ),
        (
            errors.PasscodeRefused("wrong", tries_left=4),
            (
                "This code cannot be used: wrong. This code is wrong. Read it again;"
                " it can be tried 4 more times."
            ),
        ),
        (
            errors.NotAllowed("no_staff"),
            "Not allowed: no_staff. This key acts in nobody's name. Make one with --staff.",
        ),
        (errors.SaleRefused("newer"), "This sale cannot do that: newer."),
        (errors.NotFound("card"), "There is no such card in this business."),
    ],
)
def test_what_is_known_is_said_once(refusal: Refusal, message: str) -> None:
    assert explain(refusal, FOR_PROGRAMS) == message


@pytest.mark.django_db
@pytest.mark.usefixtures("verified")
def test_whose_contact_is_taken_is_told_what_to_do() -> None:
    shop = a_shop()
    api = an_api(shop.id)
    person: dict[str, Any] = {"programme_id": shop.programme.pk, "email": "a@b.example"}
    api.do("/members", **person)

    said = api.refused("/members", **person)

    assert (said["code"], said["details"]["why"]) == ("enrolment_refused", "contact_taken")
    assert said["message"] == (
        "This cannot be done: contact_taken. Another customer has this phone or e-mail."
        " Look for them, or enter another one."
    )
