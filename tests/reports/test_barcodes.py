"""Code 128: what a scanner reads is what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.reports.barcodes import bars_of, code128_svg, symbols_of

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)


def read(symbols: list[int]) -> str:
    """The text of some symbols, as a scanner finds it."""
    in_pairs = symbols[0] == 105
    text = ""
    for symbol in symbols[1:-2]:
        if symbol == (100 if in_pairs else 99):
            in_pairs = not in_pairs
        else:
            text += f"{symbol:02}" if in_pairs else chr(symbol + 32)
    return text


def test_the_check_symbol_of_a_known_text() -> None:
    symbols = symbols_of("Wikipedia")

    assert symbols == [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, 106]


def test_digits_stand_two_in_a_symbol() -> None:
    # As read back by zxing when this was written.
    assert symbols_of("440211870936") == [105, 44, 2, 11, 87, 9, 36, 74, 106]
    assert symbols_of("2031884") == [104, 18, 99, 3, 18, 84, 100, 106]
    assert symbols_of("A1234567B99") == [104, 33, 17, 99, 23, 45, 67, 100, 34, 25, 25, 59, 106]


@given(PRINTABLE)
def test_whatever_can_be_printed_is_read_back(text: str) -> None:
    symbols = symbols_of(text)
    bars = bars_of(symbols)

    assert read(symbols) == text
    assert bars[0] == (0, 2)
    assert bars[-1][0] + bars[-1][1] == 11 * (len(symbols) - 1) + 13


@pytest.mark.parametrize("text", ["", "a\n", "4402\N{DEGREE SIGN}"])
def test_what_no_scanner_can_type_is_no_barcode(text: str) -> None:
    assert code128_svg(text) is None


def test_nothing_of_the_text_stands_in_the_picture() -> None:
    svg = code128_svg('"><script>')

    assert svg is not None
    assert "script" not in svg
