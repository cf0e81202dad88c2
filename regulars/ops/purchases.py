"""Understands a table of purchases: which column is what, and what each row says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from regulars.actions.due.importing import PastPurchase, Refused
from regulars.actions.sales.orders import MOST_QUANTITY
from regulars.domain.amounts import MOST_MINOR
from regulars.ops.sheets import Cell, Sheet, UnreadableFile

SPELLINGS: Mapping[str, frozenset[str]] = {
    "customer": frozenset(
        {
            "customer",
            "customer id",
            "customer no",
            "customer number",
            "client",
            "client id",
            "client number",
            "member",
            "member id",
            "member number",
        }
    ),
    "day": frozenset(
        {
            "day",
            "date",
            "purchase date",
            "purchased",
            "purchased on",
            "paid on",
            "sale date",
            "order date",
            "transaction date",
        }
    ),
    "amount": frozenset(
        {"amount", "total", "charged", "price", "sum", "value", "spent", "total amount"}
    ),
    "items": frozenset({"items", "quantity", "qty", "pieces", "number of items", "units"}),
    "receipt": frozenset(
        {
            "receipt",
            "receipt id",
            "receipt no",
            "receipt number",
            "invoice",
            "invoice number",
            "order id",
            "order number",
            "transaction id",
        }
    ),
}
"""By which names each column is found: in lower case, words parted by single spaces."""

NEEDED = ("customer", "day", "amount")
LONGEST_TEXT = 200
FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file says what it says."""

    columns: Mapping[str, str | None]
    """The columns named by the operator, by what they are; None = find it."""
    zone: ZoneInfo
    today: date
    minor_per_major: int
    date_format: str | None = None
    """As ``strptime`` has it; None = ISO 8601."""
    decimal_mark: str = "."


class _BadRow(Exception):
    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def read_purchases(sheet: Sheet, reading: Reading) -> tuple[list[PastPurchase], list[Refused]]:
    """The purchases of a table, in its order, and the rows that make no sense.

    Raises UnreadableFile when a column is missing.
    """
    places = find_columns(sheet.columns, reading.columns)
    row_reader = _RowReader(places, reading)
    purchases, refused = [], []
    for number, cells in sheet.rows:
        try:
            purchases.append(row_reader.read(number, cells))
        except _BadRow as problem:
            refused.append(Refused(number, problem.code, str(problem)))
    return purchases, refused


def find_columns(columns: Sequence[str], named: Mapping[str, str | None]) -> dict[str, int]:
    """Which column is what: as named, else by its name.

    Raises UnreadableFile when one that is needed is not there, or there are two.
    """
    places, missing = {}, []
    for what, spellings in SPELLINGS.items():
        found = _places_of(columns, named.get(what), spellings)
        if len(found) > 1:
            names = ", ".join(columns[place] for place in found)
            said = {"names": names, "option": f"--{what}"}
            raise UnreadableFile(_("Say with %(option)s which it is: %(names)s.") % said)
        if found:
            places[what] = found[0]
        elif what in NEEDED or named.get(what):
            missing.append(f"--{what}")
    if missing:
        said = {"names": ", ".join(columns), "options": ", ".join(missing)}
        raise UnreadableFile(
            _("Say with %(options)s which column it is. The columns are: %(names)s.") % said
        )
    return places


def _places_of(columns: Sequence[str], named: str | None, spellings: frozenset[str]) -> list[int]:
    wanted = frozenset({_plain(named)}) if named else spellings
    return [place for place, name in enumerate(columns) if _plain(name) in wanted]


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


class _RowReader:
    def __init__(self, places: Mapping[str, int], reading: Reading) -> None:
        self._customer = places["customer"]
        self._day = places["day"]
        self._amount = places["amount"]
        self._items = places.get("items")
        self._receipt = places.get("receipt")
        self._reading = reading
        self._amounts = _amounts_with(reading.decimal_mark)

    def read(self, number: int, cells: Sequence[Cell]) -> PastPurchase:
        customer = _text(_at(cells, self._customer))
        if not customer:
            raise _BadRow("no_customer", _("It names no customer."))
        return PastPurchase(
            row=number,
            customer=customer,
            day=self._read_day(_at(cells, self._day)),
            amount_minor=self._read_amount(_at(cells, self._amount)),
            items=_items(_at(cells, self._items)),
            receipt=_text(_at(cells, self._receipt)),
        )

    def _read_day(self, cell: Cell) -> date:
        day = cell if isinstance(cell, date) else self._parse_day(cell)
        if isinstance(day, datetime):
            day = (day.astimezone(self._reading.zone) if day.tzinfo else day).date()
        if day < FIRST_DAY:
            raise _BadRow("bad_day", _("“%(text)s” lies too long ago.") % {"text": cell})
        if day > self._reading.today:
            raise _BadRow("in_future", _("“%(text)s” is still to come.") % {"text": cell})
        return day

    def _parse_day(self, text: str) -> date:
        form = self._reading.date_format
        try:
            if form is not None:
                return datetime.strptime(text, form)  # noqa: DTZ007 - a day, unless it has %z
            if len(text) == len("2026-11-22"):
                return date.fromisoformat(text)
            return datetime.fromisoformat(text)
        except ValueError as problem:
            said = {"text": text, "form": form or "2026-11-22"}
            why = _("“%(text)s” is no day like %(form)s.")
            if form is None:
                why = _("“%(text)s” is no day like %(form)s; --date-format says how days stand.")
            raise _BadRow("bad_day", why % said) from problem

    def _read_amount(self, cell: Cell) -> int:
        text = str(cell)
        parts = self._amounts.fullmatch(text)
        if parts is None:
            why = _("“%(text)s” is no amount of money from 0 on.")
            raise _BadRow("bad_amount", why % {"text": text})
        whole = re.sub(r"\D", "", parts["whole"])
        minor = Decimal(f"{whole}.{parts['rest'] or 0}") * self._reading.minor_per_major
        if minor != int(minor):
            why = _("“%(text)s” has more digits than the currency.")
            raise _BadRow("bad_amount", why % {"text": text})
        if minor > MOST_MINOR:
            why = _("“%(text)s” is more than an amount can be.")
            raise _BadRow("bad_amount", why % {"text": text})
        return int(minor)


def _amounts_with(decimal_mark: str) -> re.Pattern[str]:
    """Amounts as people write them: thousands may be parted where the decimals show by what."""
    mark = re.escape(decimal_mark)
    parts = "[ \u00a0\u202f'\u2019]" + ("|," if decimal_mark == "." else r"|\.")
    return re.compile(
        rf"(?P<whole>[0-9]{{1,15}}|[0-9]{{1,3}}(?:(?:{parts})[0-9]{{3}}){{1,4}}(?={mark}))"
        rf"(?:{mark}(?P<rest>[0-9]{{0,15}}))?"
    )


def _at(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else ""


def _text(cell: Cell) -> str:
    text = str(cell)
    if len(text) > LONGEST_TEXT:
        raise _BadRow("bad_text", _("“%(text)s…” is too long.") % {"text": text[:40]})
    if not text.isprintable():
        raise _BadRow("bad_text", _("It contains signs that cannot be printed."))
    return text


def _items(cell: Cell) -> int:
    text = str(cell)
    if not text:
        return 1
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= MOST_QUANTITY:
        said = {"text": text, "most": MOST_QUANTITY}
        why = _("“%(text)s” is no number of items: 1 to %(most)s.")
        raise _BadRow("bad_items", why % said)
    return int(text)
