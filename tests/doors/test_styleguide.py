import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

import regulars
from regulars.site.styleguide import COMPONENTS
from tests.doors.html import Page

PACKAGE = Path(regulars.__file__).parent
CSS = sorted((PACKAGE / "static" / "css").glob("*.css"))
BASE = (PACKAGE / "templates" / "base.html").read_text()
SYSTEM = [path for path in CSS if f"css/{path.name}" in BASE]
MOST_BYTES = 40_000
MOST_BYTES_OF_A_FACE = 24_000
"""Of what one door lays out for itself, beside the system."""


@pytest.fixture
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def the_guide(address: str = "/styleguide/") -> Page:
    answer = Client().get(address)
    assert answer.status_code == 200
    return Page(answer.content.decode())


@pytest.mark.usefixtures("demonstration")
def test_the_guide_shows_every_component_in_both_schemes() -> None:
    page = the_guide()

    shown = [name for name in COMPONENTS if name in page.classes or f"{name}s" in page.classes]
    assert shown == list(COMPONENTS)
    assert set(COMPONENTS) <= set(page.every("id"))
    assert page.every("data-scheme") == ["light", "dark"] * (len(COMPONENTS) + 2)


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("face", ["site", "till", "office"])
def test_the_guide_needs_no_exception_from_the_security_policy(face: str) -> None:
    page = the_guide(f"/styleguide/?face={face}&accent=cinema")

    assert page.own_code_or_style == []
    assert [to for to in page.addresses if "//" in to] == []
    assert page.ids_used_twice == set()


@pytest.mark.usefixtures("demonstration")
def test_an_unknown_face_or_accent_in_the_address_falls_back() -> None:
    page = the_guide("/styleguide/?face=moon&accent=%22%3E")

    assert page.every("data-face") == ["site"]
    assert page.every("data-accent") == ["salon"]


@pytest.mark.parametrize("address", ["/styleguide/", "/styleguide/accents.css"])
def test_the_guide_is_only_in_the_demonstration(settings: Settings, address: str) -> None:
    settings.DEMO = False

    assert Client().get(address).status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_the_accents_of_the_guide_are_a_style_sheet() -> None:
    answer = Client().get("/styleguide/accents.css")

    assert answer["Content-Type"] == "text/css"
    assert '[data-accent="studio"] { --H: 252; --C: .095; }' in answer.content.decode()


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_has_a_template_an_example_and_a_block_of_css(component: str) -> None:
    css = "\n".join(path.read_text() for path in CSS)

    assert (PACKAGE / "templates" / "cotton" / f"{component.replace('-', '_')}.html").exists()
    assert (PACKAGE / f"site/templates/styleguide/{component}.html").exists()
    assert re.search(rf"^  \.{component}\b", css, re.MULTILINE)


def test_the_design_system_stays_small() -> None:
    assert len(SYSTEM) == 9
    assert sum(path.stat().st_size for path in SYSTEM) < MOST_BYTES


def test_what_a_door_adds_stays_small() -> None:
    own = [path for path in CSS if path not in SYSTEM]

    assert {path.name for path in own if path.stat().st_size > MOST_BYTES_OF_A_FACE} == set()


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_every_style_stands_in_a_layer(path: Path) -> None:
    outside = re.findall(r"^(?!@layer [\w, ]+(?: \{|;)|\}| |$).+", path.read_text(), re.MULTILINE)

    assert outside == []
