"""Each invariant is seen to be breached where somebody has tampered with the tables."""

from datetime import timedelta

import pytest
from django.db import connection
from django_scopes import scope

from regulars.actions.due.sealing import seal
from regulars.ledger.models import Operation
from regulars.reports.verifying import INVARIANTS
from tests.actions.selling_builders import NOON, in_cash, some_days, ticket
from tests.books import assert_books_are_right, breaches
from tests.reports.busy import BusyShop, a_busy_shop

pytestmark = pytest.mark.django_db

LAST_OPERATION = (
    "(SELECT id FROM ledger_operation WHERE business_id = x.business_id AND account_id IS NOT NULL"
    " ORDER BY at DESC, id DESC LIMIT 1)"
)
ONE_SOLD = (
    "(SELECT min(l.gift_card_id::text)::uuid FROM sales_saleline l"
    " WHERE l.business_id = x.business_id)"
)
ONE_PAID = (
    "(SELECT min(o.payment_id::text)::uuid FROM sales_onlinepayment o"
    " WHERE o.business_id = x.business_id)"
)
BALANCE = "balance_is_sum_of_transfers"
SIGN = "balance_has_its_sign"
UNIT = "transfer_is_of_one_unit"
ALIKE = "lots_move_as_accounts_do"
PERIODS = "periods_add_up"
LOTS = "lots_are_the_balance"
LEFT = "lot_left_is_amount_less_draws"
IN_TIME = "draws_are_in_time"
IN_ORDER = "draws_are_in_order"
BURNS = "lot_burns_once_and_whole"
SEQUENCE = "operations_are_in_order"
RETURNS = "returns_are_within_draws"
REFUNDS = "refunds_are_within_payments"
BY_HAND = "changes_by_hand_are_signed"
GROW = "books_only_grow"
CARD_VALUE = "gift_card_within_its_value"
CARD_PAYS = "gift_card_pays_what_leaves_it"
CARD_FOR_POINTS = "gift_card_for_points_is_both"
CARD_SOLD = "gift_card_sold_is_paid_for"
WITHIN_LIMIT = "above_a_limit_somebody_else_approved"
LINES = "sale_is_its_lines"
PAID = "sale_is_paid"
DRAWN = "points_paid_are_drawn"
EARNED = "points_earned_are_a_lot"
REFUNDED = "sale_knows_its_refunds"
PARTS = "refund_is_its_parts"
COUNTED = "sale_counts_its_goods"
PAID_ONLINE = "paid_online_is_one_payment"
BACK_ONLINE = "given_back_online_is_refunded"
SEATS = "session_has_seats_enough"
ONE_THING = "nobody_does_two_things_at_once"
PARENTS = "parents_are_of_the_same_business"
ORPHANS = "rows_are_of_a_business"

