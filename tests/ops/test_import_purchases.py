"""``regulars import purchases``: files as other systems write them, and what is said of them."""

import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope

from regulars.sales.models import Sale, SaleLine
from tests.actions.importing_samples import (
    PLAIN,
    WORTH_A_CENT,
    WORTH_A_DOLLAR,
    Shop,
    a_shop,
    bought,
    earned_by,
)
from tests.books import assert_books_are_right
from tests.ops.workbooks import write_workbook
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parent.parent / "data" / "purchases.csv"
"""Purchases of 45 customers of a CD shop, among them of 0.00, equal ones and large ones."""

HEADER = "customer,date,items,amount\n"


def run(shop: Shop, file: Path, *options: str) -> str:
    said = StringIO()
    business = f"--business={shop.business.slug}"
    programme = f"--programme={'Bonuses' if shop.terms.point_value_minor else 'Points'}"
    # By itself: a second connection would not see what this test has not committed.
    command = ["import", "purchases", str(file), business, programme, "--at-once=1", *options]
    call_command(*command, stdout=said, stderr=said)
    return said.getvalue()


def totals_of(shop: Shop, file: Path, *options: str) -> dict[str, Any]:
    totals: dict[str, Any] = json.loads(run(shop, file, "--json", *options).splitlines()[-1])
    return totals


def refused_in(shop: Shop, file: Path, *options: str) -> list[tuple[int, str]]:
    refused = totals_of(shop, file, "--dry-run", *options)["refused"]
    return [(row["row"], row["code"]) for row in refused]


