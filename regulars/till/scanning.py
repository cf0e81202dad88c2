"""What somebody scanned or typed into the one field, and what the sale makes of it."""

from django.utils.translation import gettext as _

from regulars.reports.finding import By, Found, Person, State, find_people, resolve
from regulars.till.selling import Selling

CARDS = (By.CARD, By.SECRET)
"""By what a member is known who has shown their card."""


def scan(selling: Selling, text: str) -> None:
    """Say who buys, put an item into the basket, or note whom it may mean.

    A member or an item that is meant exactly is taken at once, also somebody who is the only one
    to fit.
    """
    text = text.strip()
    if not text:
        return
    meant = resolve(selling.shift.business, text, at=selling.at)
    if isinstance(meant, Found):
        _take(selling, meant, text)
        return
    members = [person for person in meant if person.member_id is not None]
    if len(members) == 1 and len(meant) == 1 and members[0].member_id:
        selling.know(members[0].member_id)
    elif meant:
        selling.people = meant
    else:
        selling.nobody_is = text


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