TAMPERED = [
    (BALANCE, "ledger_transfer", "amount = amount + 1", "true"),
    (BALANCE, "ledger_account", "balance = 1", "purpose = 'issued'"),
    (SIGN, "ledger_account", "balance = -1", "purpose = 'gift_card'"),
    (UNIT, "ledger_account", "unit = 'EUR'", "purpose = 'gift_card'"),
    (UNIT, "ledger_account", "main_id = id", "purpose = 'owed'"),
    (ALIKE, "ledger_draw", f"operation_id = {LAST_OPERATION}", "reason = 'payment'"),
    (PERIODS, "ledger_draw", "reason = 'taken_back'", "reason = 'burn'"),
    (LOTS, "ledger_lot", "points_left = points_left - 1", "points_left > 0"),
    (LEFT, "ledger_draw", "points = points + 1", "reason = 'payment'"),
    (IN_TIME, "ledger_lot", "usable_from = usable_from + interval '10 years'", "true"),
    (IN_TIME, "ledger_draw", "points = -points", "reason = 'returned'"),
    (IN_ORDER, "ledger_lot", "usable_until = '2026-03-11 09:00Z'", "amount = 60"),
    (BURNS, "ledger_operation", "at = at + interval '1 hour'", "kind = 'burn'"),
    (BURNS, "ledger_draw", "reason = 'burn'", "reason = 'payment'"),
    (
        SEQUENCE,
        "ledger_operation",
        "recorded_at = recorded_at - interval '20 days'",
        f"id = {LAST_OPERATION}",
    ),
    (SEQUENCE, "ledger_operation", "recorded_at = at - interval '1 second'", "true"),
    (RETURNS, "ledger_draw", "points = points * 100", "reason = 'returned'"),
    (RETURNS, "ledger_operation", "reverses_id = NULL", "true"),
    (REFUNDS, "sales_refundpayment", "amount_minor = amount_minor * 1000", "true"),
    (REFUNDS, "sales_refundline", "quantity = quantity + 1", "true"),
    (BY_HAND, "ledger_operation", "kind = 'adjust'", "kind = 'import'"),
    (
        WITHIN_LIMIT,
        "ledger_operation",
        """explanation = explanation || '{"allowed": {"limit": 1}}', actor = id""",
        "kind = 'refund'",
    ),
    (
        WITHIN_LIMIT,
        "ledger_operation",
        """explanation = jsonb_set(explanation, '{allowed}',
             json_build_object('approver', id)::jsonb), actor = id""",
        "kind = 'refund'",
    ),
    (CARD_FOR_POINTS, "ledger_draw", "reason = 'payment'", "reason = 'gift_card'"),
    (CARD_FOR_POINTS, "giftcards_giftcard", "bought_by_operation = NULL", "true"),
    (CARD_FOR_POINTS, "ledger_operation", "reverses_id = id", "kind = 'gift_card_reversal'"),
    (CARD_SOLD, "sales_sale", "state = 'void'", "goods_minor = 0"),
    (CARD_SOLD, "sales_saleline", "kind = 'product'", "kind = 'gift_card'"),
    (CARD_SOLD, "sales_refundline", "line_id = id", "true"),
    (CARD_VALUE, "giftcards_giftcard", "issued_minor = 1", "true"),
    (CARD_VALUE, "giftcards_giftcard", "state = 'inactive'", "true"),
    (CARD_PAYS, "sales_payment", f"operation_id = {LAST_OPERATION}", "method = 'gift_card'"),
    (LINES, "sales_saleline", "charged_minor = charged_minor + 1", "true"),
    (LINES, "sales_saleline", "points_part_minor = points_part_minor + 1", "charged_minor > 0"),
    (PAID, "sales_payment", "amount_minor = amount_minor - 1", "method = 'cash'"),
    (PAID, "sales_sale", "state = 'paid'", "state = 'open'"),
    (DRAWN, "sales_payment", "points = points + 1", "points > 0"),
    (EARNED, "sales_sale", "points_earned = points_earned + 1", "lot IS NOT NULL"),
    (EARNED, "sales_sale", "points_earned = 0, lot = NULL", "true"),
    (REFUNDED, "sales_refund", "owed = owed + 1", "true"),
    (REFUNDED, "sales_sale", "points_returned = points_returned - 1", "points_returned > 0"),
    (PARTS, "sales_refund", "points_returned = points_returned + 1", "true"),
    (COUNTED, "sales_sale", "products_minor = products_minor + 1", "state = 'paid'"),
    (CARD_SOLD, "sales_saleline", f"gift_card_id = {ONE_SOLD}", "gift_card_id IS NOT NULL"),
    (PAID_ONLINE, "sales_onlinepayment", "amount_minor = amount_minor + 1", "state = 'paid'"),
    (PAID_ONLINE, "sales_onlinepayment", "payment_id = NULL", "state = 'paid'"),
    (PAID_ONLINE, "sales_onlinepayment", f"payment_id = {ONE_PAID}", "state <> 'expired'"),
    (BACK_ONLINE, "sales_onlinerefund", "amount_minor = amount_minor + 1", "true"),
    (BACK_ONLINE, "sales_onlinerefund", "amount_minor = amount_minor * 100", "true"),
    (BACK_ONLINE, "sales_onlinerefund", "online_payment_id = gen_random_uuid()", "true"),
    (BACK_ONLINE, "sales_onlinepayment", "state = 'returned'", "true"),
    (SEATS, "bookings_classsession", "seats = 1", "true"),
    (SEATS, "bookings_classsession", "cancelled_at = now()", "true"),
    (ONE_THING, "bookings_booking", "starts_at = starts_at - interval '1 minute'", "true"),
    (PARENTS, "ledger_draw", "lot_id = gen_random_uuid()", "true"),
    (ORPHANS, "members_customer", "business_id = gen_random_uuid()", "true"),
]

