-- Members with a past: 3,000 points brought along in three lots, and one sale that earned a
-- fourth. Set by set, so that a million of them take minutes. `regulars verify` finds it clean.

SET session_replication_role = replica; -- The keys hold by construction.
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

INSERT INTO members_customer (id, business_id, name, language, note, created_at, source,
  reward_rule_lifted, external_id)
SELECT nth(1, n), %(business)s,
  (ARRAY['Anna', 'Ivan', 'Irina', 'Max', 'Olga', 'Sofia', 'Timur', 'Vera'])[1 + mod(n, 8)] || ' '
  || (ARRAY['Petr', 'Schul', 'Vol', 'Mor', 'Sokol', 'Kuz', 'Rom', 'Beli'])[1 + mod(n / 8, 8)]
  || lower(translate(to_hex(n / 64), '0123456789', 'ghijklmnop')) || 'ov',
  '', '', %(joined)s, 'benchmark', false, ''
FROM generate_series(1, %(members)s) n;

INSERT INTO members_contact (id, business_id, customer_id, kind, value)
SELECT nth(2, n), %(business)s, nth(1, n), 'email', n || '@example.org'
FROM generate_series(1, %(members)s) n;

INSERT INTO members_consent (id, business_id, customer_id, channel, granted, at, source)
SELECT nth(3, n), %(business)s, nth(1, n), 'email', true, %(joined)s, 'benchmark'
FROM generate_series(1, %(members)s) n;

INSERT INTO ledger_account (id, business_id, unit, purpose, balance)
SELECT nth(4, n), %(business)s, %(programme)s::uuid::text, 'member', 3031
FROM generate_series(1, %(members)s) n;

INSERT INTO members_member (id, business_id, customer_id, programme_id, account_id, joined_at,
  activated_at, level_id, level_since, last_visit, joined_by)
SELECT nth(5, n), %(business)s, nth(1, n), %(programme)s, nth(4, n), %(joined)s,
  %(joined)s, %(level)s, %(joined)s::date, %(sold)s::date, 'till'
FROM generate_series(1, %(members)s) n;

INSERT INTO members_card (id, business_id, member_id, number, is_virtual, issued_at)
SELECT nth(6, n), %(business)s, nth(5, n), 'C' || n, true, %(joined)s
FROM generate_series(1, %(members)s) n;

INSERT INTO members_levelchange (id, business_id, member_id, at, to_level_id, why)
SELECT nth(7, n), %(business)s, nth(5, n), %(joined)s, %(level)s, 'joined'
FROM generate_series(1, %(members)s) n;

INSERT INTO ledger_operation (id, business_id, kind, at, recorded_at, account_id, request_id,
  note, explanation)
SELECT nth(8 + o, n), %(business)s, (ARRAY['import', 'sale'])[o + 1],
  (ARRAY[%(joined)s, %(sold)s]::timestamptz[])[o + 1],
  (ARRAY[%(joined)s, %(sold)s]::timestamptz[])[o + 1], nth(4, n), nth(8 + o, n), '', '{}'
FROM generate_series(0, 1) o, generate_series(1, %(members)s) n;

INSERT INTO ledger_transfer (id, business_id, operation_id, from_account_id, to_account_id, amount)
SELECT nth(10 + o, n), %(business)s, nth(8 + o, n), %(issued)s, nth(4, n),
  (ARRAY[3000, 31])[o + 1]
FROM generate_series(0, 1) o, generate_series(1, %(members)s) n;

INSERT INTO ledger_lot (id, business_id, account_id, operation_id, origin, amount, points_left,
  usable_from, usable_until)
SELECT nth(12 + l, n), %(business)s, nth(4, n), nth(8, n), 'carried', 1000, 1000, %(joined)s,
  %(ends)s::timestamptz + l * interval '30 days'
FROM generate_series(1, %(members)s) n, generate_series(0, 2) l
UNION ALL
SELECT nth(15, n), %(business)s, nth(4, n), nth(9, n), 'sale', 31, 31, %(sold)s, %(ends)s
FROM generate_series(1, %(members)s) n;

INSERT INTO sales_sale (id, business_id, customer_id, member_id, receipt, state, channel,
  opened_at, paid_at, paid_day, charged_minor, goods_minor, products_minor, tickets_minor,
  refunded_minor, version, level, rules, points_paid, points_returned, points_earned,
  points_taken_back, burned_counted, lot, operation, source, card_presented)
SELECT nth(20, n), %(business)s, nth(1, n), nth(5, n), '', 'paid', 'till', %(sold)s, %(sold)s,
  %(sold)s::date, 77000, 77000, 42000, 35000, 0, %(version)s, %(level)s, 1, 0, 0, 31, 0, 0,
  nth(15, n), nth(9, n), '', true
FROM generate_series(1, %(members)s) n;

INSERT INTO sales_saleline (id, business_id, sale_id, position, kind, item_id, name, quantity,
  list_minor, charged_minor, points_part_minor, earned_points, connected, memorandum,
  reward_points)
SELECT nth(20 + p, n), %(business)s, nth(20, n), p, (ARRAY['ticket', 'product'])[p],
  (ARRAY[%(ticket)s, %(popcorn)s]::uuid[])[p], (ARRAY['Evening', 'Popcorn'])[p], 1,
  (ARRAY[35000, 42000])[p], (ARRAY[35000, 42000])[p], 0, (ARRAY[10, 21])[p], true, false, 0
FROM generate_series(1, %(members)s) n, generate_series(1, 2) p;

INSERT INTO sales_payment (id, business_id, sale_id, position, method, amount_minor, points, at,
  operation_id, is_deposit)
SELECT nth(23, n), %(business)s, nth(20, n), 1, 'cash', 77000, 0, %(sold)s, nth(9, n), false
FROM generate_series(1, %(members)s) n;

INSERT INTO notices_message (id, business_id, customer_id, channel, message_class, template,
  data, state, held_why, attempts, last_error, created_at, sent_at, operation)
SELECT nth(24, n), %(business)s, nth(1, n), 'email', 'loyalty', 'points_credited',
  '{"points": 31}', 'sent', '', 1, '', %(sold)s, %(sold)s, nth(9, n)
FROM generate_series(1, %(members)s) n;
