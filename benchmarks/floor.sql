-- What one paid sale must write, in tables of its own: the columns that cannot be spared, the keys
-- and the indexes that ours have too.

CREATE SCHEMA floor;

CREATE TABLE floor.account (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  balance bigint NOT NULL CHECK (balance >= 0),
  UNIQUE (business_id, id)
) WITH (fillfactor = 70);

CREATE TABLE floor.operation (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  account_id uuid NOT NULL,
  request_id uuid NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (business_id, id),
  UNIQUE (business_id, request_id),
  FOREIGN KEY (business_id, account_id) REFERENCES floor.account (business_id, id)
);
CREATE INDEX ON floor.operation (business_id, account_id, at, id);

CREATE TABLE floor.sale (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  account_id uuid NOT NULL,
  number bigint NOT NULL,
  paid_at timestamptz NOT NULL,
  charged_minor bigint NOT NULL,
  UNIQUE (business_id, id),
  UNIQUE (business_id, number),
  FOREIGN KEY (business_id, account_id) REFERENCES floor.account (business_id, id)
) WITH (fillfactor = 70);
CREATE INDEX ON floor.sale (business_id, account_id, paid_at);
CREATE SEQUENCE floor.sale_number;

CREATE TABLE floor.line (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  position smallint NOT NULL,
  charged_minor bigint NOT NULL,
  UNIQUE (business_id, id),
  UNIQUE (business_id, sale_id, position),
  FOREIGN KEY (business_id, sale_id) REFERENCES floor.sale (business_id, id)
);

CREATE TABLE floor.transfer (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  operation_id uuid NOT NULL,
  from_account_id uuid NOT NULL,
  to_account_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  FOREIGN KEY (business_id, operation_id) REFERENCES floor.operation (business_id, id),
  FOREIGN KEY (business_id, from_account_id) REFERENCES floor.account (business_id, id),
  FOREIGN KEY (business_id, to_account_id) REFERENCES floor.account (business_id, id)
);
CREATE INDEX ON floor.transfer (business_id, operation_id);

CREATE TABLE floor.lot (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  account_id uuid NOT NULL,
  operation_id uuid NOT NULL,
  amount bigint NOT NULL,
  points_left bigint NOT NULL CHECK (points_left BETWEEN 0 AND amount),
  usable_until timestamptz,
  UNIQUE (business_id, id),
  FOREIGN KEY (business_id, account_id) REFERENCES floor.account (business_id, id),
  FOREIGN KEY (business_id, operation_id) REFERENCES floor.operation (business_id, id)
) WITH (fillfactor = 70);
CREATE INDEX ON floor.lot (business_id, account_id, usable_until);
CREATE INDEX ON floor.lot (business_id, usable_until);

CREATE TABLE floor.message (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  state text NOT NULL,
  next_try_at timestamptz
);
CREATE INDEX ON floor.message (business_id, customer_id);
CREATE INDEX ON floor.message (business_id, next_try_at) WHERE state = 'waiting';

INSERT INTO floor.account SELECT id, business_id, balance FROM ledger_account;
INSERT INTO floor.operation
SELECT id, business_id, account_id, request_id, at FROM ledger_operation;
INSERT INTO floor.lot
SELECT id, business_id, account_id, operation_id, amount, points_left, usable_until
FROM ledger_lot;
