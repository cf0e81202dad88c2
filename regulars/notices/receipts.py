"""A receipt as plain text, for who gets it by e-mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from regulars.business.models import Method
from regulars.notices.texts import Unit, money
from regulars.sales.models import Sale

WIDTH = 40
"""Letters of a line in which a name and an amount stand apart."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How the reader is told of amounts and days."""

    locale: Locale
    zone: ZoneInfo
    currency: str

    def money(self, minor: int) -> str:
        return money(minor, self.currency, self.locale)

    def day(self, at: datetime) -> str:
        return format_date(at.astimezone(self.zone).date(), "long", locale=self.locale)

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)


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
    for line in sale.lines.order_by("position"):
        many = f"{wording.number(line.quantity)} \N{MULTIPLICATION SIGN} "
        name = f"{many}{line.name}" if line.quantity > 1 else line.name
        yield _row(name, wording.money(line.charged_minor))
    yield ""
    yield _row(_("Total"), wording.money(sale.charged_minor))
    unit = _unit(sale, wording)
    for payment in sale.payments.filter(removed_by=None).order_by("position"):
        label = str(Method(payment.method).label)
        if payment.points and unit is not None:
            label = unit.points(payment.points)
        yield _row(label, wording.money(payment.amount_minor))
    if sale.refunded_minor:
        yield _row(_("Given back of it"), wording.money(sale.refunded_minor))
    if sale.points_earned and unit is not None:
        yield ""
        yield _row(_("Earned"), unit.points(sale.points_earned))


def _unit(sale: Sale, wording: Wording) -> Unit | None:
    if sale.member is None:
        return None
    programme = sale.member.programme
    return Unit(wording.locale, programme.unit_one, programme.unit_many)


def _row(label: str, amount: str) -> str:
    return f"{label} {amount.rjust(WIDTH - len(label) - 1)}"
