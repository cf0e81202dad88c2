"""A receipt as plain text, for who gets it by e-mail."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.business.models import Method
from regulars.domain.days import day_of
from regulars.ledger.models import Operation
from regulars.notices import reasons
from regulars.notices.reasons import Line
from regulars.sales.models import Payment, Sale

WIDTH = 40
"""Letters of a line in which a name and an amount stand apart."""


def receipt_values(sale_id: UUID, formats: Formats) -> dict[str, str]:
    """The variables of the message: number, day, and the receipt itself, as it stands now.

    Asked inside ``scope(business=...)``.
    """
    sale = Sale.objects.select_related("member__programme").get(pk=sale_id)
    return {
        "number": str(sale.number) if sale.number else sale.receipt,
        "day": formats.long_day(day_of(sale.paid_at or sale.opened_at, formats.zone)),
        "receipt": "\n".join(_rows(sale, formats)),
    }


def _rows(sale: Sale, formats: Formats) -> Iterator[str]:
    programme = sale.member.programme if sale.member else None
    if programme is not None:
        formats = replace(formats, unit_one=programme.unit_one, unit_many=programme.unit_many)
    payments = list(sale.payments.filter(removed_by=None).order_by("position"))
    yield from _lines(sale, _told(sale, payments), formats)
    yield ""
    yield _row(_("Total"), formats.money(sale.charged_minor))
    for payment in payments:
        is_points = payment.points and programme is not None
        label = formats.points(payment.points) if is_points else Method(payment.method).label
        yield _row(str(label), formats.money(payment.amount_minor))
    if sale.refunded_minor:
        yield _row(_("Given back of it"), formats.money(sale.refunded_minor))
    if sale.points_earned and programme is not None:
        yield ""
        yield _row(_("Earned"), formats.points(sale.points_earned))


def _lines(sale: Sale, told: Sequence[Line], formats: Formats) -> Iterator[str]:
    """Each line, and under it why it earned what it did, where that is known."""
    lines = list(sale.lines.order_by("position"))
    explained = told if len(told) == len(lines) else [None] * len(lines)
    for line, because in zip(lines, explained, strict=True):
        many = f"{formats.number(line.quantity)} \N{MULTIPLICATION SIGN} "
        name = f"{many}{line.name}" if line.quantity > 1 else line.name
        yield _row(name, formats.money(line.charged_minor))
        if because is None:
            continue
        why = reasons.why(because, formats)
        if because["earned"]:
            why = _("Earned %(earned)s: %(why)s") % {
                "earned": formats.number(because["earned"]),
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
