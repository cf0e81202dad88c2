"""No page asks another host for anything, and none carries code or style of its own."""

import re

from tests.house.source import PACKAGE, name

TEMPLATES = sorted(PACKAGE.rglob("*.html"))
STATIC = [path for ending in ("css", "js", "svg") for path in sorted(PACKAGE.rglob(f"*.{ending}"))]

ANOTHER_HOST = re.compile(r"(?<![\w.])(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
NAMES_OF_LANGUAGES = re.compile(r"http://www\.w3\.org/[\w/]+")
CODE_OR_STYLE = re.compile(
    r"""\s(?:on[a-z]+|hx-on[:\w-]*|style)=["']|<style|<script(?![^>]*(?:\ssrc=|application/json))"""
)


def test_no_page_asks_another_host() -> None:
    asked = {
        name(path): hosts
        for path in [*TEMPLATES, *STATIC]
        if (hosts := ANOTHER_HOST.findall(NAMES_OF_LANGUAGES.sub("", path.read_text())))
    }

    assert asked == {}


def test_no_page_carries_code_or_style_of_its_own() -> None:
    carried = {
        name(path): found
        for path in TEMPLATES
        if (found := [match[0].strip() for match in CODE_OR_STYLE.finditer(path.read_text())])
    }

    assert carried == {}
