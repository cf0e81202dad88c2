"""Discounts as they are typed: an amount or a share, off one line or off everything."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.business.formats import Formats
from regulars.domain.amounts import PPM, share_out


@dataclass(frozen=True, slots=True)
class Off:
    """What a line becomes cheaper by: minor units, or millionths of its price."""

    minor: int = 0
    ppm: int = 0


def read_off(text: str, formats: Formats) -> Off:
    """Read "2.50" or "10%"; nothing typed is no discount.

    Raises ValueError.
    """
    typed = text.strip()
    if typed.endswith("%"):
        return Off(ppm=_ppm(typed[:-1]))
    return Off(minor=formats.read_money(typed) if typed else 0)


def spread(off: Off, prices_minor: Sequence[int]) -> list[Off]:
    """A discount on everything, line by line; a price of 0 is a line that is left alone.

    A share is taken of each line; an amount is spread by price, by largest remainder, so that the
    lines become cheaper by exactly this much.

    Raises ValueError for more than everything costs.
    """
    if off.minor > sum(prices_minor):
        raise ValueError(off)
    if off.ppm:
        return [Off(ppm=off.ppm if price else 0) for price in prices_minor]
    return [Off(minor=share) for share in share_out(off.minor, prices_minor)]


def _ppm(text: str) -> int:
    """Millionths of a share that was typed: "10", "7,5".

    Raises ValueError.
    """
    whole, _point, part = text.strip().replace(",", ".").partition(".")
    if not (whole.isdecimal() and len(whole) <= 3 and (part == "" or part.isdecimal())):
        raise ValueError(text)
    if len(part) > 4:
        raise ValueError(text)
    ppm = int(whole) * 10_000 + int(part.ljust(4, "0"))
    if ppm > PPM:
        raise ValueError(text)
    return ppm
