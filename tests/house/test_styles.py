"""The design system stays small, and says nothing that no page uses."""

import re

from tests.house.source import PACKAGE, name

SHEETS = sorted((PACKAGE / "static" / "css").glob("*.css"))
PAGES = [path for ending in ("html", "py", "js") for path in sorted(PACKAGE.rglob(f"*.{ending}"))]
MOST_BYTES = 96_000
"""Of all sheets together. It only ever goes down; what is new takes a component that is there."""

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTOR = re.compile(r"([^{};]+)\{")
CLASS = re.compile(r"\.([a-z][\w-]*)", re.IGNORECASE)
ORDER = "@layer reset, tokens, base, components, utilities;"

FAMILY = re.compile(r"""(?:class="|main_class %\})[^"\n]*?([a-z][\w-]*-)\{\{""", re.IGNORECASE)
"""A name that a template puts together: ``badge-{{ tone }}``."""


def test_all_styles_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in SHEETS) < MOST_BYTES


def test_every_class_that_is_styled_is_used() -> None:
    pages = "\n".join(path.read_text() for path in PAGES)
    words = set(re.findall(r"[\w-]+", pages))
    families = tuple(FAMILY.findall(pages))

    unused = {
        name(path): idle
        for path in SHEETS
        if (
            idle := sorted(
                each
                for selector in SELECTOR.findall(COMMENT.sub("", path.read_text()))
                for each in CLASS.findall(selector)
                if each not in words and not each.startswith(families)
            )
        )
    }

    assert unused == {}


def test_the_order_of_the_layers_is_said_once_and_first() -> None:
    base = (PACKAGE / "templates" / "base.html").read_text()

    assert re.findall(r"css/([\w-]+\.css)", base)[0] == "reset.css"
    assert [path.name for path in SHEETS if ORDER in path.read_text()] == ["reset.css"]
