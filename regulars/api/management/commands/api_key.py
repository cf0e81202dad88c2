"""Makes, lists and revokes keys of the API: ``regulars api-key``."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.setup.api_keys import create_api_key, revoke_api_key
from regulars.api.scopes import MEANINGS, Scope
from regulars.business.models import ApiKey, Business
from regulars.domain.errors import NotFound


class Command(BaseCommand):
    help = "Make, list and revoke keys by which other systems use the API."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        scopes = "; ".join(f"{scope}: {meaning}" for scope, meaning in MEANINGS.items())

        create = actions.add_parser("create", help="Make a key and show it, this once.")
        create.add_argument("--name", required=True, help="What it is for.")
        create.add_argument(
            "--scope",
            dest="scopes",
            action="append",
            choices=[*map(str, Scope), "all"],
            required=True,
            help=f"May be given several times. {scopes}.",
        )
        create.add_argument("--staff", default="", help="E-mail of whose name it acts in.")
        actions.add_parser("list", help="List the keys, without what opens.")
        revoke = actions.add_parser("revoke", help="Let a key in no longer.")
        revoke.add_argument("key", type=UUID, help="Its id, from the list.")
        for action in actions.choices.values():
            action.add_argument("--business", required=True, help="Its part of addresses.")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        business = Business.objects.filter(slug=options["business"]).first()
        if business is None:
            raise CommandError(
                _("There is no business “%(slug)s”.") % {"slug": options["business"]}
            )
        action = {"create": self._create, "list": self._list, "revoke": self._revoke}
        try:
            action[options["action"]](business, options)
        except NotFound as refusal:
            raise CommandError(str(refusal)) from refusal

    def _create(self, business: Business, options: dict[str, Any]) -> None:
        scopes = list(Scope) if "all" in options["scopes"] else options["scopes"]
        made = create_api_key(
            business.pk,
            name=options["name"],
            scopes=scopes,
            staff_email=options["staff"],
            at=timezone.now(),
        )
        self.stderr.write(_("This is the key; it is shown only now:"))
        self.stdout.write(made.text)

    def _list(self, business: Business, _options: dict[str, Any]) -> None:
        with scope(business=business):
            keys = list(ApiKey.objects.order_by("created_at"))
        for key in keys:
            state = _("revoked") if key.revoked_at else _("open")
            used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else _("never used")
            self.stdout.write(f"{key.pk}  {key.name}  {state}  {used}  {' '.join(key.scopes)}")

    def _revoke(self, business: Business, options: dict[str, Any]) -> None:
        revoke_api_key(business.pk, options["key"], at=timezone.now())
        self.stdout.write(_("The key is revoked."))
