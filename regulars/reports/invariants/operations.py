"""Operations: their order, what they reverse, who did them; and what keeps them from changing."""

from django.utils.translation import gettext_lazy as _

from regulars.reports.invariants.shape import Invariant, rows_where

# A request takes its time before it waits for the lock, and machines' clocks differ a little:
# within ten minutes, the order of recording is no evidence.
_IN_ORDER = """
SELECT o.business_id, o.id || ': ' || o.at || ' / ' || o.recorded_at
FROM (
  SELECT business_id, id, at, recorded_at, max(recorded_at) OVER (
      PARTITION BY business_id, account_id ORDER BY at, id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS recorded_before
  FROM ledger_operation
  WHERE business_id = ANY(%(mine)s) AND account_id IS NOT NULL
) o
WHERE o.recorded_before > o.recorded_at + interval '10 minutes'
UNION ALL
SELECT business_id, id || ': ' || at || ' > ' || recorded_at FROM ledger_operation
WHERE business_id = ANY(%(mine)s) AND at > recorded_at
"""

_RETURNED = """
SELECT x.business_id, coalesce(x.root_id::text, '-') || ': ' || x.lot_id || ' '
  || sum(x.returned) || ' > ' || sum(x.taken)
FROM (
  SELECT d.business_id, coalesce(s.root_id, d.operation_id) AS root_id, d.lot_id,
    d.points AS taken, 0 AS returned
  FROM ledger_draw d
  LEFT JOIN (
    SELECT DISTINCT p.business_id, p.operation_id, s.operation AS root_id
    FROM sales_payment p
    JOIN sales_sale s ON s.business_id = p.business_id AND s.id = p.sale_id
    WHERE p.business_id = ANY(%(mine)s) AND p.points > 0
  ) s ON s.business_id = d.business_id AND s.operation_id = d.operation_id
  WHERE d.business_id = ANY(%(mine)s) AND d.points > 0
  UNION ALL
  SELECT d.business_id, o.reverses_id, d.lot_id, 0, -d.points
  FROM ledger_draw d
  JOIN ledger_operation o ON o.business_id = d.business_id AND o.id = d.operation_id
  WHERE d.business_id = ANY(%(mine)s) AND d.points < 0
) x
GROUP BY x.business_id, x.root_id, x.lot_id HAVING sum(x.returned) > sum(x.taken)
"""

_MONEY_RETURNED = """
SELECT p.business_id, p.id || ': ' || sum(r.amount_minor) || ' > ' || p.amount_minor
FROM sales_refundpayment r
JOIN sales_payment p ON p.business_id = r.business_id AND p.id = r.payment_id
WHERE r.business_id = ANY(%(mine)s)
GROUP BY p.business_id, p.id, p.amount_minor HAVING sum(r.amount_minor) > p.amount_minor
UNION ALL
SELECT l.business_id, l.id || ': ' || sum(r.value_minor) || ' / ' || sum(r.quantity)
FROM sales_refundline r
JOIN sales_saleline l ON l.business_id = r.business_id AND l.id = r.line_id
WHERE r.business_id = ANY(%(mine)s)
GROUP BY l.business_id, l.id, l.charged_minor, l.quantity
HAVING sum(r.value_minor) > l.charged_minor OR sum(r.quantity) > l.quantity
"""

# The reasons of somebody who was erased are erased too.
_BY_HAND = """
SELECT o.business_id, o.id || ': ' || coalesce(o.actor::text, '-') FROM ledger_operation o
WHERE o.business_id = ANY(%(mine)s) AND o.kind = 'adjust'
  AND (o.actor IS NULL OR btrim(o.note) = '' AND NOT EXISTS (
    SELECT FROM members_member m
    JOIN members_customer c ON c.business_id = m.business_id AND c.id = m.customer_id
    WHERE m.business_id = o.business_id AND m.account_id = o.account_id
      AND c.erased_at IS NOT NULL))
"""

# The limit is the one of that day, noted with the operation: today's may be another.
_WITHIN_LIMIT = """
SELECT o.business_id, o.id || ': ' || o.amount || ' / ' || coalesce(o.most::text, '-') || ' '
  || coalesce(o.actor::text, '-') || ' ' || coalesce(o.approver::text, '-')
FROM (
  SELECT business_id, id, actor, (explanation->'allowed'->>'limit')::bigint AS most,
    (explanation->'allowed'->>'approver')::uuid AS approver,
    CASE kind WHEN 'adjust' THEN abs((explanation->'adjust'->>'points')::bigint)
      ELSE (explanation->'refund'->>'money')::bigint END AS amount
  FROM ledger_operation
  WHERE business_id = ANY(%(mine)s) AND kind IN ('adjust', 'refund')
    AND explanation->'allowed' IS NOT NULL
) o
LEFT JOIN business_staff s ON s.business_id = o.business_id AND s.id = o.approver
WHERE o.actor IS NULL OR o.approver = o.actor OR (o.approver IS NULL AND o.amount > o.most)
  OR (o.approver IS NOT NULL AND s.id IS NULL)
"""

# Of no business: the tables themselves. ``mine`` is asked for its length only.
_GUARDED = """
SELECT NULL::uuid AS business_id, x.name FROM (
  SELECT t.name FROM unnest(ARRAY['ledger_operation', 'ledger_transfer', 'ledger_draw',
      'ledger_seal']) AS t(name)
  WHERE NOT EXISTS (
    SELECT FROM pg_trigger g
    WHERE g.tgrelid = to_regclass(t.name) AND g.tgname = 'only_grows' AND g.tgenabled IN ('O', 'A'))
  UNION ALL
  SELECT c.conname::text FROM pg_constraint c
  JOIN pg_class r ON r.oid = c.conrelid
  WHERE r.relnamespace = current_schema()::regnamespace AND NOT c.convalidated
  UNION ALL
  SELECT i.indexrelid::regclass::text FROM pg_index i
  JOIN pg_class r ON r.oid = i.indrelid
  WHERE r.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid
) x WHERE cardinality(%(mine)s::uuid[]) >= 0
"""

OPERATIONS = (
    Invariant(
        "operations_are_in_order",
        _("The operations of an account follow one another; none was put in before another"),
        rows_where(_IN_ORDER),
    ),
    Invariant(
        "returns_are_within_draws",
        _("No more points return to a lot than the reversed operation took from it"),
        rows_where(_RETURNED),
    ),
    Invariant(
        "refunds_are_within_payments",
        _("No payment gives back more than it was, no line more than was charged"),
        rows_where(_MONEY_RETURNED),
    ),
    Invariant(
        "changes_by_hand_are_signed",
        _("Every change by hand names who made it and why"),
        rows_where(_BY_HAND),
    ),
    Invariant(
        "above_a_limit_somebody_else_approved",
        _("What was above somebody's limit was approved by somebody else of the business"),
        rows_where(_WITHIN_LIMIT),
    ),
    Invariant(
        "books_only_grow",
        _("The database refuses to change what was posted; its constraints hold for every row"),
        rows_where(_GUARDED),
    ),
)
