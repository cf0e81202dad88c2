from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from regulars.reports.account_pages import Progress
from regulars.site.own.pages import MemberPage
from tests.doors.html import Page
from tests.doors.samples import EMPTY, FULL, IRINA, MINUS, OWING


def the_page(page: MemberPage) -> Page:
    return Page(render_to_string("site/points/_account.html", {"page": page}))


def test_a_member_sees_what_there_is_and_until_when() -> None:
    said = the_page(FULL).said

    assert "Silver 245 bonuses worth 245 ₽ at Zarya" in said
    assert "Irina Sokolova 4402 1187 0936" in said
    assert "30 to come on 24 Nov in 3 days" in said
    assert "60 expire on 3 Dec in 12 days" in said
    assert "6 more visits to Gold 14 of 20" in said


def test_every_lot_says_where_it_is_from_and_how_long_it_lasts() -> None:
    said = the_page(FULL).said

    assert "Bar 6 Jun 60 of 100 until 3 Dec in 12 days" in said
    assert "A gift from Zarya 3 Nov 100 of 100 always never expire" in said
    assert "Bar and a ticket 14 Nov 30 of 30 from 24 Nov until 13 May 2027" in said


def test_the_history_explains_each_line() -> None:
    page = the_page(FULL)

    assert "Bar and a ticket To come 8% of 200.00 ₽ and 5% of 290.00 ₽ +30 14 Nov" in page.said
    assert "The Quiet Sea, 200.00 ₽ 0 Nothing: the film is under a memorandum" in page.said
    assert f"Paid with bonuses 12.00 ₽ of 1,240.00 ₽ {MINUS}12 7 Nov" in page.said
    assert [tag for tag, _ in page.tags].count("details") == 1


def test_a_page_of_the_history_leads_to_the_older_one() -> None:
    page = the_page(FULL)

    assert "?page=2" in page.addresses
    assert page.every("aria-disabled") == ["true"]


def test_a_new_member_is_told_what_will_be_here() -> None:
    page = the_page(EMPTY)

    assert "Nothing yet Every visit will be here, with the points it brought and why." in page.said
    assert "No points yet" in page.said
    assert not page.classes & {"pager", "badge", "progress", "member-card-code", "notice"}


def test_what_is_owed_is_said_in_words() -> None:
    assert "12 points are owed. What comes next settles them first." in the_page(OWING).said


@pytest.mark.parametrize(
    ("done", "of", "stamps"),
    [(14, 20, (14, 20)), (25, 20, (20, 20)), (18_000, 30_000, (6, 10)), (29_999, 30_000, (9, 10))],
)
def test_stamps_are_visits_or_tenths_of_the_way(
    done: int, of: int, stamps: tuple[int, int]
) -> None:
    progress = Progress("More to Gold", done, of, "")
    page = the_page(replace(FULL, progress=progress))

    assert progress.stamps == stamps
    assert len([c for c in page.every("class") if c == "stamp-done"]) == stamps[0]


@pytest.mark.parametrize("contents", [FULL, EMPTY, OWING], ids=["full", "empty", "owing"])
def test_the_page_needs_no_exception_from_the_security_policy(contents: MemberPage) -> None:
    page = the_page(contents)

    assert page.own_code_or_style == []
    assert [to for to in page.addresses if "//" in to] == []
    assert page.ids_used_twice == set()


def test_a_name_is_never_markup() -> None:
    member = replace(IRINA, name="<b>Irina</b> & {{ x }}", level="<i>", worth="<u>")
    page = the_page(replace(FULL, member=member))

    assert not {"b", "i", "u"} & {tag for tag, _ in page.tags}
    assert "<b>Irina</b> & {{ x }}" in page.said
