"""What somebody scanned or typed into the one field, and what the sale makes of it."""

from uuid import UUID

from django.utils.translation import gettext as _

from regulars.reports.finding import (
    LEAST_LETTERS,
    By,
    Found,
    Person,
    State,
    find_people,
    resolve,
)
from regulars.till.catalogue import find_items
from regulars.till.gift_cards import pay_with_scanned
from regulars.till.pages import FoundItem
from regulars.till.selling import Selling

CARDS = (By.CARD, By.SECRET)
"""By what a member is known who has shown their card."""


def scan(selling: Selling, text: str, *, was_entered: bool = True) -> None:
    """Say who buys, put an item into the basket, or note whom and what it may mean.

    A member or an item that is meant exactly is taken at once, also one that alone fits a part of
    a name; a gift card pays. An item is not, where the text only stood in the field when something
    else was pressed (``was_entered``): that may have been the very item.
    """
    text = text.strip()
    if not text:
        return
    meant = resolve(selling.shift.business, text, at=selling.at)
    if isinstance(meant, Found):
        _take(selling, meant, text)
        return
    items = _named(selling, text)
    if not meant and not items:
        selling.nobody_is = "" if pay_with_scanned(selling, text) else text
    elif len(meant) + len(items) > 1 or (items and not was_entered):
        selling.people, selling.items = meant, items
    elif items:
        selling.add(UUID(items[0].id))
    elif meant[0].member_id:
        selling.know(meant[0].member_id)
    else:
        selling.people = meant


def _named(selling: Selling, text: str) -> tuple[FoundItem, ...]:
    """Items by a part of their name; by digits alone none, since a scanner can lose some."""
    is_words = len(text) >= LEAST_LETTERS and any(letter.isalpha() for letter in text)
    return find_items(text, selling.formats) if is_words else ()


def _take(selling: Selling, meant: Found, text: str) -> None:
    if meant.item_id is not None:
        if meant.is_archived:
            said = {"item": meant.item_name}
            selling.say(_("“%(item)s” is not sold any more.") % said)
        else:
            selling.add(meant.item_id)
    elif meant.member_id is not None:
        selling.know(meant.member_id, card_presented=meant.by in CARDS)
    else:
        business, at = selling.shift.business, selling.at
        selling.people = tuple(
            person
            for person in find_people(business, text, at=at)
            if person.customer_id == meant.customer_id
        )


def verb_of(person: Person) -> str:
    """What choosing somebody from a list does."""
    if person.state is State.NONE or person.member_id is None:
        return f"join:{person.customer_id}"
    return f"member:{person.member_id}"
