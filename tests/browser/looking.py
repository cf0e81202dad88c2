"""A page as different people see it: in every layout and in every colour."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Literal

from playwright.sync_api import Page

from tests.browser.tills import DESK, PHONE, TABLET
from tests.running import IS_LONG

Size = tuple[int, int]

_QUIET = "() => !document.getAnimations().length"


def looks(page: Page, *others: Size, back_to: Size) -> Iterator[str]:
    """Show a page on a phone in the light and at a desk in the dark, so that each layout and each
    colour is seen once; in ``others`` sizes too. Everything in everything where there is time.

    Gives what it is shown in; ends in the light, in the size to go on with.
    """
    for size, scheme in _all(others):
        _show(page, size, scheme)
        yield f"{size[0]} {scheme}"
    _show(page, back_to, "light")


def _all(others: Sequence[Size]) -> list[tuple[Size, Literal["light", "dark"]]]:
    if IS_LONG:
        return list(product((PHONE, TABLET, DESK), ("light", "dark")))
    return [(PHONE, "light"), *((size, "light") for size in others), (DESK, "dark")]


def _show(page: Page, size: Size, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(_QUIET)
