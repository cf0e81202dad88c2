"""Pictures of the first pages, to be looked at: ``make screenshots`` puts them into .build."""

import re
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.running import RunningDemo, free_port, short_lived_directory

SIZES = ((390, 844), (1440, 900))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {
    "start": None,
    "irina": r'href="(/s/zarya/members/[^"]+)"',
    "heike": r'href="(/s/salon-linde/members/[^"]+)"',
    "nora": r'href="(/s/kiln-lane/members/[^"]+)"',
}
"""Name of the picture, and how the start page links to it."""


def take(url: str, target: Path) -> None:
    """Take every page in every size, light and dark."""
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme in SCHEMES:
            for width, height in SIZES:
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page.goto(url)
                start = page.content()
                for name, link in PAGES.items():
                    found = re.search(link, start) if link else None
                    page.goto(f"{url}{found[1] if found else '/'}")
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=target / f"{name}-{width}x{height}-{scheme}.png")
        browser.close()


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else ".build/screenshots")
    if CHROMIUM is None:
        sys.exit("Pictures need Chromium, and there is none on this machine.")
    with short_lived_directory() as data:
        demo = RunningDemo(data, free_port())
        try:
            take(demo.url, target)
        finally:
            demo.stop()
    sys.stdout.write(f"{len(list(target.glob('*.png')))} pictures are in {target}.\n")


if __name__ == "__main__":
    main()
