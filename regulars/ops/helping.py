"""What ``regulars help`` lists: our own commands and what each is for."""

import textwrap

import django
from django.apps import apps
from django.core.management import get_commands, load_command_class

OF_DJANGO = {"migrate": "Make the tables, or bring them up to this release."}
"""Commands of Django that somebody who runs Regulars needs, in our words."""

FOR_WHO_WORKS_ON_IT = {"messages", "openapi"}

_NAME_WIDTH = 16
_LINE_WIDTH = 88


def overview() -> str:
    """One line or more for each command, and where to read on."""
    if not apps.ready:
        django.setup()
    known = get_commands()
    ours = {name for name, app in known.items() if str(app).startswith("regulars.")}
    said = OF_DJANGO | {
        name: str(load_command_class(str(known[name]), name).help)
        for name in ours - FOR_WHO_WORKS_ON_IT
    }
    lines = [_line(name, said[name]) for name in sorted(said)]
    return "\n".join(
        [
            "Commands of Regulars; “regulars COMMAND --help” explains each one:",
            "",
            *lines,
            "",
            "“regulars help --commands” lists those of Django, too.",
            "",
        ]
    )


def _line(name: str, said: str) -> str:
    name = name.replace("_", "-")
    words = f"  {name:{_NAME_WIDTH}}{' '.join(said.split())}"
    return textwrap.fill(words, _LINE_WIDTH, subsequent_indent=" " * (_NAME_WIDTH + 2))
