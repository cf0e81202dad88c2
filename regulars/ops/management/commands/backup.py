"""Copies the database into one file: ``regulars backup FILE``."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from regulars.ops import dumps, keys


class Command(BaseCommand):
    help = "Copy the whole database into one file, while business goes on."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="It appears when it is whole.")
        parser.add_argument("--overwrite", action="store_true", help="Replace a file of this name.")
        parser.add_argument(
            "--with-keys",
            action="store_true",
            help="Copy the keys, too, into FILE.keys. Whoever has both files can read everything.",
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        target: Path = options["file"].absolute()
        with_keys = target.with_name(f"{target.name}.keys") if options["with_keys"] else None
        for path in filter(None, (target, with_keys)):
            if os.path.isdir(path):  # noqa: PTH112 - its own raises
                raise CommandError(_("%(file)s is a directory; name a file.") % {"file": path})
            if os.path.exists(path) and not options["overwrite"]:  # noqa: PTH110 - its own raises
                raise CommandError(_("%(file)s exists; --overwrite replaces it.") % {"file": path})
        try:
            size = dumps.write(target)
            if with_keys is not None:
                found = keys.read(settings.DATA_DIRECTORY, os.environ)
                dumps.write_text(with_keys, keys.as_lines(found))
        except dumps.DumpError as problem:
            raise CommandError(str(problem)) from problem
        said = {"file": target, "size": filesizeformat(size), "keys": with_keys}
        self.stdout.write(_("The database is in %(file)s (%(size)s).") % said)
        self.stdout.write(
            (_("The keys are in %(keys)s. Keep the two apart.") % said)
            if with_keys
            else _(
                "The keys are not in it. Without them codes of gift cards can neither be found"
                " nor read: keep a copy of them, and elsewhere."
            )
        )
