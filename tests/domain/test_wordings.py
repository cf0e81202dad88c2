"""How long a text may be, and in how many parts a text message is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import TextRefused
from regulars.domain.wordings import MOST_IN_SMS, Parts, check_text, sms_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", Parts(1, "")),
        ("a" * 160, Parts(1, "")),
        ("a" * 161, Parts(2, "")),
        ("a" * 306, Parts(2, "")),
        ("a" * 307, Parts(3, "")),
        ("€" * 80, Parts(1, "")),
        ("€" * 81, Parts(2, "")),
        ("Grüße, ça va?\n", Parts(1, "ç")),
        ("Ж" * 70, Parts(1, "Ж")),
        ("Ж" * 71, Parts(2, "Ж")),
        ("Ж" * 135, Parts(3, "Ж")),
        ("🎁" * 35, Parts(1, "🎁")),
        ("🎁" * 36, Parts(2, "🎁")),
    ],
)
def test_the_parts_of_a_text_message(text: str, parts: Parts) -> None:
    assert sms_parts(text) == parts


@given(st.text(max_size=400), st.text(max_size=400))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert sms_parts(text).number <= sms_parts(text + more).number


def test_what_is_too_long_says_the_limit() -> None:
    check_text("a" * MOST_IN_SMS, [], most=MOST_IN_SMS)
    with pytest.raises(TextRefused, match="At most 480 letters") as refused:
        check_text("a" * 481, [], most=MOST_IN_SMS)

    assert (refused.value.why, refused.value.most) == ("too_long", 480)
