"""Gift cards: what is on them."""

from django.utils.translation import gettext_lazy as _

from regulars.reports.invariants.shape import Invariant, rows_where

_WITHIN = """
SELECT g.business_id, g.id || ': ' || g.state || ' ' || a.balance || ' / ' || g.issued_minor
FROM giftcards_giftcard g
JOIN ledger_account a ON a.business_id = g.business_id AND a.id = g.account_id
JOIN business_business b ON b.id = g.business_id
WHERE g.business_id = ANY(%(mine)s)
  AND (a.balance NOT BETWEEN 0 AND CASE g.state WHEN 'inactive' THEN 0 ELSE g.issued_minor END
       OR a.purpose <> 'gift_card' OR a.unit <> b.currency)
"""

_PAID = """
SELECT x.business_id, x.operation_id || ': ' || x.account_id || ' ' || sum(x.amount)
FROM (
  SELECT p.business_id, p.operation_id, g.account_id, p.amount_minor AS amount
  FROM sales_payment p
  JOIN giftcards_giftcard g ON g.business_id = p.business_id AND g.id = p.gift_card_id
  WHERE p.business_id = ANY(%(mine)s)
  UNION ALL
  SELECT f.business_id, r.operation_id, g.account_id, -f.amount_minor
  FROM sales_refundpayment f
  JOIN sales_refund r ON r.business_id = f.business_id AND r.id = f.refund_id
  JOIN giftcards_giftcard g ON g.business_id = f.business_id AND g.id = f.gift_card_id
  WHERE f.business_id = ANY(%(mine)s)
  UNION ALL
  SELECT p.business_id, p.removed_by, g.account_id, -p.amount_minor
  FROM sales_payment p
  JOIN giftcards_giftcard g ON g.business_id = p.business_id AND g.id = p.gift_card_id
  WHERE p.business_id = ANY(%(mine)s) AND p.removed_by IS NOT NULL
  UNION ALL
  SELECT t.business_id, t.operation_id, f.id, -t.amount
  FROM ledger_transfer t
  JOIN ledger_account f
    ON f.business_id = t.business_id AND f.id = t.from_account_id AND f.purpose = 'gift_card'
  JOIN ledger_account g
    ON g.business_id = t.business_id AND g.id = t.to_account_id AND g.purpose = 'redeemed'
  WHERE t.business_id = ANY(%(mine)s)
  UNION ALL
  SELECT t.business_id, t.operation_id, g.id, t.amount
  FROM ledger_transfer t
  JOIN ledger_account f
    ON f.business_id = t.business_id AND f.id = t.from_account_id AND f.purpose = 'redeemed'
  JOIN ledger_account g
    ON g.business_id = t.business_id AND g.id = t.to_account_id AND g.purpose = 'gift_card'
  WHERE t.business_id = ANY(%(mine)s)
) x
GROUP BY x.business_id, x.operation_id, x.account_id HAVING sum(x.amount) <> 0
"""

# What was drawn for a card, against the card that the operation gave; then what came back.
_FOR_POINTS = """
WITH taking AS (
  SELECT o.business_id, o.id, coalesce(d.points, 0) AS points, g.id AS card_id, g.account_id,
    g.issued_minor
  FROM ledger_operation o
  LEFT JOIN (
    SELECT business_id, operation_id, sum(points) AS points FROM ledger_draw
    WHERE business_id = ANY(%(mine)s) AND reason = 'gift_card'
    GROUP BY business_id, operation_id
  ) d ON d.business_id = o.business_id AND d.operation_id = o.id
  LEFT JOIN giftcards_giftcard g ON g.business_id = o.business_id AND g.bought_by_operation = o.id
  WHERE o.business_id = ANY(%(mine)s)
    AND (d.points IS NOT NULL OR (o.kind = 'gift_card_issue' AND g.id IS NOT NULL))
)
SELECT t.business_id, t.id || ': ' || t.points || ' / ' || coalesce(t.card_id::text, '-')
FROM taking t
WHERE t.points <= 0 OR t.card_id IS NULL OR NOT EXISTS (
  SELECT FROM ledger_transfer x
  WHERE x.business_id = t.business_id AND x.operation_id = t.id
    AND x.to_account_id = t.account_id AND x.amount = t.issued_minor)
UNION ALL
SELECT r.business_id, r.id || ': ' || coalesce(t.card_id::text, '-')
FROM ledger_operation r
LEFT JOIN taking t ON t.business_id = r.business_id AND t.id = r.reverses_id
WHERE r.business_id = ANY(%(mine)s) AND r.kind = 'gift_card_reversal'
  AND (t.id IS NULL OR t.points <> (
    SELECT coalesce(sum(x.points), 0) FROM (
      SELECT -points AS points FROM ledger_draw
      WHERE business_id = r.business_id AND operation_id = r.id AND reason = 'returned'
      UNION ALL
      SELECT amount FROM ledger_lot
      WHERE business_id = r.business_id AND operation_id = r.id AND origin = 'returned') x)
    OR NOT EXISTS (
      SELECT FROM ledger_transfer x
      WHERE x.business_id = r.business_id AND x.operation_id = r.id
        AND x.from_account_id = t.account_id AND x.amount = t.issued_minor))
"""

