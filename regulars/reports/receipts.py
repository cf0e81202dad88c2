"""What a receipt says: what was bought, how it was paid, what that earned, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from django.db import connection
from django.utils.translation import gettext as _

from regulars.actions.sales.refund_orders import RefundOutcome
from regulars.business.formats import MINUS, Formats
from regulars.business.models import Method
from regulars.domain.days import day_of
from regulars.domain.errors import NotFound
from regulars.domain.terms import Terms
from regulars.giftcards.models import GiftCard
from regulars.ledger.models import Lot, Operation
from regulars.members.models import Member
from regulars.programmes.models import Version
from regulars.programmes.queries import terms_of
from regulars.reports import wording
from regulars.reports.giving_back import Moved, Telling
from regulars.sales.models import Payment, Refund, RefundLine, Sale, SaleLine

TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sale, ready to be read."""

    position: int
    """From 1."""
    name: str
    quantity: str
    """How many at what price; empty for one piece."""
    amount: str
    discount: str
    earned: str
    """Exactly: "16.64"; empty where nothing is explained."""
    why: str
    refunded: str
    """What came back of it; empty where nothing did."""


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment, with a word beside: how many points, what is left on the gift card."""

    label: str
    amount: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refunded:
    """One refund, and what it moved."""

    when: str
    value: str
    note: str
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sale as its receipt tells it. Everything but ids and the state is ready to be read."""

    sale_id: UUID
    number: int | None
    state: str
    refund_state: str
    """part, whole, or empty."""
    business: str
    city: str
    place: str
    till: str
    when: str
    member_id: UUID | None
    customer_id: UUID | None
    customer: str
    lines: tuple[Line, ...]
    payments: tuple[Paid, ...]
    total: str
    to_pay: str
    """Still to pay; empty where nothing is."""
    has_deposit: bool
    earned: str
    """"35 bonuses"; empty where nothing was earned."""
    earned_note: str
    balance: str
    balance_note: str
    refunds: tuple[Refunded, ...]
    terms_url: str

    @property
    def code(self) -> str:
        """What a scanner types; empty for a sale without a number."""
        return f"R{self.number}" if self.number else ""


def read_receipt(sale_id: UUID, formats: Formats) -> Receipt:
    """Read a sale whole, as it stands now. Asked inside ``scope(business=...)``.

    Raises NotFound.
    """
    found = Sale.objects.select_related(
        "business", "place", "till", "customer", "member__programme"
    )
    sale = found.filter(pk=sale_id).first()
    if sale is None:
        raise NotFound("sale")
    return _Reading(sale, _in_their_words(sale.member, formats)).receipt()


def _in_their_words(member: Member | None, formats: Formats) -> Formats:
    if member is None:
        return formats
    programme = member.programme
    return replace(formats, unit_one=programme.unit_one, unit_many=programme.unit_many)


