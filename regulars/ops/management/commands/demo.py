"""Runs three made-up businesses: ``regulars demo``."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.ops import serving
from regulars.ops.demonstration import seeding
from regulars.ops.management.commands.serve import add_serving_arguments, serve, serving_of


class Command(BaseCommand):
    help = "Run three made-up businesses, in a data directory of their own."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_serving_arguments(parser)
        parser.add_argument(
            "--reset", action="store_true", help="Forget what was done, and begin anew from today."
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        served = serving_of(options)  # Before anything is cleared away under one that runs.
        try:
            self._prepare(reset=options["reset"])
        except seeding.NotADemonstrationError as problem:
            text = _(
                "This database holds other businesses (%(names)s); a demonstration needs one of "
                "its own."
            )
            raise CommandError(text % {"names": problem}) from problem
        serve(self, served)

    def _prepare(self, *, reset: bool) -> None:
        """Have the three businesses there, made once."""
        if not reset and serving.missing_migrations():
            self._say(_("Making the tables."))
            call_command("migrate", verbosity=0)
        if not reset and seeding.is_complete():
            return
        if reset or not seeding.is_empty():
            self._say(_("Clearing away the last demonstration."))
            seeding.clear()
        self._say(_("Making up three businesses and their regulars."))
        seeding.seed(timezone.now())

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
