"""Pages for what is not there and for what went wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.doors.html import Page


@pytest.mark.parametrize("path", ["/nowhere/", "/s/nowhere/accent.css", "/s/no%00where/"])
@pytest.mark.django_db
def test_what_is_not_there_is_said_with_a_way_on(client: Client, path: str) -> None:
    answer = client.get(path)
    page = Page(answer.content.decode())

    assert answer.status_code == 404
    assert "Nothing here" in page.said
    assert "/" in page.addresses
    assert page.own_code_or_style == []


def test_what_went_wrong_is_said_without_anything_that_could_go_wrong_too() -> None:
    page = Page(render_to_string("500.html"))

    assert "That went wrong" in page.said
    assert page.own_code_or_style == []
