"""Our commands as an operator knows them: by their names, without what only Django needs."""

import sys
from argparse import SUPPRESS
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any

import django
from django.core.management import ManagementUtility, get_commands
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    SystemCheckError,
)

import regulars
from regulars.ops.serving import missing_migrations

OF_DJANGO_ALONE = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
}
"""Options that every command of Django has. They work, but ``--help`` does not list them."""

OF_THE_TABLES = {
    "api_key", "import", "new_business", "programme", "queue", "staff", "verify",
}  # fmt: skip
"""Commands that read or write the tables, and so need those of this release; others look."""

BEHIND = "The database has not the tables of this release. Run “regulars migrate”, then try again."


class Commands(ManagementUtility):
    """Finds and runs commands, each by the name that people type: new-business."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """The command of this name, with a dash or an underscore.

        Raises SystemExit with a sentence where there is none.
        """
        name = subcommand.replace("-", "_")
        if name not in get_commands():
            sys.exit(f"regulars: {_unknown(subcommand, get_commands())}")
        command = super().fetch_command(name)
        # Set on this one object: commands of other packages are found by their names, too.
        vars(command).update(
            create_parser=_for_operators(command.create_parser),
            execute=_in_one_sentence(name, command.execute),
        )
        return command


def _unknown(name: str, known: Iterable[str]) -> str:
    if name.startswith("-"):
        return "A command comes first. “regulars help” lists them."
    dashed = [each.replace("_", "-") for each in known]
    meant = get_close_matches(name.replace("_", "-"), dashed, n=1)
    hint = f" Did you mean “{meant[0]}”?" if meant else ""
    return f"There is no command “{name}”.{hint} “regulars help” lists them."


def _for_operators(create: Callable[..., CommandParser]) -> Callable[..., CommandParser]:
    """The parser of a command by the name that is typed, its help without Django's options."""

    def create_parser(program: str, name: str, **options: Any) -> CommandParser:  # noqa: ANN401
        parser = create(program, name.replace("_", "-"), **options)
        for option in OF_DJANGO_ALONE:
            hide(parser, option)
        return parser

    return create_parser


def hide(parser: CommandParser, name: str) -> None:
    """Leave an option, or an argument by its place, out of the help; it is understood as before."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to them
        if name in (action.option_strings or [action.dest]):
            action.help = SUPPRESS


def _in_one_sentence(name: str, execute: Callable[..., str | None]) -> Callable[..., str | None]:
    """What an operator can solve is said as everything else is: ``regulars: `` and why."""

    def executed(*arguments: Any, **options: Any) -> str | None:  # noqa: ANN401
        if name in OF_THE_TABLES and missing_migrations():
            sys.exit(f"regulars: {BEHIND}")
        try:
            return execute(*arguments, **options)
        except SystemCheckError:
            raise
        except CommandError as problem:
            if options.get("traceback"):
                raise
            sys.exit(f"regulars: {problem}")

    return executed


def check(arguments: Sequence[str]) -> None:
    """Refuse a command line that begins with no command, before anything is made for it.

    Looks for files: asking Django would read the settings, and with them keys that a first start
    has yet to make.

    Raises SystemExit with a sentence.
    """
    name = arguments[0]
    if name != "help" and name.replace("-", "_") not in _found():
        sys.exit(f"regulars: {_unknown(name, _found())}")


def _found() -> set[str]:
    ours, django_s = Path(regulars.__file__).parent, Path(django.__file__).parent
    files = chain(
        ours.glob("*/management/commands/[a-z]*.py"),
        django_s.glob("core/management/commands/[a-z]*.py"),
        django_s.glob("contrib/*/management/commands/[a-z]*.py"),
    )
    return {file.stem for file in files}


def run(command_line: Sequence[str]) -> None:
    """Run one command line, the program's name first."""
    Commands(list(command_line)).execute()
