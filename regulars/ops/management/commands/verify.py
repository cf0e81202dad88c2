"""Proves on a live database that the books are right: ``regulars verify``."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from regulars.business.models import Business
from regulars.ops import showing


class Command(BaseCommand):
    help = "Prove that the books are right. Reads only; may run while business goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--business", metavar="SLUG", help="Only this one.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        businesses = _chosen(options["business"])
        if options["json"]:
            verdicts = showing.verified_quietly(businesses)
            self.stdout.write(json.dumps(showing.as_data(verdicts, businesses), indent=2))
        else:
            verdicts = showing.verified_aloud(self.stdout.write, businesses)
        breached = sum(bool(verdict.found) for verdict in verdicts)
        if breached:
            raise CommandError(
                _("%(breached)s of %(tried)s invariants are breached.")
                % {"breached": breached, "tried": len(verdicts)}
            )


def _chosen(slug: str | None) -> list[Business]:
    if slug is None:
        return list(Business.objects.order_by("slug"))
    found = list(Business.objects.filter(slug=slug))
    if not found:
        raise CommandError(_("There is no business “%(slug)s”.") % {"slug": slug})
    return found
