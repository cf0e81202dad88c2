"""Purchases of the past are sold by the same rules as at the till, once."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.actions.due.importing import MOST_CUSTOMERS, MOST_PURCHASES, in_groups
from regulars.domain.errors import MonthClosed
from regulars.ledger.models import Account, Draw, Lot, Operation, Transfer
from regulars.members.models import Consent, Contact, Customer, LevelChange, Member
from regulars.notices.models import Message
from regulars.reports.refusing import explain
from regulars.rows import new_id
from regulars.sales.models import Payment, Sale, SaleLine
from tests.actions.importing_samples import (
    FOUNDED,
    NEW_YORK,
    NOW,
    WORTH_A_CENT,
    WORTH_A_DOLLAR,
    Shop,
    a_shop,
    bought,
    earned_by,
)
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


def balance_of(shop: Shop, customer: str = "7") -> int:
    with scope(business=shop.business):
        member = Member.objects.get(customer__external_id=customer)
        return Account.objects.get(pk=member.account_id).balance


def test_a_purchase_is_sold_at_noon_of_its_day() -> None:
    shop = a_shop()

    totals = shop.bring(bought("1997-07-04", 2933, items=2, receipt="R-1"))

    noon = datetime(1997, 7, 4, 12, tzinfo=NEW_YORK)
    with scope(business=shop.business):
        sale, line = Sale.objects.get(), SaleLine.objects.get()
        payment, operation = Payment.objects.get(), Operation.objects.get()
    assert (sale.state, sale.channel, sale.source) == ("paid", "import", "tests")
    assert (sale.receipt, sale.number, sale.till_id) == ("R-1", None, None)
    assert (sale.paid_at, sale.paid_day) == (noon, date(1997, 7, 4))
    assert (sale.charged_minor, sale.products_minor, sale.points_earned) == (2933, 2933, 29)
    assert (line.kind, line.quantity, line.list_minor) == ("product", 2, 2933)
    assert (payment.method, payment.amount_minor) == ("cash", 2933)
    assert (operation.at, operation.recorded_at) == (noon, NOW)
    assert operation.explanation["lines"][0]["why"] == "rate"
    assert (totals.members, totals.sales, totals.amount_minor, totals.points) == (1, 1, 2933, 29)
    assert totals.levels == Counter({"Everybody": 29})


def test_a_purchase_of_today_does_not_lie_in_the_future() -> None:
    shop = a_shop()

    shop.bring(bought("2026-03-10", 500), at=NOW)

    with scope(business=shop.business):
        assert Operation.objects.get().at == NOW


def test_a_customer_who_is_unknown_becomes_a_member() -> None:
    shop = a_shop(WORTH_A_DOLLAR)

    totals = shop.bring(bought("1997-01-05", 1000, "00042"), bought("1997-01-06", 1000, "00042"))

    noon = datetime(1997, 1, 5, 12, tzinfo=NEW_YORK)
    with scope(business=shop.business):
        customer, member = Customer.objects.get(), Member.objects.get()
        change = LevelChange.objects.get()
    assert (customer.external_id, customer.name, customer.source) == ("00042", "", "tests")
    assert (member.joined_at, member.activated_at, member.joined_by) == (noon, noon, "import")
    assert (member.level_id, member.level_since) == (shop.terms.lowest.id, date(1997, 1, 5))
    assert (change.why, change.to_level_id) == ("joined", member.level_id)
    assert (totals.members_new, totals.sales_new) == (1, 2)


def test_a_customer_who_is_there_joins_as_they_are() -> None:
    shop = a_shop()
    with scope(business=shop.business):
        known = Customer.objects.create(
            business=shop.business, name="Ada", external_id="7", created_at=FOUNDED
        )

    shop.bring(bought("1997-01-05", 1000))

    with scope(business=shop.business):
        assert Member.objects.get().customer_id == known.pk
        assert Customer.objects.get().name == "Ada"


def test_the_account_of_a_customer_who_was_merged_gets_the_purchase() -> None:
    shop = a_shop()
    shop.bring(bought("1997-01-05", 1000, "kept"))
    with scope(business=shop.business):
        kept = Customer.objects.get()
        Customer.objects.create(
            business=shop.business, external_id="old", merged_into=kept, created_at=FOUNDED
        )

    totals = shop.bring(bought("1997-01-07", 500, "old"), bought("1997-01-08", 700, "kept"))

    assert totals.sales_new == 2
    assert balance_of(shop, "kept") == 22


def test_a_purchase_of_nothing_is_a_sale_and_nothing_else() -> None:
    shop = a_shop()

    totals = shop.bring(bought("1997-01-05", 0))

    with scope(business=shop.business):
        assert Sale.objects.get().state == "paid"
        assert Member.objects.get().last_visit is None
        for table in (Payment, Lot, Transfer):
            assert not table.objects.exists()
    assert (totals.sales, totals.points) == (1, 0)


def test_levels_and_expiry_evolve_as_they_would_have() -> None:
    shop = a_shop(WORTH_A_DOLLAR)

    totals = shop.bring(
        bought("1997-01-05", 200_00),  # 1 % and then Two
        bought("1997-01-06", 200_00),  # 3 % and then Three
        bought("1997-12-01", 100_00),  # 5 %: kept; the first two lots burned in July
    )

    assert totals.levels == Counter({"One": 2, "Two": 6, "Three": 5})
    assert balance_of(shop) == 5
    with scope(business=shop.business):
        burns = Operation.objects.filter(kind="burn").order_by("at")
        ends = [burn.at for burn in burns]
        assert sorted(draw.points for draw in Draw.objects.all()) == [2, 6]
        changes = LevelChange.objects.order_by("at", "id").values_list("why", flat=True)
        assert list(changes) == ["joined", "spending", "spending"]
    # Usable up to and including day 180: the end is the start of the day after it.
    assert ends == [
        datetime(1997, 7, 5, tzinfo=NEW_YORK),
        datetime(1997, 7, 6, tzinfo=NEW_YORK),
    ]


def test_rows_may_stand_in_any_order() -> None:
    purchases = [bought(f"1997-0{month}-15", 90_00, row=month) for month in range(1, 10)]
    backwards = purchases[::-1]

    in_order, out_of_order = a_shop(WORTH_A_DOLLAR), a_shop(WORTH_A_DOLLAR)

    assert in_order.bring(*purchases).levels == out_of_order.bring(*backwards).levels


def test_importing_again_changes_nothing() -> None:
    shop = a_shop(WORTH_A_DOLLAR)
    purchases = [bought("1997-01-05", 15000), bought("1997-09-05", 15000), bought("1997-09-05", 0)]
    first = shop.bring(*purchases)

    with nothing_changes():
        again = shop.bring(*purchases)

    assert (again.members, again.sales, again.points) == (1, 3, first.points)
    assert (again.members_new, again.sales_new, again.points_new) == (0, 0, 0)


def test_equal_rows_are_as_many_purchases() -> None:
    shop = a_shop()

    totals = shop.bring(*[bought("1997-01-05", 1000) for _ in range(3)])

    assert (totals.sales_new, totals.points) == (3, 30)


def test_rows_of_another_source_are_other_purchases() -> None:
    shop = a_shop()
    shop.bring(bought("1997-01-05", 1000))

    assert shop.bring(bought("1997-01-05", 1000), source="web").sales_new == 1
    assert shop.bring(bought("1997-01-05", 1000), source="web").sales_new == 0


def test_a_receipt_makes_a_row_known_wherever_it_stands() -> None:
    shop = a_shop()
    shop.bring(bought("1997-01-05", 1000, receipt="A"))

    with nothing_changes():
        again = shop.bring(bought("1997-01-05", 1000, receipt="A"), source="web")

    assert (again.sales, again.sales_new) == (1, 0)


def test_a_receipt_that_now_says_something_else_is_refused() -> None:
    shop = a_shop()
    shop.bring(bought("1997-01-05", 1000, receipt="A"))

    with nothing_changes():
        again = shop.bring(bought("1997-01-05", 2000, row=9, receipt="A"))

    assert [(one.row, one.code) for one in again.refused] == [(9, "request_id_reused")]
    assert again.members == 0


def test_a_receipt_that_stands_in_a_file_twice_is_one_purchase() -> None:
    shop = a_shop()

    totals = shop.bring(
        bought("1997-01-05", 1000, row=2, receipt="A"),
        bought("1997-01-05", 500, "8", row=3, receipt="A"),
    )

    assert totals.sales == 1
    [refused] = totals.refused
    assert (refused.row, refused.code) == (3, "receipt_repeated")
    assert refused.why == "Its receipt is that of row 2."


def test_a_purchase_before_the_last_one_is_refused_and_the_others_are_not() -> None:
    shop = a_shop()
    shop.bring(bought("1997-06-01", 1000))

    totals = shop.bring(
        bought("1997-05-31", 500, row=2),
        bought("1997-06-01", 500, row=3),
        bought("1997-05-31", 500, "8", row=4),
    )

    assert [(one.row, one.code) for one in totals.refused] == [(2, "out_of_order")]
    assert (totals.members, totals.members_new, totals.sales) == (2, 1, 2)
    assert balance_of(shop) == 15


def test_nobody_joins_by_a_purchase_that_is_refused() -> None:
    shop = a_shop()
    shop.business.closed_until = date(1997, 1, 31)
    shop.business.save()

    with nothing_changes():
        totals = shop.bring(bought("1997-01-05", 1000, row=2))

    [refused] = totals.refused
    assert (refused.row, refused.code) == (2, "month_closed")
    assert refused.why == explain(MonthClosed(closed_until=date(1997, 1, 31)), {})
    assert (totals.members, totals.sales) == (0, 0)


def test_nobody_is_told_of_the_past() -> None:
    shop = a_shop()
    shop.bring(bought("1997-01-05", 1000))
    with scope(business=shop.business):
        of = {"business": shop.business, "customer": Customer.objects.get()}
        Contact.objects.create(**of, kind="email", value="ada@example.org")
        Consent.objects.create(**of, channel="email", granted=True, at=FOUNDED)

    shop.bring(bought("1997-02-05", 1000))

    with scope(business=shop.business):
        assert not Message.objects.exists()
    assert balance_of(shop) == 20


def test_a_trial_says_the_same_and_writes_nothing() -> None:
    shop = a_shop(WORTH_A_DOLLAR)
    shop.bring(bought("1997-01-05", 9000))
    purchases = [
        bought("1997-01-04", 1000, row=2),
        bought("1997-01-06", 9000, row=3),
        bought("1997-01-06", 9000, "8", row=4),
    ]

    with nothing_changes():
        tried = shop.bring(*purchases, trial=True)

    assert shop.bring(*purchases) == tried
    assert [one.code for one in tried.refused] == ["out_of_order"]


history = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.dates(date(1997, 1, 1), date(1998, 6, 30)),
        st.integers(0, 20_000),
    ),
    max_size=25,
)


@given(history, st.dates(date(1997, 1, 1), date(1998, 6, 30)))
@settings(max_examples=10)
def test_a_file_may_be_cut_between_days(rows: list[tuple[str, date, int]], cut: date) -> None:
    purchases = [
        bought(str(day), amount, customer, row=number)
        for number, (customer, day, amount) in enumerate(rows, start=2)
    ]
    before = [purchase for purchase in purchases if purchase.day < cut]
    whole, parts = a_shop(WORTH_A_CENT), a_shop(WORTH_A_CENT)

    at_once = whole.bring(*purchases)
    points = parts.bring(*before).points + parts.bring(*purchases).points_new

    assert at_once.refused == []
    assert points == at_once.points == earned_by(purchases, whole.terms)


def test_groups_hold_so_many_customers_or_purchases() -> None:
    business_id = new_id()
    many = [bought("1997-01-05", 100, str(number)) for number in range(MOST_CUSTOMERS + 1)]
    busy = [
        bought("1997-01-05", 100, customer) for customer in "ab" for _ in range(MOST_PURCHASES - 1)
    ]

    assert [len(group) for group in in_groups(business_id, many, "")[0]] == [MOST_CUSTOMERS, 1]
    assert [len(group) for group in in_groups(business_id, busy, "")[0]] == [1, 1]


def test_the_first_terms_also_rule_what_came_before_them() -> None:
    shop = a_shop()

    totals = shop.bring(bought("1980-01-05", 1000))

    assert totals.points == 10
    with scope(business=shop.business):
        assert Sale.objects.get().paid_at == datetime(1980, 1, 5, 17, tzinfo=UTC)
