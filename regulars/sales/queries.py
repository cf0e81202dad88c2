"""What is asked of sales by actions and doors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.domain.errors import NotFound
from regulars.domain.levels import DaySpend
from regulars.domain.lots import Lot
from regulars.domain.purchase import Line
from regulars.domain.terms import Kind


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as it was sold, and what was refunded of it."""

    id: UUID
    line: Line
    name: str
    item_id: UUID | None
    points_part_minor: int
    refunded_minor: int
    refunded_quantity: int
    times_refunded: int
    gift_card_id: UUID | None = None
    """The gift card that it sells."""


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment, and what went back to it."""

    id: UUID
    method: str
    amount_minor: int
    points: int
    gift_card_id: UUID | None
    is_deposit: bool
    returned_minor: int


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """A sale with its lines and payments, and the points it drew."""

    id: UUID
    state: str
    member_id: UUID | None
    till_id: UUID | None
    number: int | None
    operation_id: UUID
    paid_day: date | None
    version_id: UUID | None
    level_id: UUID | None
    points_paid: int
    points_returned: int
    points_earned: int
    points_taken_back: int
    burned_counted: int
    coupon_id: UUID | None
    lot_id: UUID | None
    """The lot it earned, as it goes on where the account was merged into another one."""
    card_presented: bool
    customer_id: UUID | None
    channel: str
    goods_minor: int
    money_returned_minor: int
    came_otherwise: date | None
    """The last day on which the member, or who goes on for them, paid for something else."""
    lines: Sequence[LineFacts]
    payments: Sequence[PaymentFacts]
    drawn: Sequence[tuple[Lot, int]]
    """Lots that it took from as payment, in order; their points left are as they stand now."""
    drawn_for_rewards: Sequence[tuple[Lot, int]]
    burned_of_lot: int
    """Points that burned of the lot it earned."""


_SALE = """
SELECT json_build_array(s.id, s.state, s.member_id, s.till_id, s.number, s.operation,
  s.paid_day, s.version, s.level, s.points_paid, s.points_returned, s.points_earned,
  s.points_taken_back, s.burned_counted, s.coupon, coalesce((
    SELECT n.id FROM ledger_lot n
    WHERE n.business_id = s.business_id AND n.carried_from = s.lot
      AND n.account_id = m.account_id), s.lot),
  s.card_presented, s.customer_id, s.channel, s.goods_minor,
  (SELECT coalesce(sum(r.money_minor), 0)::bigint FROM sales_refund r
   WHERE r.business_id = s.business_id AND r.sale_id = s.id),
  (SELECT max(o.paid_day) FROM sales_sale o
   WHERE o.business_id = s.business_id AND o.member_id = m.id AND o.id <> s.id
     AND o.goods_minor > 0 AND o.state = 'paid'),
  (SELECT json_agg(json_build_array(l.id, l.kind, l.list_minor, l.charged_minor, l.quantity,
            l.own_points, l.connected, l.memorandum, l.booking IS NOT NULL,
            CASE WHEN l.reward_id IS NOT NULL THEN l.reward_points END,
            l.name, l.item_id, l.points_part_minor, coalesce(f.value, 0),
            coalesce(f.quantity, 0), coalesce(f.times, 0), l.gift_card_id) ORDER BY l.position)
   FROM sales_saleline l
   LEFT JOIN LATERAL (
     SELECT sum(f.value_minor)::bigint AS value, sum(f.quantity)::bigint AS quantity,
       count(*) AS times
     FROM sales_refundline f
     WHERE f.business_id = l.business_id AND f.line_id = l.id) f ON true
   WHERE l.business_id = s.business_id AND l.sale_id = s.id),
  (SELECT json_agg(json_build_array(p.id, p.method, p.amount_minor, p.points, p.gift_card_id,
            p.is_deposit, (SELECT coalesce(sum(b.amount_minor), 0)::bigint
              FROM sales_refund r
              JOIN sales_refundpayment b
                ON b.business_id = r.business_id AND b.refund_id = r.id
              WHERE r.business_id = s.business_id AND r.sale_id = s.id
                AND b.payment_id = p.id)) ORDER BY p.position)
   FROM sales_payment p
   WHERE p.business_id = s.business_id AND p.sale_id = s.id AND p.removed_by IS NULL),
  (SELECT json_agg(json_build_array(d.reason, d.points, o.id, o.points_left, o.usable_from,
            o.usable_until, o.account_id <> m.account_id) ORDER BY d.id)
   FROM ledger_draw d
   JOIN ledger_lot o ON o.business_id = d.business_id AND o.id = d.lot_id
   WHERE d.business_id = s.business_id AND d.reason IN ('payment', 'reward')
     AND d.operation_id IN (
       SELECT s.operation
       UNION SELECT p.operation_id FROM sales_payment p
       WHERE p.business_id = s.business_id AND p.sale_id = s.id)),
  (SELECT coalesce(sum(d.points), 0)::bigint FROM ledger_draw d
   WHERE d.business_id = s.business_id AND d.reason = 'burn' AND d.lot_id IN (
     SELECT s.lot UNION ALL SELECT n.id FROM ledger_lot n
     WHERE n.business_id = s.business_id AND n.carried_from = s.lot)))
FROM sales_sale s
LEFT JOIN members_member m ON m.business_id = s.business_id AND m.id = coalesce((
  SELECT h.id FROM members_member c
  JOIN members_member h ON h.business_id = c.business_id AND h.customer_id = c.customer_id
    AND h.programme_id = c.programme_id AND h.closed_at IS NULL
  WHERE c.business_id = s.business_id AND c.id = s.member_id AND c.closed_at IS NOT NULL),
  s.member_id)
