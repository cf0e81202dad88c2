"""Sales: their lines, payments and refunds agree with them, and with the books."""

from django.utils.translation import gettext_lazy as _

from regulars.reports.invariants.shape import Invariant, rows_where

# What points pay of a line stands once its sale is settled.
_LINES = """
SELECT s.business_id, s.id || ': ' || s.charged_minor || ' / ' || coalesce(l.charged, 0) || ', '
  || coalesce(p.amount, 0) || ' / ' || coalesce(l.parts, 0)
FROM sales_sale s
LEFT JOIN (
  SELECT business_id, sale_id, sum(charged_minor) AS charged, sum(points_part_minor) AS parts,
    bool_or(points_part_minor NOT BETWEEN 0 AND charged_minor) AS is_beyond
  FROM sales_saleline
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, sale_id
) l ON l.business_id = s.business_id AND l.sale_id = s.id
LEFT JOIN (
  SELECT business_id, sale_id, sum(amount_minor) AS amount FROM sales_payment
  WHERE business_id = ANY(%(mine)s) AND points <> 0 AND removed_by IS NULL
  GROUP BY business_id, sale_id
) p ON p.business_id = s.business_id AND p.sale_id = s.id
WHERE s.business_id = ANY(%(mine)s)
  AND (s.charged_minor <> coalesce(l.charged, 0) OR l.is_beyond
       OR coalesce(l.parts, 0) <> CASE s.state WHEN 'paid' THEN coalesce(p.amount, 0) ELSE 0 END)
"""

_PAID = """
SELECT s.business_id, s.id || ': ' || s.state || ' ' || coalesce(p.amount, 0) || ' / '
  || s.charged_minor || ', ' || coalesce(p.points, 0) || ' / ' || s.points_paid
FROM sales_sale s
LEFT JOIN (
  SELECT business_id, sale_id, sum(amount_minor) AS amount, sum(points) AS points
  FROM sales_payment WHERE business_id = ANY(%(mine)s) AND removed_by IS NULL
  GROUP BY business_id, sale_id
) p ON p.business_id = s.business_id AND p.sale_id = s.id
WHERE s.business_id = ANY(%(mine)s) AND CASE s.state
  WHEN 'paid' THEN coalesce(p.amount, 0) <> s.charged_minor
    OR coalesce(p.points, 0) <> s.points_paid
  WHEN 'open' THEN coalesce(p.amount, 0) >= greatest(s.charged_minor, 1)
    OR coalesce(p.points, 0) <> s.points_paid
  WHEN 'void' THEN coalesce(p.amount, 0) <> 0
  ELSE coalesce(p.amount, 0) > s.charged_minor END
"""

_POINTS_DRAWN = """
SELECT x.business_id, x.operation_id || ': ' || sum(x.points)
FROM (
  SELECT business_id, operation_id, points FROM sales_payment
  WHERE business_id = ANY(%(mine)s) AND points <> 0
  UNION ALL
  SELECT business_id, operation_id, -points FROM ledger_draw
  WHERE business_id = ANY(%(mine)s) AND reason = 'payment'
) x
GROUP BY x.business_id, x.operation_id HAVING sum(x.points) <> 0
"""

_EARNED = """
SELECT s.business_id, s.id || ': ' || s.points_earned || ' / ' || coalesce(l.amount, 0)
  || ' / ' || coalesce(n.points, 0)
FROM sales_sale s
LEFT JOIN ledger_lot l
  ON l.business_id = s.business_id AND l.id = s.lot AND l.origin = 'sale'
LEFT JOIN (
  SELECT business_id, sale_id, sum(earned_points) AS points FROM sales_saleline
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, sale_id
) n ON n.business_id = s.business_id AND n.sale_id = s.id
WHERE s.business_id = ANY(%(mine)s)
  AND (s.points_earned <> coalesce(l.amount, 0) OR s.points_earned <> coalesce(n.points, 0)
       OR s.points_taken_back NOT BETWEEN 0 AND s.points_earned
       OR s.points_returned NOT BETWEEN 0 AND s.points_paid)
UNION ALL
SELECT l.business_id, l.id || ': ' || l.amount || ' / ' || coalesce(s.sales, 0)
FROM ledger_lot l
LEFT JOIN (
  SELECT business_id, lot, count(*) AS sales FROM sales_sale
  WHERE business_id = ANY(%(mine)s) AND lot IS NOT NULL GROUP BY business_id, lot
) s ON s.business_id = l.business_id AND s.lot = l.id
WHERE l.business_id = ANY(%(mine)s) AND l.origin = 'sale' AND coalesce(s.sales, 0) <> 1
"""

