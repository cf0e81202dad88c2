"""Pictures of every page, to be looked at: ``make screenshots`` puts them into .build.

``make screenshots ARGS="--url http://127.0.0.1:8000 cinema salon"`` takes some walks only, through
a demonstration that runs already.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.office_walks import OFFICE_WALKS
from tests.browser.own_walks import OWN_WALKS
from tests.browser.site_walks import SITE_WALKS
from tests.browser.walks import WALKS, rest
from tests.running import RunningDemo, free_port, short_lived_directory

ALL = {**WALKS, **OFFICE_WALKS, **SITE_WALKS, **OWN_WALKS}
SIZES = ((390, 844), (820, 1180), (1440, 900))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def take(browser: Browser, url: str, target: Path, walks: list[str]) -> int:
    """Take every screen of some walks in every size, light and dark; gives how many."""
    target.mkdir(parents=True, exist_ok=True)
    taken = 0
    for scheme in SCHEMES:
        for width, height in SIZES:
            for walk in walks:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    locale="en-GB",
                )
                page = context.new_page()
                for number, name in enumerate(ALL[walk](page, url), 1):
                    rest(page)
                    shot = target / f"{walk}-{number:02}-{name}-{width}-{scheme}.png"
                    page.screenshot(path=shot)
                    taken += 1
                context.close()
    return taken


@contextmanager
def _demonstration(url: str | None) -> Iterator[str]:
    """The one that is told, else one of our own for as long as it takes."""
    if url is not None:
        yield url.rstrip("/")
        return
    with short_lived_directory() as data:
        demo = RunningDemo(data, free_port())
        try:
            yield demo.url
        finally:
            demo.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description="Take pictures of the pages.")
    parser.add_argument("walks", nargs="*", metavar="WALK", help=f"Of {', '.join(ALL)}; or all.")
    parser.add_argument("--url", help="A demonstration that runs; else one is started.")
    parser.add_argument("--into", type=Path, default=Path(".build/screenshots"))
    told = parser.parse_args()
    if unknown := set(told.walks) - set(ALL):
        parser.error(f"there is no walk {', '.join(sorted(unknown))}")
    if CHROMIUM is None:
        sys.exit("Pictures need Chromium, and there is none on this machine.")
    with _demonstration(told.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        taken = take(browser, url, told.into, told.walks or list(ALL))
        browser.close()
    sys.stdout.write(f"{taken} pictures are in {told.into}.\n")


if __name__ == "__main__":
    main()
