"""Who works for a business, and how they sign in: ``regulars staff add``, ``change`` and so on."""

import sys
from argparse import ArgumentTypeError
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.staff.changes import Changes, change_staff, let_go, take_back
from regulars.actions.staff.limits import Limits, add_staff
from regulars.actions.staff.passwords import set_password
from regulars.actions.staff.pins import set_pin
from regulars.business.models import Business, Staff, User
from regulars.domain.errors import Refusal
from regulars.reports.refusals import words

NO_LIMIT = "none"


class Command(BaseCommand):
    help = (
        "Add somebody to the staff of a business, change what they may do, let them go; list who"
        " is there; set passwords and PINs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="Add somebody, in a role; asks for a new password.")
        add.add_argument("--role", required=True, choices=Staff.Role.values)
        add.add_argument("--name", required=True)
        change = verbs.add_parser("change", help="Change somebody's name, role or limits.")
        change.add_argument("--role", choices=Staff.Role.values)
        change.add_argument("--name")
        for verb in (add, change):
            _add_limits(verb)
        leave = verbs.add_parser("leave", help="Somebody leaves, and is out at once.")
        back = verbs.add_parser("return", help="Somebody who left is back.")
        for verb in (add, change, leave, back):
            verb.add_argument("email")
            _add_business(verb)
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
            raise CommandError(_said(refusal)) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        business = _business(options)
        limits = Limits(_limit(options["adjust_limit"]), _limit(options["refund_limit"]))
        role, email = Staff.Role(options["role"]), options["email"]
        try:
            validate_email(email)
        except ValidationError as problem:
            raise CommandError(_("“%s” is no e-mail address.") % email) from problem
        add_staff(business.pk, email, role, name=options["name"], limits=limits)
        self._list(options)
        user = User.objects.get(email=email.strip().lower())
        if not user.has_usable_password():
            self._first_password(options)

    def _first_password(self, options: dict[str, Any]) -> None:
        """Typed, or a line of what is piped in; where there is none, say how to set one."""
        password = _typed(_("Password: "))
        if password:
            self._set_password(options, password)
            return
        said = _("Nobody can sign in as %(email)s yet. Set a password with “%(command)s”.")
        command = f"regulars staff password {options['email']}"
        self.stdout.write(said % {"email": options["email"], "command": command})

    def _change(self, options: dict[str, Any]) -> None:
        changes: Changes = {}
        if options["role"] is not None:
            changes["role"] = Staff.Role(options["role"])
        if options["name"] is not None:
            changes["name"] = options["name"]
        if options["adjust_limit"] is not None:
            changes["adjust_limit_points"] = _limit(options["adjust_limit"])
        if options["refund_limit"] is not None:
            changes["refund_limit_minor"] = _limit(options["refund_limit"])
        change_staff(_business(options).pk, options["email"], **changes)
        self._list(options)

    def _leave(self, options: dict[str, Any]) -> None:
        let_go(_business(options).pk, options["email"])
        self._list(options)

    def _return(self, options: dict[str, Any]) -> None:
        take_back(_business(options).pk, options["email"])
        self._list(options)

    def _list(self, options: dict[str, Any]) -> None:
        with scope(business=_business(options)):
            for staff in Staff.objects.select_related("user").order_by("role", "name"):
                state = "" if staff.is_active else f"  ({_('has left')})"
                who = f"{staff.get_role_display():8}  {staff.name}  {staff.user.email}{state}"
                self.stdout.write(who)

    def _password(self, options: dict[str, Any]) -> None:
        email = options["email"].strip().lower()
        if not User.objects.filter(email=email).exists():
            raise CommandError(_("“%s” works nowhere here.") % options["email"])
        self._set_password(options, _typed(_("Password: ")))

    def _set_password(self, options: dict[str, Any], password: str) -> None:
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


def _add_limits(parser: CommandParser) -> None:
    said = {
        "--adjust-limit": "The most points in one change by hand",
        "--refund-limit": "The most in one refund, in minor units",
    }
    for option, what in said.items():
        told = f"{what}; “{NO_LIMIT}”: what the role may."
        parser.add_argument(option, type=_whole_or_none, metavar="NUMBER", help=told)


def _whole_or_none(text: str) -> int | str:
    """Raises ArgumentTypeError."""
    if text == NO_LIMIT:
        return text
    if not text.isdecimal():
        said = _("“%(text)s” is no whole number; for no limit say “none”.")
        raise ArgumentTypeError(said % {"text": text})
    return int(text)


def _limit(given: int | str | None) -> int | None:
    return given if isinstance(given, int) else None


def _said(refusal: Refusal) -> str:
    """In the words of pages, where they have some for it."""
    why = getattr(refusal, "why", "")
    return str(words.BY_WHY.get(refusal.code, {}).get(why, refusal))


def _business(options: dict[str, Any]) -> Business:
    business = Business.objects.filter(slug=options["business"]).first()
    if business is None:
        raise CommandError(_("There is no business “%s”.") % options["business"])
    return business


def _typed(prompt: str) -> str:
    """Typed unseen, twice; or a line of what is piped in, empty where nothing is."""
    if sys.stdin is None:
        return ""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass(prompt)
    if getpass(_("Once more: ")) != first:
        raise CommandError(_("These two are not the same, so neither was set."))
    return first
