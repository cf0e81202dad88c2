from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import given

from regulars.domain.errors import TermsRefused
from regulars.domain.terms import Basis, EarnsOn, Kind, KindTerms, Rate
from regulars.programmes.draft import Draft
from regulars.programmes.toml import from_toml, to_toml
from tests.programmes.samples import BERLIN, drafts

SMALLEST = """
name = "Film club"
point_value = 1.00

[[level]]
name = "Guest"

[level.product]
cashback_percent = 7.5
payable_percent = "10"
"""


def read(text: str, *, minor_per_major: int = 100) -> Draft:
    return from_toml(text, zone=BERLIN, minor_per_major=minor_per_major)


@given(drafts())
def test_reading_what_was_written_gives_the_same_programme(draft: Draft) -> None:
    again = read(to_toml(draft), minor_per_major=draft.terms.minor_per_major)

    assert by_group_name(again) == by_group_name(draft)


@given(drafts())
def test_writing_what_was_read_gives_the_same_text(draft: Draft) -> None:
    text = to_toml(draft)

    assert to_toml(read(text, minor_per_major=draft.terms.minor_per_major)) == text


def by_group_name(draft: Draft) -> Draft:
    """The draft with ids of groups that follow from their names."""
    ids = {group_id: uuid5(NAMESPACE_OID, name) for group_id, name in draft.groups.items()}
    levels = tuple(
        replace(level, group_id=ids[level.group_id]) if level.group_id else level
        for level in draft.terms.levels
    )
    groups = {ids[group_id]: name for group_id, name in draft.groups.items()}
    return replace(draft, terms=replace(draft.terms, levels=levels), groups=groups)


def test_what_a_file_leaves_out_is_as_by_default() -> None:
    draft = read(SMALLEST)

    assert (draft.unit_one, draft.unit_many) == ("point", "points")
    assert draft.terms.point_value_minor == 100
    assert draft.terms.reward_factor == 14
    assert draft.terms.lowest.priority == 1
    assert draft.terms.lowest.kinds == {
        Kind.PRODUCT: KindTerms(EarnsOn.PAYMENT, Rate(75_000, Basis.CASHBACK), 100_000)
    }


def test_amounts_may_be_texts_or_numbers() -> None:
    said = {
        read(SMALLEST.replace("1.00", value)).terms.point_value_minor
        for value in ("1", "1.0", '"1.00"', '"1"', "1.000")
    }

    assert said == {100}


def test_levels_of_one_group_name_share_the_group() -> None:
    text = (
        SMALLEST
        + """
[[level]]
name = "Student"
group = "Students"
[[level]]
name = "Student and friend"
group = "Students"
"""
    )

    draft = read(text)

    assert list(draft.groups.values()) == ["Students"]
    assert [level.group_id for level in draft.terms.levels] == [None, *draft.groups, *draft.groups]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('name = "Film club"', "", "“name” is missing"),
        ('name = "Film club"', "name = 5", "“name” is 5; it must be a text in one line"),
        ("point_value = 1.00", "colour = 1", "there is no setting “colour”"),
        ("1.00", "1.005", "“point_value” is 1.005; it must be an amount of money such as 100.00"),
        ("1.00", "-1", "“point_value” is -1; it must be an amount"),
        ("1.00", "1e400", "“point_value” is 1E+400; it must be an amount"),
        ("1.00", "1e-400", "“point_value” is 1E-400; it must be an amount"),
        ("1.00", "nan", "“point_value” is NaN; it must be an amount"),
        ("1.00", "inf", "“point_value” is Infinity; it must be an amount"),
        ("1.00", "true", "“point_value” is True; it must be an amount"),
        ("1.00", '"\u0661"', "it must be an amount of money"),
        ("1.00", "9" * 5000, "this is no TOML"),
        ("1.00", "9" * 3000, "“point_value” is 999999"),
        ("1.00", "1.00\nenabled = 1", "“enabled” is 1; it must be true or false"),
        ("1.00", "1.00\nwelcome_days = 1.5", "“welcome_days” is 1.5; it must be a whole number"),
        ("1.00", "1.00\nwelcome_days = -1", "“welcome_days” is -1; it must be a whole number"),
        ("1.00", "1.00\nwelcome_days = true", "“welcome_days” is True; it must be a whole number"),
        ("1.00", '1.00\nunit = ["one"]', "“unit” is ['one']; it must be a list of two texts"),
        ("1.00", '1.00\njoins_by = ["post"]', "“joins_by” is ['post']; it must be a list of any"),
        ("1.00", "1.00\njoins_by = [[]]", "“joins_by” is [[]]; it must be a list of any"),
        ("1.00", '1.00\nconfirm_by = "x"', "“confirm_by” is “x”; it must be one of code, cashier"),
        (
            "1.00",
            "1.00\nruns_from = 2026-01-01",
            "“runs_from” is 2026-01-01; it must be an instant",
        ),
        ("[[level]]", "[x]", "it must be tables, each headed [[level]]"),
        ("[level.product]", "[level.gift_card]", "there is no setting “gift_card”"),
        (
            "[level.product]",
            "product = 3\n[x]",
            "level 1 “Guest”: “product” is 3; it must be a tab",
        ),
        ("7.5", "7.00001", "level 1 “Guest”, product: “cashback_percent” is 7.00001; it must be"),
        ("7.5", "7\npoints_per_unit = 1", "say “cashback_percent” or “points_per_unit”, not both"),
        ("7.5", '7\nearns_on = "sale"', "“earns_on” is “sale”; it must be one of booking, pay"),
        ('"Guest"', '"Guest"\nid = "x"', "“id” is “x”; it must be an id as it was exported"),
        ('"Guest"', '"Gu\\u0000est"', "it must be a text in one line"),
        ("[[level]]", "[[level]", "this is no TOML"),
    ],
)
def test_refuses_what_it_cannot_read_and_names_the_key(
    before: str, after: str, sentence: str
) -> None:
    with pytest.raises(TermsRefused) as refused:
        read(SMALLEST.replace(before, after, 1))

    assert any(sentence in problem for problem in refused.value.problems), refused.value.problems


def test_says_all_that_is_wrong_at_once() -> None:
    with pytest.raises(TermsRefused) as refused:
        read(SMALLEST.replace("7.5", "x7").replace("1.00", "{}").replace('"Film club"', '""'))

    assert refused.value.problems == ["this is no TOML: Invalid value (at line 9, column 20)"]

    with pytest.raises(TermsRefused) as refused:
        read(SMALLEST.replace("7.5", '"x7"').replace("1.00", "{}").replace('"Film club"', '""'))

    assert len(refused.value.problems) == 3
