"""Payments on a payment provider's page: taken once, given back once, never more than was paid."""

from django.utils.translation import gettext_lazy as _

from regulars.reports.invariants.shape import Invariant, rows_where

_TAKEN = """
SELECT o.business_id, o.id || ': ' || o.state || ' ' || o.amount_minor || ' / '
  || coalesce(p.amount_minor, 0)
FROM sales_onlinepayment o
LEFT JOIN sales_payment p ON p.business_id = o.business_id AND p.id = o.payment_id
LEFT JOIN (
  SELECT business_id, payment_id, count(*) AS times FROM sales_onlinepayment
  WHERE business_id = ANY(%(mine)s) AND payment_id IS NOT NULL GROUP BY business_id, payment_id
) t ON t.business_id = o.business_id AND t.payment_id = o.payment_id
WHERE o.business_id = ANY(%(mine)s) AND (
  CASE o.state
    WHEN 'paid' THEN p.id IS NULL OR p.removed_by IS NOT NULL
    WHEN 'returned' THEN p.id IS NOT NULL AND p.removed_by IS NULL
    ELSE o.payment_id IS NOT NULL END
  OR (p.id IS NOT NULL AND (t.times > 1 OR p.method <> 'online' OR p.sale_id <> o.sale_id
    OR p.amount_minor <> o.amount_minor)))
"""

# Of a purchase that was called off, or paid in vain, all of it; else what its refunds say.
_GIVEN_BACK = """
SELECT o.business_id, o.id || ': ' || o.state || ' ' || coalesce(b.amount, 0) || ' / '
  || coalesce(f.amount, 0) || ' / ' || o.amount_minor
FROM sales_onlinepayment o
LEFT JOIN (
  SELECT business_id, online_payment_id, sum(amount_minor) AS amount FROM sales_onlinerefund
  WHERE business_id = ANY(%(mine)s) GROUP BY business_id, online_payment_id
) b ON b.business_id = o.business_id AND b.online_payment_id = o.id
LEFT JOIN (
  SELECT business_id, payment_id, sum(amount_minor) AS amount FROM sales_refundpayment
  WHERE business_id = ANY(%(mine)s) AND payment_id IS NOT NULL GROUP BY business_id, payment_id
) f ON f.business_id = o.business_id AND f.payment_id = o.payment_id
WHERE o.business_id = ANY(%(mine)s) AND (
  coalesce(b.amount, 0) > o.amount_minor
  OR coalesce(b.amount, 0) <> CASE o.state
    WHEN 'paid' THEN coalesce(f.amount, 0) WHEN 'returned' THEN o.amount_minor ELSE 0 END)
UNION ALL
SELECT b.business_id, b.id || ': ' || b.amount_minor || ' / ' || coalesce(f.amount_minor, 0)
FROM sales_onlinerefund b
JOIN sales_onlinepayment o ON o.business_id = b.business_id AND o.id = b.online_payment_id
LEFT JOIN sales_refundpayment f
  ON f.business_id = b.business_id AND f.id = b.refund_payment_id
WHERE b.business_id = ANY(%(mine)s) AND b.refund_payment_id IS NOT NULL
  AND (f.amount_minor, f.payment_id) IS DISTINCT FROM (b.amount_minor, o.payment_id)
"""

ONLINE = (
    Invariant(
        "paid_online_is_one_payment",
        _("What a payment provider took is one payment of its sale, until it was given back"),
        rows_where(_TAKEN),
    ),
    Invariant(
        "given_back_online_is_refunded",
        _("A payment provider gives back what refunds and voids say, never more than it took"),
        rows_where(_GIVEN_BACK),
    ),
)
