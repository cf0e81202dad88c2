"""Makes the tables, or brings them up to this release: ``regulars migrate``."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate

from regulars.ops.commanding import hide
from regulars.ops.servers import unfit

FOR_WHO_WORKS_ON_IT = (
    "app_label",
    "migration_name",
    "--noinput",
    "--database",
    "--fake",
    "--fake-initial",
    "--run-syncdb",
    "--prune",
)


class Command(migrate.Command):
    """Django's own; what only somebody who works on Regulars needs is not listed by --help."""

    help = "Make the tables, or bring them up to this release."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        for name in FOR_WHO_WORKS_ON_IT:
            hide(parser, name)

    def handle(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        if why := unfit():
            raise CommandError(why)
        super().handle(*arguments, **options)
