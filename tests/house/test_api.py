"""The description of the API is what the API is; its guide names every code."""

import importlib
import pkgutil
import re

import regulars.actions
import regulars.domain
from regulars.api.errors import OF_CODE, STATUS, Code
from regulars.api.management.commands.openapi import written
from regulars.api.scopes import MEANINGS, Scope
from regulars.api.views import DESCRIPTION
from regulars.domain.errors import Refusal
from tests.house.source import ROOT

GUIDE = ROOT / "docs" / "integrating.md"


def _refusals(of: type[Refusal] = Refusal) -> set[type[Refusal]]:
    for package in (regulars.domain, regulars.actions):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found = set(of.__subclasses__())
    return found.union(*(_refusals(each) for each in found)) if found else set()


def test_the_committed_description_is_current() -> None:
    assert DESCRIPTION.read_text("utf-8") == written(), "run `regulars openapi`"


def test_every_refusal_has_a_status() -> None:
    assert {each.__name__ for each in _refusals()} == {each.__name__ for each in STATUS}


def test_no_code_of_the_door_is_one_of_a_refusal() -> None:
    assert {each.code for each in _refusals()} & set(Code) == set()


def test_every_code_has_a_sentence_and_every_scope_a_meaning() -> None:
    assert set(OF_CODE) == set(Code)
    assert set(MEANINGS) == set(Scope)


def test_the_guide_lists_every_code_with_its_status() -> None:
    listed = dict(re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \|", GUIDE.read_text(), re.MULTILINE))
    wanted = {each.code: str(STATUS[each]) for each in _refusals()}
    wanted |= {str(code): str(status) for code, (status, _) in OF_CODE.items()}

    assert listed == wanted


def test_the_guide_lists_every_scope() -> None:
    assert set(re.findall(r"^\| `([a-z]+:[a-z]+)` \|", GUIDE.read_text(), re.MULTILINE)) == set(
        Scope
    )
