"""Who works for a business: ``regulars staff add`` and ``regulars staff list``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.staff import Limits, add_staff
from regulars.business.models import Business, Staff
from regulars.domain.errors import Refusal


class Command(BaseCommand):
    help = "Add somebody to the staff of a business, or list who is there."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="Add somebody, in a role.")
        add.add_argument("email")
        add.add_argument("--business", required=True, help="The business's short name.")
        add.add_argument("--role", required=True, choices=Staff.Role.values)
        add.add_argument("--name", required=True)
        add.add_argument("--adjust-limit", type=int, help="The most points in one change by hand.")
        add.add_argument("--refund-limit", type=int, help="The most in one refund, in minor units.")
        listed = verbs.add_parser("list", help="List the staff.")
        listed.add_argument("--business", required=True, help="The business's short name.")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        business = Business.objects.filter(slug=options["business"]).first()
        if business is None:
            raise CommandError(_("There is no business “%s”.") % options["business"])
        if options["verb"] == "add":
            self._add(business, options)
        with scope(business=business):
            for staff in Staff.objects.select_related("user").order_by("role", "name"):
                self.stdout.write(f"{staff.get_role_display():8}  {staff.name}  {staff.user.email}")

    def _add(self, business: Business, options: dict[str, Any]) -> None:
        limits = Limits(options["adjust_limit"], options["refund_limit"])
        role = Staff.Role(options["role"])
        try:
            validate_email(options["email"])
            add_staff(business.pk, options["email"], role, name=options["name"], limits=limits)
        except ValidationError as problem:
            raise CommandError(_("“%s” is no e-mail address.") % options["email"]) from problem
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
