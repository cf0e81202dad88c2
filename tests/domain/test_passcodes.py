"""What limits guessing a code."""

import pytest

from regulars.domain.errors import PasscodeRefused
from regulars.domain.passcodes import (
    MOST_OF_BUSINESS,
    MOST_TO_ONE,
    MOST_TRIES,
    check_budgets,
    check_tries,
    make_passcode,
    needs_proof,
    normalise_passcode,
)


def test_a_code_has_six_digits_whatever_is_drawn() -> None:
    assert make_passcode(lambda n: 7) == "000007"
    assert make_passcode(lambda n: n - 1) == "999999"


@pytest.mark.parametrize(
    "typed",
    ["123456", " 123 456 ", "123-456", "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}3456"],
)
def test_a_code_may_be_typed_in_any_usual_way(typed: str) -> None:
    assert normalise_passcode(typed) == "123456"


def test_a_code_is_looked_at_five_times() -> None:
    check_tries(MOST_TRIES - 1)
    with pytest.raises(PasscodeRefused) as refused:
        check_tries(MOST_TRIES)

    assert MOST_TRIES == 5
    assert (refused.value.why, refused.value.tries_left) == ("too_many_tries", 0)


@pytest.mark.parametrize(
    ("to_one", "of_business"), [(MOST_TO_ONE, 0), (0, MOST_OF_BUSINESS), (99, 9999)]
)
def test_no_more_codes_are_sent_than_the_budgets_hold(to_one: int, of_business: int) -> None:
    with pytest.raises(PasscodeRefused) as refused:
        check_budgets(to_one=to_one, of_business=of_business)

    assert refused.value.why == "too_many_codes"
    check_budgets(to_one=MOST_TO_ONE - 1, of_business=MOST_OF_BUSINESS - 1)


@pytest.mark.parametrize(
    ("is_verified", "others_verified", "needs"),
    [(True, 0, False), (True, 2, False), (False, 0, False), (False, 1, True), (False, 2, True)],
)
def test_a_contact_joins_a_customer_only_by_proof(
    *, is_verified: bool, others_verified: int, needs: bool
) -> None:
    assert needs_proof(is_verified=is_verified, others_verified=others_verified) is needs