WHERE s.business_id = %s AND s.id = %s
"""


def read_sale(business_id: UUID, sale_id: UUID) -> SaleFacts:
    """Read a sale whole, in one statement.

    Raises NotFound.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SALE, [business_id, sale_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("sale")
    return _sale(row[0])


def _sale(row: Sequence[Any]) -> SaleFacts:
    (
        sale_id, state, member_id, till_id, number, operation_id, paid_day, version_id, level_id,
        points_paid, points_returned, points_earned, points_taken_back, burned_counted, coupon_id,
        lot_id, card_presented, customer_id, channel, goods, returned, came_otherwise, lines,
        payments, drawn, burned_of_lot,
    ) = row  # fmt: skip
    return SaleFacts(
        id=UUID(sale_id),
        state=state,
        member_id=_id(member_id),
        till_id=_id(till_id),
        number=number,
        operation_id=UUID(operation_id),
        paid_day=_day(paid_day),
        version_id=_id(version_id),
        level_id=_id(level_id),
        points_paid=points_paid,
        points_returned=points_returned,
        points_earned=points_earned,
        points_taken_back=points_taken_back,
        burned_counted=burned_counted,
        coupon_id=_id(coupon_id),
        lot_id=_id(lot_id),
        card_presented=card_presented,
        customer_id=_id(customer_id),
        channel=channel,
        goods_minor=goods,
        money_returned_minor=returned,
        came_otherwise=_day(came_otherwise),
        lines=[_line(line) for line in lines or ()],
        payments=[_payment(payment) for payment in payments or ()],
        drawn=[_drawn(d) for d in drawn or () if d[0] == "payment"],
        drawn_for_rewards=[_drawn(d) for d in drawn or () if d[0] == "reward"],
        burned_of_lot=burned_of_lot,
    )


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _line(row: Sequence[Any]) -> LineFacts:
    (
        line_id, kind, list_minor, charged, quantity, own, connected, memorandum, booked, reward,
        name, item_id, part, refunded, refunded_quantity, times, gift_card_id,
    ) = row  # fmt: skip
    line = Line(
        Kind(kind), list_minor, charged, quantity, own, connected, memorandum, booked, reward
    )
    return LineFacts(
        id=UUID(line_id),
        line=line,
        name=name,
        item_id=item_id and UUID(item_id),
        points_part_minor=part,
        refunded_minor=refunded,
        refunded_quantity=refunded_quantity,
        times_refunded=times,
        gift_card_id=_id(gift_card_id),
    )


def _payment(row: Sequence[Any]) -> PaymentFacts:
    payment_id, method, amount, points, gift_card_id, is_deposit, returned = row
    card_id = gift_card_id and UUID(gift_card_id)
    return PaymentFacts(UUID(payment_id), method, amount, points, card_id, is_deposit, returned)


def _drawn(row: Sequence[Any]) -> tuple[Lot, int]:
    _, points, lot_id, left, usable_from, until, is_elsewhere = row
    ends = datetime.fromisoformat(until) if until else None
    begins = datetime.fromisoformat(usable_from)
    return Lot(UUID(lot_id), left, begins, ends, is_elsewhere=bool(is_elsewhere)), points


def items_had(business_id: UUID, customer_id: UUID, item_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these items a customer has had: bought, booked or redeemed (S7).

    What they bought before they were a member counts; what was refunded whole, cancelled, voided
    or forfeited does not.
    """
    ids = "{" + ",".join(str(item_id) for item_id in item_ids) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.item_id FROM sales_sale s"
            " JOIN sales_saleline l ON l.business_id = s.business_id AND l.sale_id = s.id"
            " WHERE s.business_id = %(b)s AND (s.member_id = ANY(ARRAY("
            "     SELECT m.id FROM members_member m"
            "     WHERE m.business_id = %(b)s AND m.customer_id = %(c)s))"
            "   OR (s.customer_id = %(c)s AND s.member_id IS NULL))"
            " AND s.state NOT IN ('void', 'forfeited')"
            " AND l.item_id = ANY(%(ids)s::uuid[])"
            " AND (SELECT coalesce(sum(f.value_minor), 0) < l.charged_minor"
            "        OR (l.charged_minor = 0 AND count(*) = 0)"
            "      FROM sales_refundline f WHERE f.business_id = l.business_id"
            "      AND f.line_id = l.id)"
            " UNION SELECT k.item_id FROM bookings_booking k"
            " WHERE k.business_id = %(b)s AND k.customer_id = %(c)s AND k.state <> 'cancelled'"
            " AND k.item_id = ANY(%(ids)s::uuid[])",
            {"b": business_id, "c": customer_id, "ids": ids},
        )
        return {row[0] for row in cursor.fetchall()}


def spending_of(business_id: UUID, member_id: UUID, first: date, last: date) -> list[DaySpend]:
    """What a member spent day by day, less refunds; both days included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paid_day, sum(goods_minor)::bigint, sum(products_minor)::bigint,"
            " sum(tickets_minor)::bigint FROM sales_sale"
            " WHERE business_id = %s AND member_id = %s AND paid_day BETWEEN %s AND %s"
            " GROUP BY paid_day",
            [business_id, member_id, first, last],
        )
        return [DaySpend(*row) for row in cursor.fetchall()]
