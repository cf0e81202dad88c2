"""Several groups, and several imports, at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from regulars.actions.due import importing
from tests.actions.importing_samples import WORTH_A_DOLLAR, Shop, a_shop
from tests.books import assert_books_are_right
from tests.ops.test_import_purchases import SAMPLE, totals_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_CUSTOMERS", 3)


def test_groups_sold_at_once_earn_as_much_as_one_after_the_other() -> None:
    one_by_one, at_once = a_shop(WORTH_A_DOLLAR), a_shop(WORTH_A_DOLLAR)

    assert totals_of(at_once, SAMPLE, "--at-once=4") == totals_of(one_by_one, SAMPLE)
    assert_books_are_right()


def test_two_imports_of_one_file_bring_it_in_once() -> None:
    shop = a_shop(WORTH_A_DOLLAR)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(_import_in_a_thread, [shop, shop])

    assert first["sales"] == second["sales"] == 228
    assert {first["sales_new"], second["sales_new"]} == {0, 228}
    assert_books_are_right()


def _import_in_a_thread(shop: Shop) -> dict[str, Any]:
    try:
        return totals_of(shop, SAMPLE, "--at-once=2")
    finally:
        connection.close()
