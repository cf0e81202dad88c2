"""Every refusal is said in words that tell what happened and what to do next."""

import ast
import importlib
import inspect
import pkgutil
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from types import ModuleType

import pytest

import regulars.domain
from regulars.domain import errors
from regulars.domain.cards import WhyNot as WhyNoCard
from regulars.domain.earning import Why, why_cannot_spend
from regulars.domain.errors import Refusal
from regulars.domain.joining import WhyNot as WhyNoMember
from regulars.domain.quote import LimitedBy
from regulars.reports.refusals import words
from regulars.reports.refusals.joining import ENROLMENT
from regulars.reports.refusing import say
from tests.house.source import PACKAGE
from tests.reports.test_wording import ROUBLES, SPACE

REFUSALS = {
    refusal.__name__: refusal
    for _, refusal in inspect.getmembers(errors, inspect.isclass)
    if issubclass(refusal, Refusal) and refusal is not Refusal
}

WITHOUT_WHY = {"BadAmount", "NotFound", "TermsRefused"}
"""Their first argument is none of our codes, or is asked of below."""

CODES_OF = {
    "cards": "enrolment_refused",
    "coupons": "coupon_refused",
    "features": "feature_refused",
    "giftcards": "gift_card_refused",
    "joining": "enrolment_refused",
    "merging": "merge_refused",
    "passcodes": "passcode_refused",
    "pins": "pin_refused",
    "referrals": "referral_refused",
    "rewards": "reward_refused",
    "sendings": "gift_card_refused",
    "wordings": "text_refused",
    "WhyNoLine": "line_refused",
    "WhyNoPayment": "payment_refused",
    "WhyNoSale": "sale_refused",
}
"""Which refusal carries the reasons of an enumeration: of a module's ``WhyNot``, or by name."""


def bare(refusal: type[Refusal], **details: object) -> Refusal:
    """A refusal that carries these details and no others."""
    made = refusal.__new__(refusal)
    Exception.__init__(made, "Something is wrong")
    vars(made).update(details)
    return made


def by_code(code: str) -> type[Refusal]:
    return next(each for each in REFUSALS.values() if each.code == code)


def _reasons() -> Iterator[tuple[str, StrEnum]]:
    """Every member of every enumeration of reasons in the domain, with its refusal's code."""
    for found in pkgutil.iter_modules(regulars.domain.__path__):
        module = importlib.import_module(f"regulars.domain.{found.name}")
        for name, kind in _enumerations(module):
            if name.startswith("WhyNo"):
                code = CODES_OF[found.name if name == "WhyNot" else name]
                yield from ((code, reason) for reason in kind)


def _enumerations(module: ModuleType) -> list[tuple[str, type[StrEnum]]]:
    return [
        (name, kind)
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, StrEnum) and kind.__module__ == module.__name__
    ]


