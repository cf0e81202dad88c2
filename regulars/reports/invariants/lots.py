"""Lots: what is left in them, what was taken from them, and when."""

from django.utils.translation import gettext_lazy as _

from regulars.reports.invariants.shape import Invariant, rows_where

_LEFT_IS_BALANCE = """
SELECT a.business_id, a.id || ': ' || coalesce(l.points, 0) || ' ≠ ' || a.balance
FROM ledger_account a
LEFT JOIN (
  SELECT business_id, account_id, sum(points_left) AS points FROM ledger_lot
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, account_id
) l ON l.business_id = a.business_id AND l.account_id = a.id
WHERE a.business_id = ANY(%(mine)s)
  AND coalesce(l.points, 0) <> CASE WHEN a.purpose = 'member' THEN a.balance ELSE 0 END
"""

_LEFT = """
SELECT l.business_id, l.id || ': ' || l.points_left || ' ≠ ' || l.amount || ' - '
  || coalesce(d.points, 0)
FROM ledger_lot l
LEFT JOIN (
  SELECT business_id, lot_id, sum(points) AS points FROM ledger_draw
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, lot_id
) d ON d.business_id = l.business_id AND d.lot_id = l.id
WHERE l.business_id = ANY(%(mine)s)
  AND (l.points_left <> l.amount - coalesce(d.points, 0)
       OR l.points_left NOT BETWEEN 0 AND l.amount OR l.amount <= 0)
"""

# Who is erased gives up points that are still to come, too.
_IN_TIME = """
SELECT d.business_id, d.id || ': ' || d.reason || ' ' || o.at
FROM ledger_draw d
JOIN ledger_operation o ON o.business_id = d.business_id AND o.id = d.operation_id
JOIN ledger_lot l ON l.business_id = d.business_id AND l.id = d.lot_id
WHERE d.business_id = ANY(%(mine)s) AND CASE
  WHEN d.reason IN ('payment', 'reward', 'gift_card', 'adjust') AND o.kind <> 'erase'
    THEN d.points < 0 OR o.at < l.usable_from OR o.at >= l.usable_until
  WHEN d.reason = 'returned' THEN d.points > 0 OR o.at >= l.usable_until
  ELSE d.points < 0 END
"""

# Of each operation that spent, the lot that expires last is looked at: whatever expires before
# it and was usable then must have been empty afterwards. Nearly every lot is, since nothing was
# taken from it later; only for the others are their draws summed up.
_IN_ORDER = """
WITH drawn AS MATERIALIZED (
  SELECT d.business_id, d.lot_id, d.operation_id, d.points, d.reason, o.at
  FROM ledger_draw d
  JOIN ledger_operation o ON o.business_id = d.business_id AND o.id = d.operation_id
  WHERE d.business_id = ANY(%(mine)s)
), spent AS (
  SELECT DISTINCT ON (d.business_id, d.operation_id)
    d.business_id, d.operation_id, l.account_id, d.at, l.usable_until, l.id AS lot_id
  FROM drawn d
  JOIN ledger_lot l ON l.business_id = d.business_id AND l.id = d.lot_id
  WHERE d.reason IN ('payment', 'reward', 'gift_card', 'adjust')
  ORDER BY d.business_id, d.operation_id, coalesce(l.usable_until, 'infinity') DESC, l.id DESC
), last_taken AS (
  SELECT DISTINCT ON (business_id, lot_id) business_id, lot_id, at, operation_id
  FROM drawn ORDER BY business_id, lot_id, at DESC, operation_id DESC
), passed_over AS (
  SELECT s.business_id, s.operation_id, s.at, s.lot_id, b.id AS before_id, b.amount
  FROM spent s
  JOIN ledger_lot b ON b.business_id = s.business_id AND b.account_id = s.account_id
    AND (coalesce(b.usable_until, 'infinity'), b.id)
      < (coalesce(s.usable_until, 'infinity'), s.lot_id)
    AND b.usable_from <= s.at AND (b.usable_until IS NULL OR s.at < b.usable_until)
  JOIN ledger_operation i ON i.business_id = b.business_id AND i.id = b.operation_id
    AND (i.at, i.id) < (s.at, s.operation_id)
  LEFT JOIN last_taken t ON t.business_id = b.business_id AND t.lot_id = b.id
  WHERE b.points_left > 0 OR (t.at, t.operation_id) > (s.at, s.operation_id)
)
SELECT p.business_id, p.operation_id || ': ' || p.before_id || ' ≺ ' || p.lot_id
FROM passed_over p
LEFT JOIN drawn d ON d.business_id = p.business_id AND d.lot_id = p.before_id
  AND (d.at, d.operation_id) <= (p.at, p.operation_id)
GROUP BY p.business_id, p.operation_id, p.before_id, p.lot_id, p.amount
HAVING p.amount > coalesce(sum(d.points), 0)
"""

_BURNED = """
SELECT l.business_id, l.id || ': ' || l.points_left || ' / ' || x.burns
FROM (
  SELECT d.business_id, d.lot_id, count(*) FILTER (WHERE d.reason = 'burn') AS burns,
    min(o.at) FILTER (WHERE d.reason = 'burn') AS at,
    max(o.at) FILTER (WHERE d.reason <> 'burn') AS last_at
  FROM ledger_draw d
  JOIN ledger_operation o ON o.business_id = d.business_id AND o.id = d.operation_id
  WHERE d.business_id = ANY(%(mine)s)
  GROUP BY d.business_id, d.lot_id
) x
JOIN ledger_lot l ON l.business_id = x.business_id AND l.id = x.lot_id
WHERE x.burns > 1
  OR (x.burns = 1
      AND (l.points_left <> 0 OR l.usable_until IS DISTINCT FROM x.at OR x.last_at > x.at))
"""

LOTS = (
    Invariant(
        "lots_are_the_balance",
        _("What is left in the lots of a member is the balance"),
        rows_where(_LEFT_IS_BALANCE),
    ),
    Invariant(
        "lot_left_is_amount_less_draws",
        _("What is left in a lot is what came in less what was drawn"),
        rows_where(_LEFT),
    ),
    Invariant(
        "draws_are_in_time",
        _("Nothing is spent from a lot, or returned to it, outside its time"),
        rows_where(_IN_TIME),
    ),
    Invariant(
        "draws_are_in_order",
        _("Spending empties the lots that expire first"),
        rows_where(_IN_ORDER),
    ),
    Invariant(
        "lot_burns_once_and_whole",
        _("A lot burns at most once, at its end, for exactly what was left"),
        rows_where(_BURNED),
    ),
)
