"""Codes of refusals are public: clients branch on them."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import regulars.domain
from regulars.domain.errors import Refusal


def _refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for refusal in of.__subclasses__():
        yield refusal
        yield from _refusals(refusal)


def _all_refusals() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(regulars.domain.__path__, "regulars.domain."):
        importlib.import_module(module.name)
    return [refusal for refusal in _refusals() if refusal.__module__.startswith("regulars.")]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = Counter(vars(refusal).get("code") for refusal in _all_refusals())

    assert codes, "there are refusals"
    assert None not in codes
    assert [code for code, times in codes.items() if times > 1] == []


def test_codes_are_plain_words() -> None:
    odd = [
        each.code for each in _all_refusals() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", each.code)
    ]

    assert odd == []


def test_every_refusal_says_when_it_is_raised() -> None:
    assert [each.__name__ for each in _all_refusals() if not (each.__doc__ or "").strip()] == []
