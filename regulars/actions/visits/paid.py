"""What was paid for visits, and what of it goes back when they are cancelled; reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line of a paid sale that is for a visit, with nothing of it refunded yet."""

    sale_id: UUID
    number: int | None
    """Of the receipt."""
    position: int
    """From 1."""
    charged_minor: int
    points_part_minor: int
    is_online: bool
    """All of the sale was paid here, and goes back by itself."""


@dataclass(frozen=True, slots=True)
class PaidFor:
    """How a visit was paid, as it stands now."""

    lines: tuple[PaidLine, ...] = ()
    """None once part of it was refunded: the rest is between the customer and the desk."""
    being_paid: tuple[UUID, ...] = ()
    """Purchases on the site that are not paid whole yet; they are called off with the visit."""
    open_at_till: bool = False
    """It is in a sale that a till has begun, and that staff finish or call off there."""
    refunded_minor: int = 0
    """Of its price: what was given back, in money and in points."""
    is_noted: bool = False
    """The visit was cancelled, and what goes back by itself is on its way."""

    @property
    def goes_back(self) -> bool:
        """Whether cancelling lets something go back by itself."""
        return bool(self.being_paid) or any(line.is_online for line in self.lines)

    @property
    def online_minor(self) -> int:
        """Paid here in money or with gift cards: it goes back to where it came from."""
        return _money(line for line in self.lines if line.is_online)

    @property
    def points_part_minor(self) -> int:
        """What points paid of what goes back by itself: they come back, too."""
        return sum(line.points_part_minor for line in self.lines if line.is_online)

    @property
    def desk_minor(self) -> int:
        """Taken at a till, or by another system: it is given back there, points included."""
        return sum(line.charged_minor for line in self.lines if not line.is_online)

    @property
    def charged_minor(self) -> int:
        return sum(line.charged_minor for line in self.lines)


NOT_PAID = PaidFor()


def _money(lines: Iterable[PaidLine]) -> int:
    return sum(line.charged_minor - line.points_part_minor for line in lines)


# A sale is paid online where nothing of it was taken at a till, nor by another system that calls it
# online, too: what we did not take we cannot give back.
_PAID = """
SELECT l.booking, l.sale_id, s.number, l.position, l.charged_minor, l.points_part_minor, s.state,
  s.channel = 'online' AND NOT EXISTS (
    SELECT FROM sales_payment p
    WHERE p.business_id = s.business_id AND p.sale_id = s.id AND p.removed_by IS NULL
      AND p.method NOT IN ('points', 'gift_card')
      AND (p.method <> 'online' OR NOT EXISTS (
        SELECT FROM sales_onlinepayment o
        WHERE o.business_id = p.business_id AND o.sale_id = p.sale_id AND o.payment_id = p.id))),
  (SELECT coalesce(sum(r.value_minor), 0)::bigint FROM sales_refundline r
   WHERE r.business_id = l.business_id AND r.line_id = l.id),
  EXISTS (SELECT FROM bookings_booking k
    WHERE k.business_id = l.business_id AND k.id = l.booking AND k.gives_back_at IS NOT NULL)
FROM sales_saleline l
JOIN sales_sale s ON s.business_id = l.business_id AND s.id = l.sale_id
WHERE l.business_id = %s AND l.booking = ANY(%s::uuid[]) AND s.state IN ('open', 'paid')
ORDER BY l.sale_id, l.position
"""


def paid_for(business_id: UUID, booking_ids: Iterable[UUID]) -> Mapping[UUID, PaidFor]:
    """How visits were paid, in one statement; those that nothing was paid for are not there."""
    wanted = list(booking_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [business_id, wanted])
        rows = cursor.fetchall()
    by_booking: dict[UUID, list[_Row]] = {}
    for booking_id, *row in rows:
        by_booking.setdefault(booking_id, []).append(_Row(*row))
    return {booking_id: _told(lines) for booking_id, lines in by_booking.items()}


def paid_for_one(business_id: UUID, booking_id: UUID) -> PaidFor:
    """How one visit was paid."""
    return paid_for(business_id, [booking_id]).get(booking_id, NOT_PAID)


@dataclass(frozen=True, slots=True)
class Returned:
    """Where the money of cancelled visits is by now, in minor units, points included."""

    given_back_minor: int = 0
    going_back_minor: int = 0
    """It goes back by itself in a while: at once was not possible."""
    at_desk_minor: int = 0
    """Taken at a till, or by another system: to be given back there."""


def returned_of(found: Iterable[PaidFor]) -> Returned:
    """Where the money of visits is that were cancelled so that it goes back."""
    paid = list(found)
    return Returned(
        given_back_minor=sum(each.refunded_minor for each in paid),
        going_back_minor=sum(
            each.charged_minor - each.desk_minor for each in paid if each.is_noted
        ),
        at_desk_minor=sum(each.desk_minor for each in paid),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    sale_id: UUID
    number: int | None
    position: int
    charged_minor: int
    points_part_minor: int
    state: str
    is_ours: bool
    refunded_minor: int
    is_noted: bool

    @property
    def paid_line(self) -> PaidLine:
        return PaidLine(
            self.sale_id,
            self.number,
            self.position,
            self.charged_minor,
            self.points_part_minor,
            self.is_ours,
        )


def _told(rows: list[_Row]) -> PaidFor:
    refunded = sum(row.refunded_minor for row in rows)
    paid = [row.paid_line for row in rows if row.state == "paid" and row.charged_minor]
    still_open = [row for row in rows if row.state == "open"]
    return PaidFor(
        lines=() if refunded else tuple(paid),
        being_paid=tuple(dict.fromkeys(row.sale_id for row in still_open if row.is_ours)),
        open_at_till=any(not row.is_ours for row in still_open),
        refunded_minor=refunded,
        is_noted=any(row.is_noted for row in rows),
    )
