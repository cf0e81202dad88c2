"""Code 128, for scanners that read lines and no squares: the number of a card, as they type it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

START_B, START_C, TO_C, TO_B, STOP = 104, 105, 99, 100, 106

# Widths of bars and spaces in turn, by the value of a symbol (ISO/IEC 15417, table 1).
_TABLE = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232"
    " 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122"
    " 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311"
    " 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113"
    " 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422"
    " 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111"
    " 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121"
    " 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412"
    " 211214 211232 2331112"
)
_WIDTHS = tuple(_TABLE.split())

QUIET = 10
"""Modules of white that a scanner wants on either side."""

FEWEST_DIGITS = 4
"""From so many on, digits stand two in a symbol."""


def can_be_barcode(text: str) -> bool:
    """Whether a scanner can type it: printable ASCII only."""
    return bool(text) and all(" " <= letter <= "~" for letter in text)


def symbols_of(text: str) -> list[int]:
    """The values of all symbols: start, text, check symbol, stop."""
    assert can_be_barcode(text), "looked at before"
    parts = list(_parts(text))
    values: list[int] = []
    for number, (is_pairs, part) in enumerate(parts):
        turn = (START_C, START_B) if number == 0 else (TO_C, TO_B)
        values.append(turn[0] if is_pairs else turn[1])
        values += _pairs(part) if is_pairs else [ord(letter) - 32 for letter in part]
    check = values[0] + sum(at * value for at, value in enumerate(values[1:], start=1))
    return [*values, check % 103, STOP]


def _pairs(digits: str) -> list[int]:
    return [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """The text in parts that are digits by twos, and parts that are not."""
    at = 0
    plain = ""
    while at < len(text):
        run = _digits_at(text, at)
        if run >= FEWEST_DIGITS or (run == len(text) and run % 2 == 0):
            odd = run % 2
            plain += text[at : at + odd]
            if plain:
                yield False, plain
            yield True, text[at + odd : at + run]
            plain, at = "", at + run
        else:
            taken = max(run, 1)
            plain += text[at : at + taken]
            at += taken
    if plain:
        yield False, plain


def _digits_at(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end] in "0123456789":
        end += 1
    return end - start


def bars_of(symbols: Sequence[int]) -> list[tuple[int, int]]:
    """Where each bar begins and how wide it is, in modules from the first one on."""
    widths = [int(width) for symbol in symbols for width in _WIDTHS[symbol]]
    ends = [0]
    for width in widths:
        ends.append(ends[-1] + width)
    edges = list(pairwise(ends))
    return [(start, end - start) for start, end in edges[::2]]


def code128_svg(text: str) -> SafeString | None:
    """A barcode with its margins, to be sized by the page; None where it cannot be one."""
    if not can_be_barcode(text):
        return None
    bars = bars_of(symbols_of(text))
    width = bars[-1][0] + bars[-1][1] + 2 * QUIET
    path = "".join(f"M{QUIET + start} 0h{wide}v1h-{wide}z" for start, wide in bars)
    svg = (
        f'<svg viewBox="0 0 {width} 1" preserveAspectRatio="none" shape-rendering="crispEdges">'
        f'<path d="{path}"/></svg>'
    )
    return mark_safe(svg)  # noqa: S308 - numbers only, none of the text.