class _Reading:
    """One sale being read: each part in a statement of its own."""

    def __init__(self, sale: Sale, formats: Formats) -> None:
        self.sale, self.formats = sale, formats
        self.lines = list(sale.lines.select_related("gift_card").order_by("position"))
        paid = sale.payments.filter(removed_by=None).select_related("gift_card__account")
        self.payments = list(paid.order_by("position"))
        self.refunds = list(sale.refunds.select_related("operation").order_by("at", "id"))
        self.settled = self._settled_by()
        self.version = Version.objects.filter(pk=sale.version).first() if sale.version else None
        self.terms: Terms | None = terms_of(self.version.pk) if self.version else None

    def _settled_by(self) -> Operation | None:
        """The operation that completed it, whose explanation says what each line earned."""
        ids = {self.sale.operation, *(payment.operation_id for payment in self.payments)}
        for operation in Operation.objects.filter(pk__in=ids):
            told = operation.explanation.get("sale")
            if isinstance(told, Mapping) and told.get("state") == Sale.State.PAID:
                return operation
        return None

    def receipt(self) -> Receipt:
        sale, formats = self.sale, self.formats
        balance, balance_note = self._balance()
        is_open = sale.state == Sale.State.OPEN
        rest = sale.charged_minor - sum(payment.amount_minor for payment in self.payments)
        return Receipt(
            sale_id=sale.pk,
            number=sale.number,
            state=sale.state,
            refund_state=self._refund_state(),
            business=sale.business.name,
            city=sale.business.city,
            place=sale.place.name if sale.place else "",
            till=sale.till.name if sale.till else "",
            when=said_when(sale.paid_at or sale.opened_at, formats),
            member_id=sale.member_id,
            customer_id=sale.customer_id,
            customer=sale.customer.name if sale.customer else "",
            lines=tuple(self._lines()),
            payments=tuple(self._paid(payment) for payment in self.payments),
            total=formats.money(sale.charged_minor),
            to_pay=formats.money(rest) if is_open else "",
            has_deposit=any(payment.is_deposit for payment in self.payments),
            earned=formats.points(sale.points_earned) if sale.points_earned else "",
            earned_note=self._earned_note(),
            balance=balance,
            balance_note=balance_note,
            refunds=tuple(self._refunded(refund) for refund in self.refunds),
            terms_url=self.version.terms_url if self.version else "",
        )

    def _refund_state(self) -> str:
        if not self.refunds:
            return ""
        return "whole" if self.sale.refunded_minor == self.sale.charged_minor else "part"

    def _lines(self) -> list[Line]:
        explained: Sequence[wording.Line] = (
            self.settled.explanation.get("lines", ()) if self.settled else ()
        )
        back = self._back_by_line()
        told = explained if len(explained) == len(self.lines) else [None] * len(self.lines)
        return [self._line(*each, back) for each in zip(self.lines, told, strict=True)]

    def _back_by_line(self) -> dict[UUID, tuple[int, int]]:
        """Value and pieces that came back of each line."""
        back: dict[UUID, tuple[int, int]] = {}
        for each in RefundLine.objects.filter(refund__in=[one.pk for one in self.refunds]):
            value, pieces = back.get(each.line_id, (0, 0))
            back[each.line_id] = value + each.value_minor, pieces + each.quantity
        return back

    def _line(
        self, line: SaleLine, told: wording.Line | None, back: Mapping[UUID, tuple[int, int]]
    ) -> Line:
        formats = self.formats
        off = line.list_minor - line.charged_minor
        many, each = formats.number(line.quantity), formats.money(line.list_minor // line.quantity)
        value, pieces = back.get(line.pk, (0, 0))
        refunded = ""
        if line.pk in back:
            said = {"pieces": formats.number(pieces), "sum": formats.money(value)}
            refunded = _("%(sum)s given back") % said if value else _("Given back")
        reward = formats.points(line.reward_points) if line.reward_points else ""
        return Line(
            position=line.position,
            name=line.name,
            quantity=f"{many} {TIMES} {each}" if line.quantity > 1 else "",
            amount=formats.money(line.charged_minor),
            discount="" if not off or reward else f"{MINUS}{formats.money(off)}",
            earned=formats.exact(wording.exact_of(told)) if told and _earns(told) else "",
            why=_("Reward for %(points)s") % {"points": reward}
            if reward
            else (wording.why(told, formats) if told else ""),
            refunded=refunded,
        )

    def _paid(self, payment: Payment) -> Paid:
        formats, note = self.formats, ""
        label = str(Method(payment.method).label)
        if payment.method == Method.POINTS:
            label = formats.points(payment.points)
        if payment.gift_card is not None:
            label = f"{label} ···{payment.gift_card.last_four}"
            said = {
                "sum": formats.money(payment.gift_card.account.balance),
                "day": formats.day(formats.today),
            }
            note = _("%(sum)s left on it on %(day)s") % said
        if payment.is_deposit:
            label = _("Deposit, %(method)s") % {"method": label}
        return Paid(label, formats.money(payment.amount_minor), note)

    def _earned_note(self) -> str:
        """From when and until when what it earned can be used."""
        lot = Lot.objects.filter(pk=self.sale.lot).first() if self.sale.lot else None
        if lot is None:
            return ""
        formats = self.formats
        paid_at = self.sale.paid_at or self.sale.opened_at
        said = {"since": formats.day_at(lot.usable_from), "until": ""}
        if lot.usable_until:
            said["until"] = formats.day(formats.last_day(lot.usable_until))
        if lot.usable_from > paid_at:
            if lot.usable_until:
                return _("To use from %(since)s until %(until)s") % said
            return _("To use from %(since)s") % said
        return _("To use until %(until)s") % said if lot.usable_until else _("To use at once")

    def _balance(self) -> tuple[str, str]:
        """What the member could use right after this sale, and what was still to come."""
        if self.settled is None or self.sale.member is None:
            return "", ""
        live, pending = points_after(self.sale.member.account_id, self.settled)
        formats = self.formats
        to_come = {"points": formats.points(pending)}
        note = _("and %(points)s to come") % to_come if pending else ""
        return formats.points(live), note

    def _refunded(self, refund: Refund) -> Refunded:
        formats, told = self.formats, refund.operation.explanation
        moved: tuple[Moved, ...] = ()
        if "refund" in told:
            outcome = RefundOutcome.of(refund.operation_id, told)
            paid = [payment.gift_card for payment in self.payments]
            sold = [line.gift_card for line in self.lines]
            moved = telling_of(self.sale, [*paid, *sold], self.terms, formats).tell(outcome)
        return Refunded(
            when=said_when(refund.at, formats),
            value=formats.money(refund.value_minor),
            note=refund.operation.note,
            moved=moved,
        )


def telling_of_sale(sale_id: UUID, formats: Formats) -> Telling:
    """Puts refunds of a sale into words. Asked inside ``scope(business=...)``."""
    sale = Sale.objects.select_related("member__programme").get(pk=sale_id)
    payments = sale.payments.filter(gift_card__isnull=False).select_related("gift_card")
    lines = sale.lines.filter(gift_card__isnull=False).select_related("gift_card")
    terms = terms_of(sale.version) if sale.version else None
    cards = [payment.gift_card for payment in payments] + [line.gift_card for line in lines]
    return telling_of(sale, cards, terms, _in_their_words(sale.member, formats))


def telling_of(
    sale: Sale, cards: Sequence[GiftCard | None], terms: Terms | None, formats: Formats
) -> Telling:
    """The same, of what was read already; ``cards`` are those that paid and those that it sold."""
    last_four = {card.pk: card.last_four for card in cards if card is not None}
    return Telling(formats, last_four, terms, sale.points_paid)


def said_when(at: datetime, formats: Formats) -> str:
    """ "22 Nov 2026, 19:44", where the business is."""
    day = format_date(day_of(at, formats.zone), "medium", locale=formats.locale)
    return f"{day}, {formats.clock(at)}"


def _earns(told: wording.Line) -> bool:
    return told["why"] in wording.EARNS


# A lot as it stood after an operation: what came, less what operations up to it drew.
_AFTER = """
SELECT
  coalesce(sum(x.points) FILTER (WHERE x.usable_from <= %(at)s
    AND (x.usable_until IS NULL OR x.usable_until > %(at)s)), 0)::bigint,
  coalesce(sum(x.points) FILTER (WHERE x.usable_from > %(at)s), 0)::bigint
FROM (
  SELECT l.usable_from, l.usable_until, l.amount - coalesce((
      SELECT sum(d.points) FROM ledger_draw d
      JOIN ledger_operation o ON o.business_id = d.business_id AND o.id = d.operation_id
      WHERE d.business_id = l.business_id AND d.lot_id = l.id
        AND (o.at, o.id) <= (%(at)s, %(operation)s)), 0) AS points
  FROM ledger_lot l
  JOIN ledger_operation p ON p.business_id = l.business_id AND p.id = l.operation_id
  WHERE l.business_id = %(business)s AND l.account_id = %(account)s
    AND (p.at, p.id) <= (%(at)s, %(operation)s)) x
"""


def points_after(account_id: UUID, operation: Operation) -> tuple[int, int]:
    """Points that an account could use right after an operation, and those still to come then.

    Exact, and the same whenever it is asked: the books only grow, and an account's operations
    follow each other in time.
    """
    asked: dict[str, Any] = {
        "business": operation.business_id,
        "account": account_id,
        "at": operation.at,
        "operation": operation.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, asked)
        live, pending = cursor.fetchone()
    return live, pending
