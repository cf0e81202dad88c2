"""The texts people see: collected from code and templates into one catalogue, by Babel.

Lives without GNU gettext. A translation is ``locale/<language>/LC_MESSAGES/django.po``.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

TEMPLATE = Path("locale/django.pot")

_LAZY = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")


def collect(package: Path) -> Catalog:
    """Every text in the package's code and templates that is marked for translation."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        package,
        method_map=[("**.py", "python"), ("**.html", "regulars.ops.messages:from_template")],
        keywords=DEFAULT_KEYWORDS | _LAZY,
        comment_tags=["Translators:"],
        strip_comment_tags=True,
    )
    for file, _line, message, comments, context in found:
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalog


def from_template(
    file: IO[bytes], _keywords: object, _comment_tags: object, *, options: object
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """What Babel calls for a Django template: line, function, message or messages, comments."""
    del options  # Babel passes them by name.
    code = templatize(file.read().decode())
    for call in _CALL.finditer(code):
        line = code.count("\n", 0, call.start()) + 1
        messages = tuple(ast.literal_eval(found) for found in re.findall(_STRING, call[2]))
        yield line, call[1], messages if len(messages) > 1 else messages[0], []


def keys_of(catalog: Catalog) -> set[tuple[object, str | None]]:
    """What makes two catalogues the same for a translator."""
    return {(message.id, message.context) for message in catalog if message.id}


def update(package: Path) -> Catalog:
    """Write the template, bring each translation up to it, and compile the translations."""
    catalog = collect(package)
    with (package / TEMPLATE).open("wb") as file:
        _write(file, catalog)
    for path in sorted(package.glob("locale/*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            translation = read_po(file, locale=path.parts[-3])
        translation.update(catalog)
        with path.open("wb") as file:
            _write(file, translation)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, translation)
    return catalog


def _write(file: IO[bytes], catalog: Catalog) -> None:
    """Without dates and line numbers, which would change with every edit."""
    write_po(file, catalog, width=100, sort_output=True, omit_header=not catalog.locale,
             include_lineno=False)  # fmt: skip
