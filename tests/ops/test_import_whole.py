"""The whole file of purchases, where it is at hand: also in pieces, and killed again and again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
from django.db import connection
from django_scopes import scope

from regulars.ops import keys
from regulars.sales.models import Sale
from tests.actions.importing_samples import WORTH_A_CENT, WORTH_A_DOLLAR, Shop, a_shop
from tests.books import assert_books_are_right
from tests.ops.test_import_purchases import totals_of
from tests.running import IS_LONG

WHOLE = Path(__file__).parents[3] / "shared" / "data" / "cdnow.csv"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not WHOLE.exists(), reason="the whole file is not at hand"),
    # In one transaction, as tests are otherwise, every group would be a savepoint; hundreds of
    # those that lock one row make each other slow.
    pytest.mark.django_db(transaction=True),
]

COMMAND = "from regulars.ops.cli import main; main()"
KILLS = 10 if IS_LONG else 3
SALES = 69_659
LONG = pytest.mark.skipif(not IS_LONG, reason="pieces of it earn the same")


def a_tenth(folder: Path, number: int = 0) -> Path:
    """The purchases of every tenth customer."""
    header, *rows = WHOLE.read_text().splitlines()
    of_some = [row for row in rows if int(row.split(",")[0]) % 10 == number]
    piece = folder / f"{number}.csv"
    piece.write_text("\n".join([header, *of_some]))
    return piece


def test_the_whole_file_comes_in() -> None:
    shop = a_shop()

    totals = totals_of(shop, WHOLE, "--at-once=2")
    again = totals_of(shop, WHOLE, "--at-once=2")

    told = [totals[name] for name in ("members", "sales", "amount", "points", "refused")]
    assert told == [23_570, 69_659, "2500315.63", 2_453_159, []]
    new = {"members_new": 0, "sales_new": 0, "points_new": 0, "levels": {}}
    assert again == totals | new
    assert_books_are_right()


@pytest.mark.parametrize(
    ("programme", "points"),
    [
        pytest.param(WORTH_A_DOLLAR, 26_434, marks=LONG),
        pytest.param(WORTH_A_CENT, 5_014_474, marks=LONG),
    ],
)
def test_the_whole_file_earns_by_levels(programme: str, points: int) -> None:
    shop = a_shop(programme)

    assert totals_of(shop, WHOLE)["points"] == points
    assert_books_are_right()


def test_a_tenth_of_the_file_earns_by_levels_in_cents(tmp_path: Path) -> None:
    shop = a_shop(WORTH_A_CENT)

    assert totals_of(shop, a_tenth(tmp_path))["points"] == 459_064
    assert_books_are_right()


def test_ten_pieces_earn_as_much_as_the_whole_file(tmp_path: Path) -> None:
    shop = a_shop(WORTH_A_DOLLAR)

    points = [totals_of(shop, a_tenth(tmp_path, number))["points_new"] for number in range(10)]

    assert sum(points) == 26_434
    assert count_sales(shop) == SALES


def address_of_database() -> str:
    """The tests' own database, as another process finds it."""
    database = connection.settings_dict
    user = ":".join(quote(str(database[part])) for part in ("USER", "PASSWORD") if database[part])
    host = quote(str(database["HOST"]), safe="")
    return f"postgresql://{user}@/{database['NAME']}?host={host}&port={database['PORT']}"


def start(shop: Shop, file: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    options = [f"--business={shop.business.slug}", "--programme=Points", "--json"]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "import", "purchases", str(file), *options],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def count_sales(shop: Shop) -> int:
    with scope(business=shop.business):
        return Sale.objects.count()


def test_killed_again_and_again_it_still_ends_with_the_same_totals(tmp_path: Path) -> None:
    shop = a_shop()
    environment = {
        **os.environ,
        **keys.fresh(),
        "REGULARS_DATA": str(tmp_path),
        "DATABASE_URL": address_of_database(),
    }
    file = WHOLE if IS_LONG else a_tenth(tmp_path)
    at_once = totals_of(a_shop(), file)
    sales = at_once["sales"]
    seed = int(time.time())
    print(f"seed {seed}")  # noqa: T201 - to repeat a failure
    random = Random(seed)  # noqa: S311 - no secret

    for kill in range(KILLS):
        process = start(shop, file, environment)
        enough = count_sales(shop) + random.randint(0, sales // (KILLS + 1))
        while process.poll() is None and count_sales(shop) <= enough:
            time.sleep(random.random() / 50)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, f"it ended before kill {kill}"

    process = start(shop, file, environment)
    totals = json.loads(process.communicate()[0])
    told = ("members", "sales", "amount", "points", "refused")
    assert [totals[name] for name in told] == [at_once[name] for name in told]
    assert 0 < totals["sales_new"] < sales
    assert count_sales(shop) == sales
    assert_books_are_right()