def _raised() -> Iterator[tuple[str, str, ast.expr]]:
    """Where in the code a refusal is raised: the place, its name, and its reason."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(_tree(str(path))):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            called = node.exc.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            named = [word.value for word in node.exc.keywords if word.arg == "why"]
            if name in REFUSALS and (named or node.exc.args):
                yield f"{path.name}:{node.lineno}", name, (named or node.exc.args)[0]


@cache
def _tree(path: str) -> ast.Module:
    with open(path) as file:  # noqa: PTH123 - a key of the cache
        return ast.parse(file.read())


def is_said_well(said: str) -> bool:
    """Two whole sentences at most, with nothing left to fill in."""
    ends = said.count(". ") + said.count(": ")
    return (
        said[0] in string.ascii_uppercase and said.endswith(".") and ends <= 2 and "%(" not in said
    )


@pytest.mark.parametrize("refusal", list(REFUSALS.values()))
def test_a_refusal_that_carries_nothing_is_said_all_the_same(refusal: type[Refusal]) -> None:
    said = say(bare(refusal), ROUBLES)

    assert is_said_well(said)


@pytest.mark.parametrize(("code", "why"), list(_reasons()))
def test_every_reason_has_words_of_its_own(code: str, why: StrEnum) -> None:
    said = say(bare(by_code(code), why=why, line=2), ROUBLES)

    assert is_said_well(said)
    assert "Something is wrong" not in said


@pytest.mark.parametrize("code", list(words.BY_WHY))
def test_two_reasons_of_one_refusal_are_told_apart(code: str) -> None:
    texts = [str(text) for text in words.BY_WHY[code].values()]

    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("why", [Why.NO_MEMBER, Why.NOT_RUNNING, Why.NOT_ACTIVATED, Why.BLOCKED])
@pytest.mark.parametrize("code", ["member_cannot_spend", "adjustment_refused"])
def test_why_an_account_cannot_move_points_has_words(code: str, why: Why) -> None:
    assert is_said_well(say(bare(by_code(code), why=why), ROUBLES))
    assert f"Why.{why.name}" in inspect.getsource(why_cannot_spend)


def test_whatever_the_code_raises_has_words() -> None:
    told = [
        (place, name, reason.value)
        for place, name, reason in _raised()
        if isinstance(reason, ast.Constant) and name not in {"BadAmount", "TermsRefused"}
    ]

    silent = [
        (place, name, reason)
        for place, name, reason in told
        if reason not in (words.NOT_FOUND if name == "NotFound" else words.BY_WHY[_code(name)])
    ]

    assert len(told) > 50
    assert silent == []


def test_a_reason_is_a_code_and_no_sentence() -> None:
    texts = [
        (place, name)
        for place, name, reason in _raised()
        if name not in WITHOUT_WHY
        and (
            isinstance(reason, ast.JoinedStr)
            or (isinstance(reason, ast.Constant) and " " in str(reason.value))
        )
    ]

    assert texts == []


def _code(name: str) -> str:
    return REFUSALS[name].code


def test_words_are_for_reasons_that_there_are() -> None:
    codes = {refusal.code for refusal in REFUSALS.values()}

    assert set(words.BY_WHY) | set(words.ALONE) <= codes
    assert set(ENROLMENT) == set(WhyNoMember) | set(WhyNoCard)


SAID: list[tuple[Refusal, str]] = [
    (
        errors.NotEnoughPoints(asked=51, available=30),
        "Only 30 bonuses can be used now; 51 were asked for. Take fewer.",
    ),
    (
        errors.NotEnoughPoints(asked=1, available=0),
        "There are no bonuses to use now. Ask for another way to pay.",
    ),
    (
        errors.PointsAboveLimit(asked=51, most=30, limited_by=LimitedBy.SHARE),
        "At most 30 bonuses can pay for this purchase. Take fewer.",
    ),
    (
        errors.PointsAboveLimit(asked=51, most=30, limited_by=LimitedBy.STILL_TO_PAY),
        "Only 30 bonuses are needed for what is still to pay. Take fewer.",
    ),
    (
        errors.PointsAboveLimit(asked=51, most=0, limited_by=LimitedBy.SHARE),
        "None of this can be paid with bonuses. Ask for another way to pay.",
    ),
    (
        errors.PointsAboveLimit(asked=51, most=0, limited_by=LimitedBy.STILL_TO_PAY),
        "Nothing is left to pay with bonuses. Ask for another way to pay.",
    ),
    (
        errors.MemberCannotSpend(Why.NOT_ACTIVATED),
        "This account is not activated yet. Activate it, or sell without bonuses.",
    ),
    (
        errors.GiftCardRefused("expired"),
        "This gift card has expired. Ask for another way to pay.",
    ),
    (
        errors.GiftCardRefused("too_little", left_minor=120_00),
        f"Only 120.00{SPACE}₽ is left on this gift card. Take that, and the rest another way.",
    ),
    (
        errors.PaymentRefused("too_much", left_minor=713_00),
        f"Only 713.00{SPACE}₽ is still to pay. Take that.",
    ),
    (
        errors.PaymentRefused("too_much", left_minor=0),
        "This is more than is still to pay. Take less.",
    ),
    (
        errors.QuoteChanged({"earned": 7}),
        "The price or the bonuses have changed meanwhile. Look at the new figures and press again.",
    ),
    (
        errors.LineRefused(line=2, why="archived"),
        "The item on line 2 is not sold any more. Take it out of the basket.",
    ),
    (
        errors.NotAllowed("above_limit"),
        "This is more than you may do alone. Ask a manager for their PIN.",
    ),
    (
        errors.NotFound("card"),
        "No member has this card. Check the number, or look by name or phone.",
    ),
    (
        errors.NotFound("sale line"),
        "There is no such sale line here. Look for it again.",
    ),
    (
        errors.BadAmount("amount_minor", 0, least=1, most=100_00),
        f"The amount cannot be less than 0.01{SPACE}₽. Enter more.",
    ),
    (
        errors.BadAmount("points", 5000, least=1, most=1000),
        "The number of bonuses cannot be more than 1,000. Enter less.",
    ),
    (
        errors.BadAmount("percent_ppm", 2_000_000, least=1, most=1_000_000),
        "The share cannot be more than 100%. Enter less.",
    ),
    (
        errors.BadAmount("whatever", 5, least=1, most=2),
        "This number cannot be more than 2. Enter less.",
    ),
    (
        errors.BadAmount("quantity", 1, least=1, most=0),
        "Nothing is left of this. Take it out.",
    ),
    (
        errors.RefundTooLarge(line=2, asked_minor=50_00, left_minor=30_00),
        f"Only 30.00{SPACE}₽ is left to refund of line 2. Give back less.",
    ),
    (
        errors.RefundTooLarge(line=2, asked_minor=50_00, left_minor=0),
        "Nothing is left to refund of line 2. Take it out of the refund.",
    ),
    (
        errors.RefundTooLarge(line=2, asked_minor=10_00, left_minor=30_00),
        "Line 2 is asked for in pieces and in money. Choose one of them.",
    ),
    (
        errors.MonthClosed(closed_until=date(2026, 10, 31)),
        "The books are closed up to 31 Oct. Choose a later day.",
    ),
    (
        errors.OutOfOrder(
            at=datetime(2026, 11, 14, 9, tzinfo=UTC), last=datetime(2026, 11, 20, 9, tzinfo=UTC)
        ),
        "This is dated 14 Nov; the account has something of 20 Nov already. Check the date.",
    ),
    (
        errors.OutOfOrder(
            at=datetime(2026, 11, 20, 9, tzinfo=UTC), last=datetime(2026, 11, 20, 10, tzinfo=UTC)
        ),
        "The account has something later of 20 Nov already. Check the clock.",
    ),
    (
        errors.PasscodeRefused("wrong", tries_left=1),
        "This code is wrong. Read it again; it can be tried 1 more time.",
    ),
    (
        errors.PasscodeRefused("wrong", tries_left=4),
        "This code is wrong. Read it again; it can be tried 4 more times.",
    ),
    (
        errors.PasscodeRefused("wrong", tries_left=0),
        "This code was told wrong too often. Send a new one.",
    ),
    (
        errors.TermsRefused(["a level appears twice"]),
        "These terms cannot be saved: a level appears twice. Correct that, and save again.",
    ),
]


@pytest.mark.parametrize(("refusal", "said"), SAID)
def test_figures_are_said_as_the_reader_writes_them(refusal: Refusal, said: str) -> None:
    assert say(refusal, ROUBLES) == said
    assert is_said_well(said)


def test_a_code_without_words_is_told_as_it_stands() -> None:
    class Newer(Refusal):
        code = "newer"

    newer_reason = errors.SaleRefused("newer", "it is too late")

    assert say(Newer(), ROUBLES) == ("This cannot be done now. Look at it again, or ask a manager.")
    assert say(Newer("No way"), ROUBLES) == "This cannot be done now. No way."
    assert say(newer_reason, ROUBLES) == (
        "This cannot be done now. This sale cannot do that: it is too late."
    )
