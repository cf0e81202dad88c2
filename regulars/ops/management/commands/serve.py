"""Serves the pages: ``regulars serve``."""

import os
import signal
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.ops import serving

MOST_PORT = 65_535


class Command(BaseCommand):
    help = "Serve the pages, with the worker beside them, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_serving_arguments(parser)
        parser.add_argument(
            "--migrate", action="store_true", help="Bring the database up to this release first."
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        served = serving_of(options)
        if missing := serving.missing_migrations():
            if not options["migrate"]:
                text = ngettext(
                    "The database is %(count)s step behind this release. "
                    "Run “regulars migrate”, or “regulars serve --migrate”.",
                    "The database is %(count)s steps behind this release. "
                    "Run “regulars migrate”, or “regulars serve --migrate”.",
                    missing,
                )
                raise CommandError(text % {"count": missing})
            call_command("migrate", verbosity=0)
        serve(self, served)


def add_serving_arguments(parser: CommandParser) -> None:
    """The options that every command that serves has."""
    parser.add_argument("--host", default="127.0.0.1", help="The address to listen on.")
    parser.add_argument("--port", type=int, default=8000, help="The port to listen on.")
    parser.add_argument(
        "--processes",
        type=int,
        default=min(serving.MOST_WORKERS, os.cpu_count() or 1),
        help="Processes of the web server.",
    )
    parser.add_argument(
        "--no-worker", action="store_true", help="Run no worker: another machine has one."
    )


def serving_of(options: dict[str, Any]) -> serving.Serving:
    """What the options ask for, if it can be had.

    Raises CommandError with a sentence for whoever runs it.
    """
    if not 0 < options["port"] <= MOST_PORT or options["processes"] < 1:
        raise CommandError(_("A port is 1 to 65535, and there is at least one process."))
    served = serving.Serving(
        host=options["host"],
        port=options["port"],
        processes=options["processes"],
        with_worker=not options["no_worker"] and serving.has_worker(),
    )
    try:
        served.check_port()
    except serving.ServingError as problem:
        raise CommandError(str(problem)) from problem
    return served


def serve(command: BaseCommand, served: serving.Serving) -> None:
    """Serve until Ctrl-C, and say where.

    Raises CommandError where the web server ends by itself.
    """

    def announce() -> None:
        text = _("Regulars is at %(url)s and ends with Ctrl-C.") % {"url": served.url}
        command.stdout.write(command.style.SUCCESS(text))
        command.stdout.flush()

    try:
        ended_by = served.run(announce)
    except serving.ServingError as problem:
        raise CommandError(str(problem)) from problem
    if ended_by != signal.SIGINT:
        sys.exit(128 + ended_by)
    command.stdout.write(_("Stopped."))
