"""Who works for a business: ``regulars staff add``, ``list``, ``password`` and ``pin``."""

import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.staff.limits import Limits, add_staff
from regulars.actions.staff.passwords import set_password
from regulars.actions.staff.pins import set_pin
from regulars.business.models import Business, Staff, User
from regulars.domain.errors import Refusal


class Command(BaseCommand):
    help = "Add somebody to the staff of a business, list who is there, set passwords and PINs."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="Add somebody, in a role; asks for a new password.")
        add.add_argument("email")
        _add_business(add)
        add.add_argument("--role", required=True, choices=Staff.Role.values)
        add.add_argument("--name", required=True)
        add.add_argument("--adjust-limit", type=int, help="The most points in one change by hand.")
        add.add_argument("--refund-limit", type=int, help="The most in one refund, in minor units.")
        _add_business(verbs.add_parser("list", help="List the staff."))
        password = verbs.add_parser("password", help="Set the password somebody signs in with.")
        password.add_argument("email")
        pin = verbs.add_parser("pin", help="Set the PIN by which somebody takes over at a till.")
        pin.add_argument("email")
        _add_business(pin)

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        business = _business(options)
        limits = Limits(options["adjust_limit"], options["refund_limit"])
        role, email = Staff.Role(options["role"]), options["email"]
        try:
            validate_email(email)
        except ValidationError as problem:
            raise CommandError(_("“%s” is no e-mail address.") % email) from problem
        add_staff(business.pk, email, role, name=options["name"], limits=limits)
        self._list(options)
        user = User.objects.get(email=email.strip().lower())
        if sys.stdin.isatty() and not user.has_usable_password():
            self._password(options)

    def _list(self, options: dict[str, Any]) -> None:
        with scope(business=_business(options)):
            for staff in Staff.objects.select_related("user").order_by("role", "name"):
                self.stdout.write(f"{staff.get_role_display():8}  {staff.name}  {staff.user.email}")

    def _password(self, options: dict[str, Any]) -> None:
        password = _typed(_("Password: "))
        try:
            set_password(options["email"], password)
        except ValidationError as problem:
            again = _("Set one with “regulars staff password %s”.") % options["email"]
            raise CommandError(" ".join([*problem.messages, again])) from problem
        self.stdout.write(_("The password of %s is set.") % options["email"])

    def _pin(self, options: dict[str, Any]) -> None:
        email = options["email"].strip().lower()
        with scope(business=_business(options)):
            staff = Staff.objects.filter(user__email=email, is_active=True).first()
        if staff is None:
            raise CommandError(_("“%s” does not work there.") % email)
        set_pin(staff, _typed(_("PIN, 4 to 8 digits: ")))
        self.stdout.write(_("The PIN of %s is set.") % staff.name)


def _add_business(parser: CommandParser) -> None:
    parser.add_argument("--business", required=True, help="The business's short name.")


def _business(options: dict[str, Any]) -> Business:
    business = Business.objects.filter(slug=options["business"]).first()
    if business is None:
        raise CommandError(_("There is no business “%s”.") % options["business"])
    return business


def _typed(prompt: str) -> str:
    """Typed unseen, twice; or a line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass(prompt)
    if getpass(_("Once more: ")) != first:
        raise CommandError(_("These two are not the same; nothing was changed."))
    return first
