from django.template.loader import render_to_string

from regulars.site.own.pages import StartPage
from tests.doors.html import Page
from tests.doors.samples import START


def the_page(page: StartPage) -> Page:
    return Page(render_to_string("site/start.html", {"page": page}))


def test_the_start_page_lists_the_businesses_and_the_ways_in() -> None:
    page = the_page(START)

    assert page.every("data-accent") == ["kiln-lane", "salon-linde", "zarya"]
    assert "Salon Linde A hair salon, Leipzig 1 point per euro for services" in page.said
    assert "Irina Sokolova Silver 245 bonuses" in page.said
    assert "/s/zarya/1/" in page.addresses
    assert "/s/zarya/accent.css" in page.addresses
    assert len([to for to in page.addresses if to == "#"]) == 0


def test_the_start_page_needs_no_exception_from_the_security_policy() -> None:
    page = the_page(START)

    assert page.own_code_or_style == []
    assert [to for to in page.addresses if "//" in to] == []
    assert page.ids_used_twice == set()


def test_without_businesses_the_start_page_says_how_to_make_them() -> None:
    assert "No business yet" in the_page(StartPage()).said
