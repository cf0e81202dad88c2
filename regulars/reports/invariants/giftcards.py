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
)
