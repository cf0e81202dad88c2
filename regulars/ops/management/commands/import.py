"""Brings in what another system knows: ``regulars import purchases FILE``."""  # noqa: N999 - the command

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.due.importing import (
    Group,
    How,
    Totals,
    import_purchases,
    in_groups,
    try_purchases,
)
from regulars.business.models import Business, Method
from regulars.domain.days import day_of
from regulars.domain.terms import GOODS, Kind
from regulars.ops.importing import alone, sell_all
from regulars.ops.purchases import SPELLINGS, Reading, read_purchases
from regulars.ops.sheets import UnreadableFile, read_sheet
from regulars.programmes.models import Programme

METHODS = (Method.CASH, Method.CARD, Method.ONLINE, Method.TRANSFER)
COLUMNS = {
    "customer": "with the customer's number.",
    "day": "with the day of the purchase.",
    "amount": "with what was charged, in major units.",
    "items": "with the number of items; without it, 1.",
    "receipt": "with the receipt's number, which makes a row known again.",
}


class Command(BaseCommand):
    help = "Bring in what another system knows."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        purchases = what.add_parser(
            "purchases",
            help="Sell purchases of the past, as at the till: CSV or a spreadsheet.",
            epilog="A row is known again by its receipt; where there is none by --source, customer,"
            " day, items and amount. Rows that were imported before are left alone, so a file can"
            " be read again, after a failure or when it has grown.",
        )
        purchases.add_argument("file", type=Path, help="Its first row names the columns.")
        purchases.add_argument("--business", help="Its part of addresses, where there are several.")
        purchases.add_argument("--programme", help="Which one new customers join, by its name.")
        purchases.add_argument("--dry-run", action="store_true", help="Say what would be done.")
        purchases.add_argument("--json", action="store_true", help="The totals for programs.")
        purchases.add_argument(
            "--at-once",
            type=int,
            choices=range(1, settings.THREADS + 1),
            default=min(2, settings.THREADS),
            help="How many groups of customers to write at once.",
        )
        self._add_meaning(purchases)
        for column in SPELLINGS:
            named = f"The column {COLUMNS[column]}"
            purchases.add_argument(f"--{column}", metavar="COLUMN", help=named)

    def _add_meaning(self, parser: CommandParser) -> None:
        parser.add_argument("--sheet", help="Of a spreadsheet, by its name; else the first.")
        parser.add_argument("--date-format", help="As strptime has it, %%d.%%m.%%Y say; else ISO.")
        parser.add_argument("--decimal", choices=[".", ","], default=".", help="The mark.")
        kinds = [str(kind) for kind in GOODS]
        parser.add_argument("--kind", choices=kinds, default=str(Kind.PRODUCT), help="Of item.")
        methods = [str(method) for method in METHODS]
        parser.add_argument(
            "--method", choices=methods, default=methods[0], help="How they were paid."
        )
        parser.add_argument(
            "--source",
            default="import",
            help="Where the file comes from, part of what a row without a receipt is known by."
            " Name it when files of two systems have none. Default: import.",
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        business = _business(options["business"])
        how = How(
            programme_id=_programme(business, options["programme"]).pk,
            kind=options["kind"],
            method=options["method"],
            source=_source(options["source"]),
        )
        totals = Totals()
        try:
            sheet = read_sheet(options["file"], options["sheet"])
            purchases, totals.refused = read_purchases(sheet, _reading(business, options))
        except UnreadableFile as problem:
            raise CommandError(str(problem)) from problem
        if sheet.remark:
            self.stderr.write(sheet.remark)
        groups, repeated = in_groups(business.pk, purchases, how.source)
        totals.refused += repeated
        totals.add(self._sell(business, groups, how, options))
        totals.refused.sort(key=lambda refused: refused.row)
        write = _as_json if options["json"] else _as_text
        self.stdout.write(write(totals, business, is_trial=options["dry_run"]))

    def _sell(
        self, business: Business, groups: Sequence[Group], how: How, options: dict[str, Any]
    ) -> Totals:
        is_trial = options["dry_run"]
        do = try_purchases if is_trial else import_purchases

        def sell(group: Group) -> Totals:
            return do(business.pk, group, how, recorded_at=timezone.now())

        def waits() -> None:
            self.stderr.write(_("Another import into this business is running; this one waits."))

        at_once = 1 if is_trial else options["at_once"]
        with alone(business.pk, waits=waits):
            return sell_all(groups, sell, label=_("Purchases"), at_once=at_once)


def _business(slug: str | None) -> Business:
    if slug is not None:
        named = Business.objects.filter(slug=slug).first()
        if named is None:
            raise CommandError(_("There is no business “%(slug)s”.") % {"slug": slug})
        return named
    found = list(Business.objects.order_by("slug"))
    if len(found) != 1:
        slugs = ", ".join(business.slug for business in found)
        raise CommandError(_("Say which with --business: %(names)s.") % {"names": slugs})
    return found[0]


def _programme(business: Business, name: str | None) -> Programme:
    with scope(business=business):
        programmes = list(Programme.objects.filter(closed_at=None).order_by("name"))
    found = [programme for programme in programmes if name in {None, programme.name}]
    if len(found) != 1:
        names = ", ".join(programme.name for programme in programmes)
        raise CommandError(_("Say which with --programme: %(names)s.") % {"names": names})
    return found[0]


def _source(text: str) -> str:
    if len(text) > 40 or not text.isprintable():
        raise CommandError(_("A source has at most 40 letters."))
    return text


def _reading(business: Business, options: dict[str, Any]) -> Reading:
    return Reading(
        columns={what: options[what] for what in SPELLINGS},
        zone=business.zone,
        today=day_of(timezone.now(), business.zone),
        minor_per_major=business.minor_per_major,
        date_format=options["date_format"],
        decimal_mark=options["decimal"],
    )


def _as_text(totals: Totals, business: Business, *, is_trial: bool) -> str:
    row = _("Row %(row)s: %(why)s")
    level = _("%(level)s: %(points)s points")
    lines = [row % {"row": refused.row, "why": refused.why} for refused in totals.refused]
    lines += [
        level % {"level": name, "points": _number(points)} for name, points in totals.levels.items()
    ]
    if is_trial:
        lines.append(_("Nothing was written. It would be:"))
    said = {
        "members": _number(totals.members),
        "members_new": _number(totals.members_new),
        "sales": _number(totals.sales),
        "sales_new": _number(totals.sales_new),
        "amount": format_currency(_major(totals, business), business.currency, locale="en"),
        "points": _number(totals.points),
        "points_new": _number(totals.points_new),
        "refused": _number(len(totals.refused)),
    }
    summary = _(
        "Members: %(members)s (%(members_new)s new). Sales: %(sales)s (%(sales_new)s new)."
        " Amount: %(amount)s. Points: %(points)s (%(points_new)s new)."
        " Rows refused: %(refused)s."
    )
    return "\n".join([*lines, summary % said])


def _as_json(totals: Totals, business: Business, *, is_trial: bool) -> str:
    return json.dumps(
        {
            "dry_run": is_trial,
            "members": totals.members,
            "members_new": totals.members_new,
            "sales": totals.sales,
            "sales_new": totals.sales_new,
            "amount": _exactly(totals, business),
            "currency": business.currency,
            "points": totals.points,
            "points_new": totals.points_new,
            "levels": totals.levels,
            "refused": [
                {"row": refused.row, "code": refused.code, "why": refused.why}
                for refused in totals.refused
            ],
        }
    )


def _number(number: int) -> str:
    return format_decimal(number, locale="en")


def _major(totals: Totals, business: Business) -> Decimal:
    return Decimal(totals.amount_minor) / business.minor_per_major


def _exactly(totals: Totals, business: Business) -> str:
    """The sum in major units, with all digits that the currency has: 10.50."""
    return str(_major(totals, business).quantize(Decimal(1) / business.minor_per_major))