_REFUNDS = """
SELECT s.business_id, s.id || ': ' || s.refunded_minor || ' / ' || coalesce(r.value, 0) || ', '
  || s.points_taken_back || ' / ' || coalesce(r.taken_back, 0)
FROM sales_sale s
LEFT JOIN (
  SELECT r.business_id, r.sale_id, sum(r.value_minor) AS value,
    sum(r.points_taken_back) AS taken_back, sum(r.points_returned) AS returned,
    sum(r.owed + coalesce(d.points, 0)) AS found
  FROM sales_refund r
  LEFT JOIN (
    SELECT business_id, operation_id, sum(points) AS points FROM ledger_draw
    WHERE business_id = ANY(%(mine)s) AND reason = 'taken_back'
    GROUP BY business_id, operation_id
  ) d ON d.business_id = r.business_id AND d.operation_id = r.operation_id
  WHERE r.business_id = ANY(%(mine)s) GROUP BY r.business_id, r.sale_id
) r ON r.business_id = s.business_id AND r.sale_id = s.id
LEFT JOIN (
  SELECT l.business_id, l.sale_id, sum(l.reward_points) AS points
  FROM sales_saleline l
  WHERE l.business_id = ANY(%(mine)s) AND l.reward_points > 0 AND EXISTS (
    SELECT FROM sales_refundline f WHERE f.business_id = l.business_id AND f.line_id = l.id)
  GROUP BY l.business_id, l.sale_id
) w ON w.business_id = s.business_id AND w.sale_id = s.id
WHERE s.business_id = ANY(%(mine)s)
  AND (s.refunded_minor <> coalesce(r.value, 0)
       OR s.points_taken_back <> coalesce(r.taken_back, 0)
       OR s.points_taken_back <> coalesce(r.found, 0) + s.burned_counted
       OR s.points_returned + coalesce(w.points, 0) <> coalesce(r.returned, 0))
"""

_REFUND_PARTS = """
SELECT r.business_id, r.id || ': ' || r.value_minor || ' / ' || coalesce(l.value, 0) || ', '
  || r.money_minor || ' / ' || coalesce(p.amount, 0) || ', '
  || r.points_returned || ' / ' || coalesce(b.points, 0)
FROM sales_refund r
LEFT JOIN (
  SELECT business_id, refund_id, sum(value_minor) AS value FROM sales_refundline
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, refund_id
) l ON l.business_id = r.business_id AND l.refund_id = r.id
LEFT JOIN (
  SELECT business_id, refund_id, sum(amount_minor) AS amount FROM sales_refundpayment
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, refund_id
) p ON p.business_id = r.business_id AND p.refund_id = r.id
LEFT JOIN (
  SELECT x.business_id, x.operation_id, sum(x.points) AS points FROM (
    SELECT business_id, operation_id, -points AS points FROM ledger_draw
    WHERE business_id = ANY(%(mine)s) AND reason = 'returned'
    UNION ALL
    SELECT business_id, operation_id, amount FROM ledger_lot
    WHERE business_id = ANY(%(mine)s) AND origin = 'returned'
  ) x GROUP BY x.business_id, x.operation_id
) b ON b.business_id = r.business_id AND b.operation_id = r.operation_id
WHERE r.business_id = ANY(%(mine)s)
  AND (r.value_minor <> coalesce(l.value, 0) OR r.money_minor <> coalesce(p.amount, 0)
       OR r.points_returned <> coalesce(b.points, 0))
"""

_COUNTED = """
SELECT s.business_id, s.id || ': ' || s.goods_minor || ' ≠ ' || coalesce(l.goods, 0)
FROM sales_sale s
LEFT JOIN (
  SELECT l.business_id, l.sale_id,
    sum(l.charged_minor - coalesce(f.value, 0))
      FILTER (WHERE l.kind NOT IN ('gift_card', 'tip')) AS goods,
    sum(l.charged_minor - coalesce(f.value, 0)) FILTER (WHERE l.kind = 'product') AS products,
    sum(l.charged_minor - coalesce(f.value, 0)) FILTER (WHERE l.kind = 'ticket') AS tickets
  FROM sales_saleline l
  LEFT JOIN (
    SELECT business_id, line_id, sum(value_minor) AS value FROM sales_refundline
    WHERE business_id = ANY(%(mine)s) GROUP BY business_id, line_id
  ) f ON f.business_id = l.business_id AND f.line_id = l.id
  WHERE l.business_id = ANY(%(mine)s) GROUP BY l.business_id, l.sale_id
) l ON l.business_id = s.business_id AND l.sale_id = s.id
WHERE s.business_id = ANY(%(mine)s) AND s.state IN ('open', 'paid')
  AND (s.goods_minor, s.products_minor, s.tickets_minor)
    IS DISTINCT FROM (coalesce(l.goods, 0), coalesce(l.products, 0), coalesce(l.tickets, 0))
"""

SALES = (
    Invariant(
        "sale_is_its_lines",
        _("A sale is charged what its lines are, and points pay of them what they paid"),
        rows_where(_LINES),
    ),
    Invariant(
        "sale_is_paid",
        _("The payments of a paid sale are what it is charged, those of an open one less"),
        rows_where(_PAID),
    ),
    Invariant(
        "points_paid_are_drawn",
        _("The points that paid were drawn from lots by the same operation"),
        rows_where(_POINTS_DRAWN),
    ),
    Invariant(
        "points_earned_are_a_lot",
        _("The points that a sale earned are those of its lines, and a lot of its own"),
        rows_where(_EARNED),
    ),
    Invariant(
        "sale_knows_its_refunds",
        _("A sale knows what its refunds gave back and took"),
        rows_where(_REFUNDS),
    ),
    Invariant(
        "refund_is_its_parts",
        _("A refund is the sum of its lines, of its payments, and of the points it returned"),
        rows_where(_REFUND_PARTS),
    ),
    Invariant(
        "sale_counts_its_goods",
        _("For levels, a sale counts its goods less what was refunded"),
        rows_where(_COUNTED),
    ),
)