def some_file(tmp_path: Path, text: str | bytes, name: str = "sales.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_the_sample_comes_in_and_is_known_again() -> None:
    shop = a_shop()

    first = run(shop, SAMPLE)
    with nothing_changes():
        again = run(shop, SAMPLE)

    assert first == (
        "Everybody: 12,852 points\n"
        "Members: 45 (45 new). Sales: 228 (228 new). Amount: $12,998.34."
        " Points: 12,852 (12,852 new). Rows refused: 0.\n"
    )
    assert again == (
        "Members: 45 (0 new). Sales: 228 (0 new). Amount: $12,998.34."
        " Points: 12,852 (0 new). Rows refused: 0.\n"
    )
    assert_books_are_right()


@pytest.mark.parametrize("programme", [PLAIN, WORTH_A_DOLLAR, WORTH_A_CENT])
def test_the_sample_earns_what_the_rules_alone_say(programme: str) -> None:
    shop = a_shop(programme)
    rows = [line.split(",") for line in SAMPLE.read_text().splitlines()[1:]]
    purchases = [
        bought(day, round(float(amount) * 100), customer, row=number)
        for number, (customer, day, _items, amount) in enumerate(rows, start=2)
    ]

    tried = totals_of(shop, SAMPLE, "--dry-run")
    totals = totals_of(shop, SAMPLE)

    assert totals["points"] == earned_by(purchases, shop.terms)
    assert tried == totals | {"dry_run": True}
    assert_books_are_right()


def test_pieces_cut_between_customers_earn_as_much(tmp_path: Path) -> None:
    whole, pieces = a_shop(WORTH_A_DOLLAR), a_shop(WORTH_A_DOLLAR)
    rows = SAMPLE.read_text().splitlines()[1:]

    points = 0
    for piece in range(10):
        of_some = [row for row in rows if int(row.split(",")[0]) % 10 == piece]
        file = some_file(tmp_path, HEADER + "\n".join(of_some))
        points += totals_of(pieces, file)["points_new"]

    assert points == totals_of(whole, SAMPLE)["points"]


def test_a_dry_run_tells_every_refused_row_and_writes_nothing(tmp_path: Path) -> None:
    shop = a_shop()
    text = HEADER + "7,1997-01-05,1,10.00\n8,1997-01-05,1,-3\n9,5.1.1997,1,1\n"

    with nothing_changes():
        said = run(shop, some_file(tmp_path, text), "--dry-run")

    assert said == (
        "Row 3: “-3” is no amount of money from 0 on.\n"
        "Row 4: “5.1.1997” is no day like 2026-11-22; --date-format says how days stand.\n"
        "Everybody: 10 points\n"
        "Nothing was written. It would be:\n"
        "Members: 1 (1 new). Sales: 1 (1 new). Amount: $10.00. Points: 10 (10 new)."
        " Rows refused: 2.\n"
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("7,1997-01-05,1,10.005", "bad_amount"),
        ("7,1997-01-05,1,NaN", "bad_amount"),
        ("7,1997-01-05,1,inf", "bad_amount"),
        ("7,1997-01-05,1,1e3", "bad_amount"),
        ("7,1997-01-05,1,-0.01", "bad_amount"),
        ("7,1997-01-05,1,", "bad_amount"),
        ("7,1997-01-05,1,1 2", "bad_amount"),
        ('7,1997-01-05,1,"12,50"', "bad_amount"),
        ('7,1997-01-05,1,"1,250"', "bad_amount"),
        ("7,1997-01-05,1,99999999999999", "bad_amount"),
        ("7,1997-02-30,1,1", "bad_day"),
        ("7,,1,1", "bad_day"),
        ("7,0097-01-05,1,1", "bad_day"),
        ("7,3000-01-05,1,1", "in_future"),
        ("7,1997-01-05,0,1", "bad_items"),
        ("7,1997-01-05,1.5,1", "bad_items"),
        ("7,1997-01-05,99999,1", "bad_items"),
        (",1997-01-05,1,1", "no_customer"),
        ("7\0,1997-01-05,1,1", "bad_text"),
        (f"{'7' * 201},1997-01-05,1,1", "bad_text"),
        ("7", "bad_day"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(tmp_path: Path, row: str, code: str) -> None:
    file = some_file(tmp_path, f"{HEADER}{row}\n8,1997-01-05,1,1.00\n")

    assert refused_in(a_shop(), file) == [(2, code)]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("10", 1000),
        ("10.5", 1050),
        ("10.500", 1050),
        ("010.05", 1005),
        ("1,234.50", 123450),
        ("1 234.50", 123450),
        ("10.", 1000),
    ],
)
def test_amounts_are_read_exactly(tmp_path: Path, text: str, minor: int) -> None:
    shop = a_shop()

    run(shop, some_file(tmp_path, f'{HEADER}7,1997-01-05,1,"{text}"\n'))

    with scope(business=shop.business):
        assert Sale.objects.get().charged_minor == minor


def test_a_file_from_another_country_is_read_as_told(tmp_path: Path) -> None:
    shop = a_shop()
    text = "Kunde;Tag;Betrag\r\nMüller;05.01.1997;1.234,50\r\n\r\n"
    file = some_file(tmp_path, text.encode("latin-1"))
    columns = ["--customer=kunde", "--day=Tag", "--amount=Betrag"]

    said = run(shop, file, *columns, "--date-format=%d.%m.%Y", "--decimal=,", "--kind=service")

    assert said.startswith("The file is not in UTF-8; it was read as Latin-1.")
    with scope(business=shop.business):
        sale, line = Sale.objects.select_related("customer").get(), SaleLine.objects.get()
    assert (sale.charged_minor, str(sale.paid_day)) == (123450, "1997-01-05")
    assert sale.customer is not None
    assert sale.customer.external_id == "Müller"
    assert line.kind == "service"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_are_found(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [
        ["Receipt No", "Customer ID", "Paid on", "Total"],
        ["1,2", "Zoë", "1997-01-05", "9.50"],
    ]
    quoted = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)

    totals = totals_of(a_shop(), some_file(tmp_path, quoted.encode(encoding)), "--dry-run")

    assert (totals["sales"], totals["amount"], totals["refused"]) == (1, "9.50", [])


def test_instants_count_on_their_day_where_the_business_is(tmp_path: Path) -> None:
    shop = a_shop()
    text = HEADER + "7,1997-01-05T23:30:00,1,1\n7,1997-01-07T03:30:00Z,1,1\n"

    run(shop, some_file(tmp_path, text))

    with scope(business=shop.business):
        days = [
            str(day) for day in Sale.objects.order_by("paid_day").values_list("paid_day", flat=True)
        ]
    assert days == ["1997-01-05", "1997-01-06"]


def test_a_workbook_is_read_with_its_numbers_and_days(tmp_path: Path) -> None:
    shop = a_shop()
    file = tmp_path / "sales.xlsx"
    rows: list[list[object]] = [
        ["Customer", "Day", "Amount", "Items"],
        [1042, "d35435", 10.1 + 20.2, 2],
        ["A-7", "1997-01-06", 29.33, ""],
        [],
        ["A-8", "1997-01-06", "n/a", 1],
    ]
    write_workbook(file, {"Notes": [["nothing"]], "Sales": rows})

    totals = totals_of(shop, file, "--sheet=Sales")

    assert (totals["sales"], totals["amount"]) == (2, "59.63")
    assert totals["refused"] == [
        {"row": 5, "code": "bad_amount", "why": "“n/a” is no amount of money from 0 on."}
    ]
    with scope(business=shop.business):
        told = Sale.objects.order_by("paid_day").values_list("customer__external_id", "paid_day")
        assert [(number, str(day)) for number, day in told] == [
            ("1042", "1997-01-05"),
            ("A-7", "1997-01-06"),
        ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty"),
        ("customer,amount\n1,2\n", "--day which column it is. The columns are: customer, amount"),
        ("Kunde;Betrag\n1;2\n", "--customer, --day, --amount which column it is"),
        ("customer,date,total,amount\n", "--amount which it is: total, amount"),
        ('customer,date,amount\n7,"1997-01-05,1\n', "Row 2 is no CSV"),
    ],
)
def test_a_file_that_is_no_table_of_purchases_is_refused_in_words(
    tmp_path: Path, text: str, said: str
) -> None:
    shop = a_shop()

    with nothing_changes(), pytest.raises(CommandError, match=said):
        run(shop, some_file(tmp_path, text))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"file": "no-such-file.csv"}, "no-such-file.csv cannot be read: No such file"),
        ({"file": "no-such-file.xlsx"}, "no-such-file.xlsx cannot be read: No such file"),
        ({"file": "sales.xlsx"}, "sales.xlsx cannot be read"),
        ({"--business": "nowhere"}, "There is no business “nowhere”"),
        ({"--programme": "Nothing"}, "Say which with --programme: Points, Rewards"),
        ({"--receipt": "Bon"}, "--receipt which column it is"),
        ({"--source": "x" * 41}, "A source has at most 40 letters"),
    ],
)
def test_what_was_asked_for_wrongly_is_said(
    tmp_path: Path, options: Mapping[str, str], said: str
) -> None:
    shop = a_shop()
    some_file(tmp_path, b"PK not a workbook", "sales.xlsx")
    given = {"--business": shop.business.slug, "--programme": "Points", **options}
    file = tmp_path / given.pop("file", "sales.csv")
    if file.name == "sales.csv":
        some_file(tmp_path, HEADER)

    with nothing_changes(), pytest.raises(CommandError, match=said):
        call_command(
            "import", "purchases", str(file), *[f"{name}={value}" for name, value in given.items()]
        )


def test_the_only_business_need_not_be_named() -> None:
    shop = a_shop()
    said = StringIO()

    call_command("import", "purchases", str(SAMPLE), "--programme=Points", "--dry-run", stdout=said)

    assert "Sales: 228 (228 new)" in said.getvalue()

    a_shop()
    with pytest.raises(CommandError, match=f"--business: {shop.business.slug}, "):
        call_command("import", "purchases", str(SAMPLE))
