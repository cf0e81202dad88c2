"""Programmes as TOML files: ``regulars programme export`` and ``regulars programme import``."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.setup.setting_up import bring_in
from regulars.business.models import Business
from regulars.domain.errors import TermsRefused
from regulars.programmes.models import Programme
from regulars.programmes.queries import draft_of, version_at
from regulars.programmes.toml import from_toml, to_toml


class Command(BaseCommand):
    help = "Write a programme as a TOML file, or save one as its next version."

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        export = does.add_parser("export", help="Write what a programme promises now.")
        export.add_argument("business", help="The business's part of addresses.")
        export.add_argument("--programme", help="Its name, where there are several.")
        bring = does.add_parser("import", help="Save a file as the programme's next version.")
        bring.add_argument("business", help="The business's part of addresses.")
        bring.add_argument("file", help="The file; - reads what is piped in.")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        business = Business.objects.filter(slug=options["business"]).first()
        if business is None:
            raise CommandError(
                _("There is no business “%(slug)s”.") % {"slug": options["business"]}
            )
        with scope(business=business):
            if options["does"] == "export":
                self._export(options["programme"])
            else:
                self._import(business, options["file"])

    def _export(self, name: str | None) -> None:
        programmes = Programme.objects.filter(closed_at=None)
        found = list(programmes.filter(name=name) if name else programmes)
        if len(found) != 1:
            names = ", ".join(programme.name for programme in programmes)
            raise CommandError(_("Say which with --programme: %(names)s.") % {"names": names})
        version = version_at(found[0].pk, timezone.now())
        assert version is not None, "a programme is made with its first version"
        self.stdout.write(to_toml(draft_of(version)), ending="")

    def _import(self, business: Business, file: str) -> None:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        except OSError as problem:
            said = {"file": file, "why": problem.strerror}
            raise CommandError(_("%(file)s cannot be read: %(why)s.") % said) from problem
        except UnicodeDecodeError as problem:
            raise CommandError(_("%(file)s is no text in UTF-8.") % {"file": file}) from problem
        try:
            draft = from_toml(text, zone=business.zone, minor_per_major=business.minor_per_major)
            version = bring_in(business.pk, draft, author=None, at=timezone.now())
        except TermsRefused as problem:
            raise CommandError(str(problem)) from problem
        saved = {"name": draft.name, "number": version.number}
        self.stdout.write(_("“%(name)s” is saved as version %(number)s.") % saved)
