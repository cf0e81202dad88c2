"""What finding people costs: few statements, each by an index."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from regulars.actions.members.cards import CardOrder
from regulars.reports.finding import find_people, here_today, resolve
from tests.actions.samples import NOON, House, a_house, counted
from tests.actions.selling_builders import a_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def cinema() -> House:
    return a_house("cinema", welcome_points=50, welcome_days=30)


@pytest.mark.parametrize(
    ("text", "most"),
    [("KA17", 1), ("CorrectHorse", 1), ("0151 23456789", 1), ("irina@example.org", 1), ("A-7", 2),
     ("irin", 3), ("0151 23", 3)],
)  # fmt: skip
def test_asks_in_few_statements(cinema: House, text: str, most: int) -> None:
    cinema.enrol(
        name="Irina",
        phone="0151 23456789",
        email="irina@example.org",
        card=CardOrder("KA17", secret="CorrectHorse"),
    )
    cinema.an_item(sku="A-7")
    find_people(cinema.business, "irin", at=NOON)  # The terms are then in memory.

    with counted() as statements:
        assert resolve(cinema.business, text, at=NOON)

    assert len(statements) == most


@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        ("anna petr", {"customer_by_words"}),
        ("petr", {"customer_by_words", "contact_of_one_customer"}),
        ("0151 234", {"contact_of_one_customer", "contact_by_last_digits", "card_number_once"}),
        ("a.petr@exa", {"contact_of_one_customer"}),
    ],
)
def test_every_way_to_find_somebody_has_its_index(
    cinema: House, text: str, indexes: set[str]
) -> None:
    joined = cinema.enrol(name="Anna Petrova")
    many(cinema, joined.member_id)

    plan = plan_of(lambda: find_people(cinema.business, text, at=NOON))

    assert {name for name in indexes if name not in plan} == set()
    assert "Seq Scan on members_customer" not in plan
    assert "Seq Scan on members_contact" not in plan


def test_who_was_here_today_is_read_from_the_newest_sales_backwards() -> None:
    shop = a_shop()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    plan = plan_of(lambda: here_today(shop.business, shop.till.place_id, at=NOON))

    assert "Index Scan Backward using sale_of_business" in plan


def many(house: House, member_id: UUID) -> None:
    """Customers, contacts and cards enough that reading whole tables does not pay."""
    values = {"business": house.id, "member": member_id}
    with connection.cursor() as cursor:
        for statement in MANY.split(";"):
            cursor.execute(statement, values if "%" in statement else None)


MANY = """
INSERT INTO members_customer (id, business_id, name, language, note, created_at, source,
  external_id, reward_rule_lifted)
SELECT gen_random_uuid(), %(business)s, md5(n::text), '', '', now(), '', '', false
FROM generate_series(1, 5000) n;
INSERT INTO members_contact (id, business_id, customer_id, kind, value)
SELECT gen_random_uuid(), %(business)s, c.id, k,
  CASE k WHEN 'phone' THEN '+4930' || 1000000 + n ELSE n || '@example.org' END
FROM (SELECT id, row_number() OVER () AS n FROM members_customer
      WHERE business_id = %(business)s) c, unnest(ARRAY['phone', 'email']) k;
INSERT INTO members_card (id, business_id, member_id, number, is_virtual, issued_at)
SELECT gen_random_uuid(), %(business)s, %(member)s, 10000 + n, true, now()
FROM generate_series(1, 5000) n;
ANALYZE members_customer, members_contact, members_card
"""


def plan_of(ask: Callable[[], object]) -> str:
    """How the database does what is asked inside."""
    plans: list[str] = []

    def explain(  # noqa: PLR0917 - the shape of Django's execute_wrapper
        execute: Callable[..., Any],
        sql: str,
        params: object,
        many: bool,  # noqa: FBT001 - see above
        context: Mapping[str, Any],
    ) -> Any:  # noqa: ANN401 - whatever the statement answers
        execute(f"EXPLAIN {sql}", params, many, context)
        plans.extend(line for (line,) in context["cursor"].fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        ask()
    return "\n".join(plans)
