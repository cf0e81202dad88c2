"""What the database itself refuses, whoever writes."""

# ruff: noqa: ANN401 - columns hold values of any kind

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scope

from regulars.business.models import Business
from regulars.ledger.models import Account, Draw, Lot, Operation, Transfer
from regulars.members.models import Contact, Customer, Member, Referral
from regulars.programmes.models import Level, Programme
from regulars.rows import new_id
from regulars.sales.models import Sale, SaleLine

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_business(slug: str) -> Business:
    return Business.objects.create(
        name=slug, slug=slug, currency="EUR", timezone="Europe/Berlin", kind="cinema",
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def business() -> Iterator[Business]:
    business = a_business("here")
    with scope(business=business):
        yield business


@pytest.fixture
def other() -> Business:
    return a_business("there")


def an_account(business: Business, purpose: str = "member", **rest: Any) -> Account:
    return Account.objects.create(business=business, unit="points", purpose=purpose, **rest)


def an_operation(business: Business, **rest: Any) -> Operation:
    given = {"kind": "adjust", "at": NOW, "recorded_at": NOW, "request_id": new_id()}
    return Operation.objects.create(business=business, **given | rest)


def a_lot(business: Business, account: Account, operation: Operation, **rest: Any) -> Lot:
    given = {"origin": "adjust", "amount": 10, "points_left": 10, "usable_from": NOW}
    return Lot.objects.create(
        business=business, account=account, operation=operation, **given | rest
    )


def a_sale(business: Business, **rest: Any) -> Sale:
    given = {
        "state": "paid", "channel": "till", "opened_at": NOW, "charged_minor": 100,
        "goods_minor": 100, "products_minor": 0, "tickets_minor": 0, "operation": new_id(),
    }  # fmt: skip
    return Sale.objects.create(business=business, **given | rest)


def a_customer(business: Business, **rest: Any) -> Customer:
    return Customer.objects.create(business=business, created_at=NOW, **rest)


def refused_by(constraint: str) -> "pytest.RaisesExc[IntegrityError]":
    return pytest.raises(IntegrityError, match=constraint)


# A row's business is its parents' (invariant 13).


def test_a_row_of_another_businesss_parent_is_refused(business: Business, other: Business) -> None:
    ours, theirs = an_account(business), an_account(other)
    operation = an_operation(business)
    lot = a_lot(business, ours, operation)

    with refused_by("ledger_transfer_to_account_of_business"), transaction.atomic():
        Transfer.objects.create(
            business=business, operation=operation, from_account=ours, to_account=theirs, amount=1
        )
    with refused_by("ledger_lot_account_of_business"), transaction.atomic():
        a_lot(business, theirs, operation)
    with refused_by("ledger_operation_account_of_business"), transaction.atomic():
        an_operation(business, account=theirs)
    with refused_by("ledger_draw_(operation|lot)_of_business"), transaction.atomic():
        Draw.objects.create(business=other, operation=operation, lot=lot, points=1, reason="burn")
    with refused_by("sales_sale_customer_of_business"), transaction.atomic():
        a_sale(business, customer=a_customer(other))
    with refused_by("sales_saleline_sale_of_business"), transaction.atomic():
        SaleLine.objects.create(
            business=other, sale=a_sale(business), position=1, kind="product", name="Tea",
            quantity=1, list_minor=1, charged_minor=1,
        )  # fmt: skip


def test_a_row_cannot_move_to_another_business(business: Business, other: Business) -> None:
    lot = a_lot(business, an_account(business), an_operation(business))

    with refused_by("of_business"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(business=other)


def test_a_row_of_no_business_is_refused() -> None:
    for make in (Account(unit="points", purpose="member"), Customer(created_at=NOW)):
        make.business_id = new_id()
        with refused_by(f"{make._meta.db_table}_business"), transaction.atomic():
            make.save(force_insert=True)


def test_rows_chained_in_one_statement_find_each_other(business: Business) -> None:
    """Keys are checked when the statement ends, so parents and children may come together."""
    lot, account, operation = (new_id() for _ in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH lot AS (
                INSERT INTO ledger_lot (business_id, id, account_id, operation_id, origin,
                                        amount, points_left, usable_from)
                VALUES (%(business)s, %(lot)s, %(account)s, %(operation)s, 'sale', 1, 1, %(now)s)
                RETURNING 1
            ), account AS (
                INSERT INTO ledger_account (business_id, id, unit, purpose, balance)
                VALUES (%(business)s, %(account)s, 'points', 'member', 1) RETURNING 1
            ), operation AS (
                INSERT INTO ledger_operation (business_id, id, kind, at, recorded_at, account_id,
                                              request_id, note, explanation)
                VALUES (%(business)s, %(operation)s, 'sale', %(now)s, %(now)s, %(account)s,
                        %(lot)s, '', '{}') RETURNING 1
            )
            SELECT (SELECT count(*) FROM lot) + (SELECT count(*) FROM account)
                 + (SELECT count(*) FROM operation)
            """,
            {
                "business": business.pk,
                "now": NOW,
                "lot": lot,
                "account": account,
                "operation": operation,
            },
        )
        assert cursor.fetchone() == (3,)


# Accounts (invariant 4).


@pytest.mark.parametrize("purpose", ["member", "gift_card"])
def test_what_is_held_cannot_fall_below_zero(business: Business, purpose: str) -> None:
    account = an_account(business, purpose)

    with refused_by("account_not_below_zero"), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(balance=-1)


def test_what_is_owed_belongs_to_a_member_and_cannot_rise_above_zero(business: Business) -> None:
    main = an_account(business)
    owed = an_account(business, "owed", main=main, balance=-5)

    with refused_by("account_owed_not_above_zero"), transaction.atomic():
        Account.objects.filter(pk=owed.pk).update(balance=1)
    with refused_by("account_owed_not_above_zero"), transaction.atomic():
        an_account(business, "owed")
    with refused_by("account_one_of_what_is_owed"), transaction.atomic():
        an_account(business, "owed", main=main)


def test_a_unit_has_one_account_for_each_purpose_of_its_own(business: Business) -> None:
    an_account(business, "issued")
    an_account(business, "member")
    an_account(business, "member")

    with refused_by("account_one_for_each_purpose"), transaction.atomic():
        an_account(business, "issued")


# Operations, transfers, lots, draws (invariants 1, 5, 8, 12).


def test_a_request_is_done_once_in_a_business(business: Business, other: Business) -> None:
    first = an_operation(business)
    an_operation(other, request_id=first.request_id)

    with refused_by("operation_once_per_request"), transaction.atomic():
        an_operation(business, request_id=first.request_id)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_transfer_moves_something(business: Business, amount: int) -> None:
    with refused_by("transfer_moves_something"), transaction.atomic():
        Transfer.objects.create(
            business=business, operation=an_operation(business), amount=amount,
            from_account=an_account(business), to_account=an_account(business),
        )  # fmt: skip


def test_a_transfer_is_between_two_accounts(business: Business) -> None:
    account = an_account(business)

    with refused_by("transfer_between_two_accounts"), transaction.atomic():
        Transfer.objects.create(
            business=business, operation=an_operation(business), amount=1,
            from_account=account, to_account=account,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "left", "constraint"),
    [(10, 11, "lot_left_within_amount"), (10, -1, "lot_left_within_amount"),
     (0, 0, "lot_holds_something")],
)  # fmt: skip
def test_what_is_left_of_a_lot_lies_within_it(
    business: Business, amount: int, left: int, constraint: str
) -> None:
    account, operation = an_account(business), an_operation(business)

    with refused_by(constraint), transaction.atomic():
        a_lot(business, account, operation, amount=amount, points_left=left)


def test_a_draw_moves_points(business: Business) -> None:
    operation = an_operation(business)
    lot = a_lot(business, an_account(business), operation)

    with refused_by("draw_moves_points"), transaction.atomic():
        Draw.objects.create(
            business=business, operation=operation, lot=lot, points=0, reason="burn"
        )


# People and sales.


def test_a_contact_belongs_to_one_open_customer(business: Business, other: Business) -> None:
    def note(business: Business, **rest: Any) -> Contact:
        return Contact.objects.create(
            business=business, customer=a_customer(business), kind="email", value="a@b.example",
            **rest,
        )  # fmt: skip

    note(business, released_at=NOW)
    note(business)
    note(other)

    with refused_by("contact_of_one_customer"), transaction.atomic():
        note(business)


def test_a_customer_has_at_most_one_open_account(business: Business) -> None:
    programme = Programme.objects.create(business=business, name="P", created_at=NOW)
    level = Level.objects.create(business=business, programme=programme, created_at=NOW)
    customer = a_customer(business)

    def join(**rest: Any) -> Member:
        return Member.objects.create(
            business=business, customer=customer, programme=programme, joined_at=NOW,
            account=an_account(business), level=level, level_since=NOW.date(), **rest,
        )  # fmt: skip

    join(closed_at=NOW + timedelta(days=1))
    join()

    with refused_by("member_one_open_account"), transaction.atomic():
        join()


def test_nobody_refers_themselves_and_a_customer_brings_one_referral(business: Business) -> None:
    first, second = a_customer(business), a_customer(business)

    def refer(referred: Customer, referrer: Customer) -> None:
        Referral.objects.create(business=business, referred=referred, referrer=referrer, at=NOW)

    with refused_by("referral_of_another"), transaction.atomic():
        refer(first, first)
    refer(first, second)
    with refused_by("referral_once"), transaction.atomic():
        refer(first, a_customer(business))


def test_receipt_numbers_are_unique_and_imports_have_none(business: Business) -> None:
    for number in (1, 2, None, None):
        a_sale(business, number=number)

    with refused_by("sale_number_once"), transaction.atomic():
        a_sale(business, number=2)


def test_no_more_is_refunded_than_was_charged(business: Business) -> None:
    with refused_by("sale_refunded_within_charged"), transaction.atomic():
        a_sale(business, refunded_minor=101)


def test_ids_sort_in_the_order_in_which_they_were_made() -> None:
    ids: list[UUID] = [new_id() for _ in range(1000)]

    assert ids == sorted(ids)
