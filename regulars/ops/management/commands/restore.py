"""Puts a backup in the place of the database: ``regulars restore FILE``."""

import os
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from regulars.actions.giftcards.cards import code_hash, read_code
from regulars.business.models import Business
from regulars.giftcards.models import GiftCard
from regulars.ops import dumps, keys, showing
from regulars.ops.servers import unfit


class Command(BaseCommand):
    help = "Put a backup in the place of the database, and verify the books."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="Made by “regulars backup”.")
        parser.add_argument(
            "--replace", action="store_true", help="Even if there are businesses already."
        )
        parser.add_argument("--yes", action="store_true", help="Do not ask again.")
        parser.add_argument(
            "--keys", type=Path, metavar="FILE.keys", help="Take the keys from there, too."
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        source: Path = options["file"].absolute()
        try:
            given = _keys_in(options["keys"]) if options["keys"] else None
            dumps.check(source)
            self._check_target(options)
            dumps.read(source)
        except (dumps.DumpError, keys.BadKeyError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(_("The database is that of %(file)s.") % {"file": source})
        if given is not None:
            _keep(given)
        call_command("migrate", verbosity=0)
        self._check_books()
        self._check_keys(were_given=given is not None)

    def _check_target(self, options: dict[str, Any]) -> None:
        if why := unfit():
            raise CommandError(why)
        if not dumps.is_ours():
            raise CommandError(_("The database holds tables of another program; name another one."))
        if dumps.is_in_use():
            raise CommandError(
                _("The database is in use. Stop “regulars serve” and every worker first.")
            )
        slugs = _businesses()
        if not slugs:
            return
        said = {"count": len(slugs), "names": ", ".join(slugs[:5])}
        held = ngettext(
            "The database holds %(count)s business: %(names)s.",
            "The database holds %(count)s businesses: %(names)s.",
            len(slugs),
        )
        if not options["replace"]:
            raise CommandError(f"{held % said} {_('--replace puts the backup in its place.')}")
        if not options["yes"] and not self._is_confirmed(held % said):
            raise CommandError(_("Nothing was changed."))

    def _is_confirmed(self, held: str) -> bool:
        self.stdout.write(held)
        try:
            answer = input(_("All of it will be replaced. Type “replace” to go on: "))
        except EOFError:
            return False
        return answer.strip() == "replace"

    def _check_books(self) -> None:
        businesses = list(Business.objects.order_by("slug"))
        verdicts = showing.verified_aloud(self.stdout.write, businesses)
        if any(verdict.found for verdict in verdicts):
            raise CommandError(_("The books of this backup are not right; see above."))

    def _check_keys(self, *, were_given: bool) -> None:
        """Try them on a gift card; where there is none, say that they may be others."""
        for slug in _businesses():
            with scope(business=Business.objects.get(slug=slug)):
                card = GiftCard.objects.first()
            if card is None:
                continue
            if not _can_read(card):
                raise CommandError(
                    _(
                        "The keys here are not those of this backup: codes of gift cards can"
                        " neither be found nor read. Put the backup's own into secrets.env in the"
                        " data directory, or restore again with --keys."
                    )
                )
            return
        if not were_given:
            self.stdout.write(
                _(
                    "No gift card is in this backup, so the keys here could not be tried. If it"
                    " comes from another installation, restore it again with --keys: secret codes"
                    " of cards are found with its own keys alone."
                )
            )


def _can_read(card: GiftCard) -> bool:
    try:
        return code_hash(read_code(card)) == bytes(card.code_hash)
    except InvalidToken:
        return False


def _businesses() -> list[str]:
    if "business_business" not in connection.introspection.table_names():
        return []
    return list(Business.objects.order_by("slug").values_list("slug", flat=True))


def _keys_in(path: Path) -> dict[str, str]:
    if any(os.environ.get(name) for name in keys.NAMES):
        raise keys.BadKeyError("The keys come from the environment here: set them there.")
    found = keys.read_file(path)
    keys.check(found)
    keys.require(found)
    return found


def _keep(given: dict[str, str]) -> None:
    """Put the keys of the backup in the place of those that were made here, for later too."""
    path = settings.DATA_DIRECTORY / keys.FILE_NAME
    if path.exists():
        path.replace(path.with_name(f"{path.name}.before"))
    dumps.write_text(path, keys.as_lines(given))
    settings.SECRET_KEY = given[keys.SECRET_KEY]
    settings.LOOKUP_KEY = bytes.fromhex(given[keys.LOOKUP_KEY])
    settings.ENCRYPTION_KEY = given[keys.ENCRYPTION_KEY]
