"""Writes down what the API takes and answers: ``regulars openapi``."""

import json

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from regulars.api.api import api
from regulars.api.views import DESCRIPTION

FILE = DESCRIPTION


def written() -> str:
    """The description of the API as the file has it."""
    schema = api.get_openapi_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False, default=str) + "\n"


class Command(BaseCommand):
    help = "Write the description of the API (OpenAPI 3.1) into the package."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="Print it instead.")

    def handle(self, **options: object) -> None:
        if options["print"]:
            self.stdout.write(written(), ending="")
            return
        FILE.write_text(written(), "utf-8")
        self.stdout.write(_("%(file)s is written.") % {"file": FILE.name})
