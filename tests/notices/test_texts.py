"""What messages say."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from regulars.business.languages import clock, language_of, locale_of
from regulars.domain.wordings import VARIABLE
from regulars.notices.texts import TEMPLATES, compose, fill


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_usual_texts_use_only_variables_that_have_a_value(template: str) -> None:
    chosen = TEMPLATES[template]

    used = set(VARIABLE.findall(f"{chosen.subject} {chosen.text}"))

    assert used <= chosen.variables
    assert "{" not in "".join(compose(template, dict.fromkeys(chosen.variables, "x")))


@pytest.mark.parametrize(
    "name",
    ["{balance}", "{name.__class__}", "{0}", "%(points)s", "{{ 7 * 7 }}", "{% now 'Y' %}", "\\1"],
)
def test_a_name_is_text_and_never_looked_at_again(name: str) -> None:
    values = {"name": name, "balance": "7 points", "points": "3 points"}

    assert fill("Hello {name}, {points}!", values) == f"Hello {name}, 3 points!"


def test_a_variable_without_a_value_stays_as_it_is() -> None:
    assert fill("{nothing} {points}", {"points": "3"}) == "{nothing} 3"


def test_a_subject_is_one_line() -> None:
    values = {"business": "Kino\r\nBcc: a@b.example", "points": "3", "balance": "4"}

    subject, _ = compose("points_credited", values)

    assert subject == "3 from Kino Bcc: a@b.example"


def test_an_empty_description_leaves_no_empty_lines() -> None:
    values = {"business": "Kino", "points": "3", "balance": "4", "description": ""}

    assert compose("balance_changed", values)[1] == "Kino: 3. You have 4 now."


def test_the_language_is_the_first_in_which_there_are_texts() -> None:
    assert language_of("", "tlh", "en-GB", "de") == "en"
    assert language_of("", "tlh") == "en"


@pytest.mark.parametrize(
    ("language", "home", "expected"),
    [
        ("", "en-GB", "en_GB"),
        ("en", "en-GB", "en_GB"),
        ("en-US", "en-GB", "en_US"),
        ("en", "de-DE", "en_001"),
        ("de", "de-DE", "en_001"),
        ("en-QQ", "en-GB", "en_GB"),
        ("tlh", "", "en"),
    ],
)
def test_days_are_written_as_in_the_region_of_the_reader_or_of_the_business(
    language: str, home: str, expected: str
) -> None:
    assert str(locale_of(language, home)) == expected


def test_a_time_is_that_of_the_business() -> None:
    at = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    world, berlin, new_york = Locale.parse("en_001"), Locale("de"), Locale("en", "US")

    assert clock(at, ZoneInfo("Europe/Berlin"), world, berlin) == "14:30"
    assert clock(at, ZoneInfo("America/New_York"), world, new_york).split() == ["8:30", "am"]