TAMPERED_AFTER_SEALING = [
    ("ledger_operation", "explanation = '{}'", "true"),
    ("ledger_operation", "actor = gen_random_uuid()", "kind = 'burn'"),
    ("ledger_transfer", "amount = amount + 1", "true"),
    ("ledger_lot", "usable_until = NULL", "true"),
    ("ledger_draw", "reason = 'reward'", "true"),
    ("ledger_seal", "operations = 0", "number = 2"),
    ("ledger_seal", "number = 3", "number = 2"),
    ("ledger_operation", "recorded_at = recorded_at + interval '10 days'", "kind = 'burn'"),
]


def change(table: str, values: str, where: str) -> None:
    tamper(f"UPDATE {table} x SET {values} WHERE x.business_id IS NOT NULL AND {where}")  # noqa: S608


def tamper(statement: str) -> None:
    """Do what no role but the database's owner could: past triggers, keys and checks."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for check in ("account_not_below_zero", "account_owed_not_above_zero"):
            cursor.execute(f"ALTER TABLE ledger_account DROP CONSTRAINT {check}")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def sealed(busy: BusyShop) -> BusyShop:
    """Sealed twice: after what has happened, and after one sale more."""
    first = seal(busy.shop.id, at=NOON + some_days(10))
    busy.shop.sell(ticket(10_00), at=NOON + some_days(11), member_id=busy.member_id)
    second = seal(busy.shop.id, at=NOON + some_days(12))
    assert first is not None
    assert second is not None
    assert second.previous == first.hash
    return busy


def test_the_books_are_right_after_all_that_can_happen() -> None:
    busy = sealed(a_busy_shop())

    assert_books_are_right()
    with scope(business=busy.shop.business):
        kinds = set(Operation.objects.values_list("kind", flat=True))
    assert kinds >= {"sale", "payment", "refund", "void", "burn", "gift_card_issue"}


@pytest.mark.parametrize(("code", "table", "values", "where"), TAMPERED)
def test_tampering_is_found(code: str, table: str, values: str, where: str) -> None:
    a_busy_shop()

    change(table, values, where)

    assert code in breaches()


def test_switching_off_what_keeps_the_books_from_changing_is_found() -> None:
    tamper("ALTER TABLE ledger_draw DISABLE TRIGGER only_grows")

    assert breaches() == {GROW: ("ledger_draw",)}


def test_every_invariant_is_tried_by_tampering() -> None:
    tried = {code for code, *_how in TAMPERED} | {GROW, "seals_hold"}

    assert tried == {invariant.code for invariant in INVARIANTS}


@pytest.mark.parametrize(("table", "values", "where"), TAMPERED_AFTER_SEALING)
def test_what_was_sealed_shows_tampering(table: str, values: str, where: str) -> None:
    sealed(a_busy_shop())

    change(table, values, where)

    assert "seals_hold" in breaches()


def test_what_is_missing_under_a_seal_shows() -> None:
    sealed(a_busy_shop())

    tamper("DELETE FROM ledger_draw WHERE business_id IS NOT NULL AND reason = 'burn'")

    assert "seals_hold" in breaches()


def test_a_seal_covers_nothing_that_may_still_be_written_beside_it() -> None:
    busy = a_busy_shop()
    just_now = NOON + some_days(5)
    busy.shop.open_sale(ticket(10_00), at=just_now, pays=in_cash(1_00), member_id=busy.member_id)

    link = seal(busy.shop.id, at=just_now + timedelta(minutes=9))

    with scope(business=busy.shop.business):
        assert link is not None
        assert link.operations == Operation.objects.count() - 1
    assert seal(busy.shop.id, at=just_now + timedelta(minutes=9)) is None


def test_much_to_seal_makes_several_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.actions.due.sealing.MOST_OPERATIONS", 5)
    busy = a_busy_shop()

    sealed_operations = []
    while link := seal(busy.shop.id, at=NOON + some_days(10)):
        sealed_operations.append(link.operations)

    with scope(business=busy.shop.business):
        assert sum(sealed_operations) == Operation.objects.count()
    assert len(sealed_operations) > 2
    assert_books_are_right()
