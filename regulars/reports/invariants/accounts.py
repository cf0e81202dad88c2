"""Accounts: what they keep is what was moved."""

from django.utils.translation import gettext_lazy as _

from regulars.reports.invariants.shape import Invariant, rows_where

_BALANCE = """
SELECT a.business_id, a.id || ': ' || a.balance || ' ≠ ' || coalesce(m.amount, 0)
FROM ledger_account a
LEFT JOIN (
  SELECT t.business_id, t.account_id, sum(t.amount) AS amount
  FROM (
    SELECT business_id, to_account_id AS account_id, amount FROM ledger_transfer
    WHERE business_id = ANY(%(mine)s)
    UNION ALL
    SELECT business_id, from_account_id, -amount FROM ledger_transfer
    WHERE business_id = ANY(%(mine)s)
  ) t GROUP BY t.business_id, t.account_id
) m ON m.business_id = a.business_id AND m.account_id = a.id
WHERE a.business_id = ANY(%(mine)s)
  AND a.balance <> CASE WHEN a.purpose IN ('member', 'gift_card', 'owed')
                        THEN coalesce(m.amount, 0) ELSE 0 END
"""

_SIGN = """
SELECT business_id, id || ': ' || purpose || ' ' || balance FROM ledger_account
WHERE business_id = ANY(%(mine)s)
  AND ((purpose IN ('member', 'gift_card') AND balance < 0) OR (purpose = 'owed' AND balance > 0))
"""

_UNIT = """
SELECT t.business_id, t.id || ': ' || f.unit || ' → ' || o.unit
FROM ledger_transfer t
JOIN ledger_account f ON f.id = t.from_account_id
JOIN ledger_account o ON o.id = t.to_account_id
WHERE t.business_id = ANY(%(mine)s)
  AND (f.unit <> o.unit OR f.business_id <> t.business_id OR o.business_id <> t.business_id
       OR t.amount <= 0)
UNION ALL
SELECT a.business_id, a.id || ': ' || a.unit || ' / ' || coalesce(m.unit, '-')
FROM ledger_account a
LEFT JOIN ledger_account m
  ON m.business_id = a.business_id AND m.id = a.main_id AND m.purpose = 'member'
WHERE a.business_id = ANY(%(mine)s) AND a.purpose = 'owed' AND a.unit IS DISTINCT FROM m.unit
"""

_MOVED_ALIKE = """
SELECT x.business_id, x.operation_id || ': ' || x.account_id || ' ' || sum(x.points)
FROM (
  SELECT business_id, operation_id, account_id, amount AS points FROM ledger_lot
  WHERE business_id = ANY(%(mine)s)
  UNION ALL
  SELECT d.business_id, d.operation_id, l.account_id, -d.points
  FROM ledger_draw d JOIN ledger_lot l ON l.business_id = d.business_id AND l.id = d.lot_id
  WHERE d.business_id = ANY(%(mine)s)
  UNION ALL
  SELECT t.business_id, t.operation_id, a.id, -t.amount
  FROM ledger_transfer t JOIN ledger_account a
    ON a.business_id = t.business_id AND a.id = t.to_account_id AND a.purpose = 'member'
  WHERE t.business_id = ANY(%(mine)s)
  UNION ALL
  SELECT t.business_id, t.operation_id, a.id, t.amount
  FROM ledger_transfer t JOIN ledger_account a
    ON a.business_id = t.business_id AND a.id = t.from_account_id AND a.purpose = 'member'
  WHERE t.business_id = ANY(%(mine)s)
) x
GROUP BY x.business_id, x.operation_id, x.account_id HAVING sum(x.points) <> 0
"""

_PERIODS = """
SELECT p.business_id, p.unit || ' ' || p.month || ' ' || p.what || ': ' || sum(p.points)
FROM (
  SELECT l.business_id, a.unit, l.operation_id, what, points,
    to_char(o.at AT TIME ZONE 'UTC', 'YYYY-MM') AS month
  FROM (
    SELECT business_id, account_id, operation_id, amount AS points,
      CASE origin WHEN 'returned' THEN 'restored' ELSE 'issued' END AS what
    FROM ledger_lot WHERE business_id = ANY(%(mine)s)
    UNION ALL
    SELECT d.business_id, l.account_id, d.operation_id, abs(d.points),
      CASE d.reason WHEN 'returned' THEN 'restored' WHEN 'burn' THEN 'burned'
        WHEN 'owed' THEN 'owed' END
    FROM ledger_draw d JOIN ledger_lot l ON l.business_id = d.business_id AND l.id = d.lot_id
    WHERE d.business_id = ANY(%(mine)s) AND d.reason IN ('returned', 'burn', 'owed')
  ) l
  JOIN ledger_account a ON a.business_id = l.business_id AND a.id = l.account_id
  JOIN ledger_operation o ON o.business_id = l.business_id AND o.id = l.operation_id
  UNION ALL
  SELECT t.business_id, f.unit, t.operation_id,
    CASE WHEN f.purpose = 'redeemed' THEN 'restored' WHEN g.purpose = 'burned' THEN 'burned'
      WHEN g.purpose = 'owed' THEN 'owed' ELSE 'issued' END,
    -t.amount, to_char(o.at AT TIME ZONE 'UTC', 'YYYY-MM')
  FROM ledger_transfer t
  JOIN ledger_account f ON f.business_id = t.business_id AND f.id = t.from_account_id
  JOIN ledger_account g ON g.business_id = t.business_id AND g.id = t.to_account_id
  JOIN ledger_operation o ON o.business_id = t.business_id AND o.id = t.operation_id
  WHERE t.business_id = ANY(%(mine)s)
    AND (g.purpose = 'member' OR (f.purpose = 'member' AND g.purpose IN ('burned', 'owed')))
) p
GROUP BY p.business_id, p.unit, p.month, p.what HAVING sum(p.points) <> 0
"""

ACCOUNTS = (
    Invariant(
        "balance_is_sum_of_transfers",
        _("A balance is the sum of its transfers; accounts of the business keep none"),
        rows_where(_BALANCE),
    ),
    Invariant(
        "balance_has_its_sign",
        _("No member or gift card is below zero, no debt above it"),
        rows_where(_SIGN),
    ),
    Invariant(
        "transfer_is_of_one_unit",
        _("A transfer stays within one business and one unit"),
        rows_where(_UNIT),
    ),
    Invariant(
        "lots_move_as_accounts_do",
        _("Every operation moves the lots of an account by what it moves the account"),
        rows_where(_MOVED_ALIKE),
    ),
    Invariant(
        "periods_add_up",
        _("Month by month, points issued, restored, burned and settled agree with the accounts"),
        rows_where(_PERIODS),
    ),
)
