"""A receipt as plain text, for who gets it by e-mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent, get_currency_precision
from django.utils.translation import gettext as _

from regulars.business.languages import clock
from regulars.business.models import Method
from regulars.domain.amounts import PPM
from regulars.ledger.models import Operation
from regulars.notices import reasons
from regulars.notices.reasons import Line
from regulars.notices.texts import Unit, money
from regulars.sales.models import Payment, Sale

WIDTH = 40
"""Letters of a line in which a name and an amount stand apart."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How the reader is told of amounts and days."""

    locale: Locale
    zone: ZoneInfo
    currency: str
    home: Locale
    """The business's own: how clocks count there."""
    unit_one: str = ""
    """What the programme calls a point, where there is one."""
    unit_many: str = ""

    def money(self, minor: int) -> str:
        return money(minor, self.currency, self.locale)

    def day(self, at: datetime) -> str:
        return format_date(at.astimezone(self.zone).date(), "long", locale=self.locale)

    def clock(self, at: datetime) -> str:
        return clock(at, self.zone, self.locale, self.home)

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def points(self, number: int) -> str:
        return Unit(self.locale, self.unit_one, self.unit_many).points(number)

    def percent(self, ppm: int) -> str:
        share = Decimal(ppm) / PPM
        return format_percent(share, locale=self.locale, decimal_quantization=False)

    def rate(self, ppm: int) -> str:
        return format_decimal(Decimal(ppm) / PPM, "#,##0.######", locale=self.locale)

    @property
    def minor_per_major(self) -> int:
        return int(10 ** get_currency_precision(self.currency))


def receipt_values(sale_id: UUID, wording: Wording) -> dict[str, str]:
    """The variables of the message: number, day, and the receipt itself, as it stands now.

    Asked inside ``scope(business=...)``.
    """
    sale = Sale.objects.select_related("member__programme").get(pk=sale_id)
    return {
        "number": str(sale.number) if sale.number else sale.receipt,
        "day": wording.day(sale.paid_at or sale.opened_at),
        "receipt": "\n".join(_rows(sale, wording)),
    }


def _rows(sale: Sale, wording: Wording) -> Iterator[str]:
    programme = sale.member.programme if sale.member else None
    if programme is not None:
        wording = replace(wording, unit_one=programme.unit_one, unit_many=programme.unit_many)
    payments = list(sale.payments.filter(removed_by=None).order_by("position"))
    yield from _lines(sale, _told(sale, payments), wording)
    yield ""
    yield _row(_("Total"), wording.money(sale.charged_minor))
    for payment in payments:
        is_points = payment.points and programme is not None
        label = wording.points(payment.points) if is_points else Method(payment.method).label
        yield _row(str(label), wording.money(payment.amount_minor))
    if sale.refunded_minor:
        yield _row(_("Given back of it"), wording.money(sale.refunded_minor))
    if sale.points_earned and programme is not None:
        yield ""
        yield _row(_("Earned"), wording.points(sale.points_earned))


def _lines(sale: Sale, told: Sequence[Line], wording: Wording) -> Iterator[str]:
    """Each line, and under it why it earned what it did, where that is known."""
    lines = list(sale.lines.order_by("position"))
    explained = told if len(told) == len(lines) else [None] * len(lines)
    for line, because in zip(lines, explained, strict=True):
        many = f"{wording.number(line.quantity)} \N{MULTIPLICATION SIGN} "
        name = f"{many}{line.name}" if line.quantity > 1 else line.name
        yield _row(name, wording.money(line.charged_minor))
        if because is None:
            continue
        why = reasons.why(because, wording)
        if because["earned"]:
            why = _("Earned %(earned)s: %(why)s") % {
                "earned": wording.number(because["earned"]),
                "why": why,
            }
        yield f"  {why}"


def _told(sale: Sale, payments: Sequence[Payment]) -> Sequence[Line]:
    """The explanation of what each line earned; empty where nothing is explained."""
    if sale.state != Sale.State.PAID:
        return ()
    ids = {sale.operation, *(payment.operation_id for payment in payments)}
    for operation in Operation.objects.filter(pk__in=ids):
        if operation.explanation.get("sale", {}).get("state") == Sale.State.PAID:
            return tuple(operation.explanation.get("lines", ()))
    return ()


def _row(label: str, amount: str) -> str:
    return f"{label} {amount.rjust(WIDTH - len(label) - 1)}"
