"""Sets up a business from a template: ``regulars new-business``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from regulars.actions.setup.setting_up import new_business
from regulars.business.models import Business


class Command(BaseCommand):
    help = "Set up a studio, a salon or a cinema, with a till and a programme to start from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="What customers know it by.")
        parser.add_argument("--template", choices=Business.Kind.values, required=True)
        parser.add_argument("--slug", help="Its part of addresses; made from the name if absent.")
        parser.add_argument("--currency", required=True, help="EUR, JPY …")
        parser.add_argument("--timezone", required=True, help="Europe/Berlin …")
        parser.add_argument("--locale", default="en", help="Language and region: de, pt-BR …")
        parser.add_argument("--city", default="")
        parser.add_argument("--accent-hue", type=int, default=250, help="0 to 359.")
        parser.add_argument(
            "--accent-chroma", type=int, default=100, help="In thousandths, 0 to 120."
        )
        parser.add_argument(
            "--point-value",
            type=int,
            dest="point_value_minor",
            help="Of a cinema's bonus, in minor units; by default it follows from the currency.",
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        slug = options["slug"] or slugify(options["name"])
        if not slug:
            raise CommandError(_("Say with --slug what stands in its addresses, such as linde."))
        if Business.objects.filter(slug=slug).exists():
            said = _("There is a business “%(slug)s” already; --slug gives this one another name.")
            raise CommandError(said % {"slug": slug})
        fields = ("name", "template", "currency", "timezone", "locale", "city")
        try:
            business = new_business(
                **{field: options[field] for field in fields},
                slug=slug,
                accent=(options["accent_hue"], options["accent_chroma"]),
                at=timezone.now(),
                point_value_minor=options["point_value_minor"],
            )
        except ValidationError as problem:
            raise CommandError(_sentences(problem)) from problem
        self.stdout.write(_("%(name)s is set up as “%(slug)s”.") % vars(business))


def _sentences(problem: ValidationError) -> str:
    by_field = problem.message_dict.items()
    return " ".join(f"{field}: {text}" for field, texts in by_field for text in texts)
