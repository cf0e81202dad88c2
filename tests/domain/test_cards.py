import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.cards import (
    check_digit,
    identifies_alone,
    is_payment_card,
    looks_mistyped,
    normalise_number,
    normalise_secret,
    virtual_number,
)
from regulars.domain.errors import EnrolmentRefused

random_digits = st.text("0123456789", min_size=10, max_size=10)


def test_a_number_is_the_same_scanned_or_typed() -> None:
    assert normalise_number("ab 1204-77\n") == normalise_number("AB120477") == "AB120477"


@pytest.mark.parametrize("text", ["", " - ", "12/34", "7 €", "1" * 33])
def test_a_number_is_letters_and_digits(text: str) -> None:
    with pytest.raises(EnrolmentRefused) as refused:
        normalise_number(text)

    assert refused.value.why == "bad_card_number"


@pytest.mark.parametrize(
    "text", ["4111 1111 1111 1111", "5555555555554444", "2200 1234 5678 9019", "378282246310005"]
)
def test_a_bank_card_is_not_taken_for_a_loyalty_card(text: str) -> None:
    with pytest.raises(EnrolmentRefused) as refused:
        normalise_number(text)

    assert refused.value.why == "payment_card"


def test_a_long_number_with_another_check_digit_is_no_bank_card() -> None:
    assert not is_payment_card("4111111111111112")


@pytest.mark.parametrize(
    ("secret", "alone"), [("1234567", False), ("12345678", True), ("K7M2Q9XW4T1H", True)]
)
def test_a_secret_code_of_eight_characters_identifies_alone(secret: str, *, alone: bool) -> None:
    assert identifies_alone(normalise_secret(secret)) == alone


def test_dashes_do_not_lengthen_a_secret_code() -> None:
    secret = normalise_secret("1234-567")

    assert not identifies_alone(secret)


@pytest.mark.parametrize("text", ["", "12", "- - -", "пароль", "x" * 65])
def test_a_secret_code_is_neither_short_nor_long_nor_strange(text: str) -> None:
    with pytest.raises(EnrolmentRefused) as refused:
        normalise_secret(text)

    assert refused.value.why == "bad_secret_code"


def test_the_check_digit_is_the_one_of_ean_13() -> None:
    assert check_digit("400638133393") == "1"


def test_a_generated_number_has_a_prefix_and_a_check_digit() -> None:
    number = virtual_number("0012345678")

    assert number == "2900123456785"


@given(random_digits)
def test_a_generated_number_is_a_number_and_no_bank_card(digits: str) -> None:
    number = virtual_number(digits)

    assert normalise_number(number) == number
    assert not looks_mistyped(number)


@given(random_digits, st.integers(2, 12), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(digits: str, place: int, more: int) -> None:
    number = virtual_number(digits)
    wrong = str((int(number[place]) + more) % 10)

    assert looks_mistyped(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize("number", ["17", "2000000000000", "29AB123456789"])
def test_a_plastic_cards_own_number_is_not_mistyped(number: str) -> None:
    assert not looks_mistyped(number)