# What came on a card that was bought, against its sale; what left it, against the line's refund.
_SOLD = """
WITH moved AS (
  SELECT x.business_id, x.account_id, sum(x.came) AS came, sum(x.went) AS went
  FROM (
    SELECT t.business_id, t.to_account_id AS account_id, t.amount AS came, 0 AS went
    FROM ledger_transfer t
    JOIN ledger_account f
      ON f.business_id = t.business_id AND f.id = t.from_account_id AND f.purpose = 'sold'
    WHERE t.business_id = ANY(%(mine)s)
    UNION ALL
    SELECT t.business_id, t.from_account_id, 0, t.amount
    FROM ledger_transfer t
    JOIN ledger_account g
      ON g.business_id = t.business_id AND g.id = t.to_account_id AND g.purpose = 'sold'
    WHERE t.business_id = ANY(%(mine)s)
  ) x
  GROUP BY x.business_id, x.account_id
), refunded AS (
  SELECT business_id, line_id FROM sales_refundline
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, line_id
), sold AS (
  SELECT business_id, gift_card_id, count(*) AS times FROM sales_saleline
  WHERE business_id = ANY(%(mine)s) AND gift_card_id IS NOT NULL
  GROUP BY business_id, gift_card_id
)
SELECT l.business_id, l.id || ': ' || s.state || ' ' || g.state || ' ' || g.issued_minor
FROM sales_saleline l
JOIN sold n ON n.business_id = l.business_id AND n.gift_card_id = l.gift_card_id
JOIN sales_sale s ON s.business_id = l.business_id AND s.id = l.sale_id
JOIN giftcards_giftcard g ON g.business_id = l.business_id AND g.id = l.gift_card_id
LEFT JOIN moved m ON m.business_id = g.business_id AND m.account_id = g.account_id
LEFT JOIN refunded r ON r.business_id = l.business_id AND r.line_id = l.id
WHERE l.business_id = ANY(%(mine)s) AND (
  l.kind <> 'gift_card' OR n.times > 1
  OR (s.state = 'paid') <> (g.state <> 'inactive')
  OR coalesce(m.came, 0) <> CASE WHEN s.state = 'paid' THEN g.issued_minor ELSE 0 END
  OR coalesce(m.went, 0) <> CASE WHEN r.line_id IS NULL THEN 0 ELSE g.issued_minor END)
"""

GIFT_CARDS = (
    Invariant(
        "gift_card_within_its_value",
        _("A gift card holds at most what it was issued for, and nothing before it is active"),
        rows_where(_WITHIN),
    ),
    Invariant(
        "gift_card_pays_what_leaves_it",
        _("What leaves a gift card and comes back to it are its payments and their refunds"),
        rows_where(_PAID),
    ),
    Invariant(
        "gift_card_for_points_is_both",
        _("A gift card taken for points was given with the points spent, or taken back with them"),
        rows_where(_FOR_POINTS),
    ),
    Invariant(
        "gift_card_sold_is_paid_for",
        _("A gift card that was bought has its value once its sale is paid, until it is refunded"),
        rows_where(_SOLD),
    ),
)
