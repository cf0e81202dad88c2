"""The catalogue of texts for translators is what the code says now; `make messages` writes it."""

from babel.messages.pofile import read_po

from regulars.ops import messages
from tests.house.source import PACKAGE


def test_the_catalogue_is_current() -> None:
    with (PACKAGE / messages.TEMPLATE).open("rb") as file:
        written = read_po(file)

    assert messages.keys_of(written) == messages.keys_of(messages.collect(PACKAGE))
