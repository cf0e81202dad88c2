import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.codes import (
    ALPHABET,
    format_code,
    is_code,
    make_code,
    normalise_code,
    tidy,
)

codes = st.text(ALPHABET, min_size=16, max_size=16)


@pytest.mark.parametrize(
    "typed",
    [
        "7K2M-0Q1Z-9XWV-4T1H",
        "7k2m oqiz 9xwv 4tlh",
        " 7K2MOQLZ\u20119XWV\u00a04TIH\n",
        "\u200b\uff17K2M0Q1Z9XWV4T1H",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    code = normalise_code(typed)

    assert code == "7K2M0Q1Z9XWV4T1H"


def test_a_code_is_shown_in_groups_of_four() -> None:
    shown = format_code("7K2M0Q1Z9XWV4T1H")

    assert shown == "7K2M-0Q1Z-9XWV-4T1H"


def test_tidying_keeps_lookalikes_apart() -> None:
    assert tidy("ab-io 10") == "ABIO10"


@pytest.mark.parametrize("text", ["", "7K2M", "7K2M0Q1Z9XWV4T1U", "7K2M0Q1Z9XWV4T1H0"])
def test_a_wrong_length_or_letter_makes_no_code(text: str) -> None:
    assert not is_code(text, 16)


def test_a_new_code_takes_each_character_from_the_random_source() -> None:
    numbers = iter(range(20, 36))

    code = make_code(16, lambda below: next(numbers) % below)

    assert code == "MNPQRSTVWXYZ0123"


@given(codes)
def test_a_code_survives_being_shown_and_typed_in_small_letters(code: str) -> None:
    assert is_code(code, 16)
    assert normalise_code(format_code(code).lower()) == code


@given(st.text())
def test_no_lookalike_is_left_after_normalising(text: str) -> None:
    code = normalise_code(text)

    assert not set(code) & set("ILOilo -\n")
