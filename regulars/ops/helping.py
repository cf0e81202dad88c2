"""What ``regulars help`` lists: our own commands by subject, and what each is for."""

import textwrap

import django
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.utils.functional import Promise

SUBJECTS: dict[str, tuple[str, ...]] = {
    "To look around": ("demo",),
    "To begin": ("migrate", "new_business", "staff", "programme", "import", "keys"),
    "Every day": ("serve", "worker", "queue", "verify"),
    "To keep it safe": ("backup", "restore"),
    "Other systems": ("api_key",),
}
"""All of our commands, in the order in which somebody meets them."""

FOR_WHO_WORKS_ON_IT = {"messages", "openapi"}

_NAME_WIDTH = 16
_LINE_WIDTH = 88


def overview() -> str:
    """One line or more for each command, and where to read on."""
    if not apps.ready:
        django.setup()
    lines = ["usage: regulars COMMAND …; “regulars COMMAND --help” explains each one.", ""]
    for subject, names in SUBJECTS.items():
        lines += [subject, *map(_line, names), ""]
    return "\n".join(
        [
            *lines,
            "A new business takes four: migrate, new-business, staff add, serve.",
            "Settings are environment variables; README.md lists them.",
            "",
        ]
    )


def _line(name: str) -> str:
    said: str | Promise = load_command_class(str(get_commands()[name]), name).help
    words = f"  {name.replace('_', '-'):{_NAME_WIDTH}}{' '.join(str(said).split())}"
    return textwrap.fill(words, _LINE_WIDTH, subsequent_indent=" " * (_NAME_WIDTH + 2))
