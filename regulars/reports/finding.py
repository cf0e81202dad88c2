"""Who or what was meant by what a scanner or a cashier entered into one field.

Reads only. What is told in lists is enough to recognise somebody and too little to take away:
contacts and card numbers in part.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.members.cards import identify
from regulars.business.models import Business
from regulars.domain.cards import looks_mistyped, normalise_number
from regulars.domain.days import day_of
from regulars.domain.errors import EnrolmentRefused
from regulars.members.contacts import beginnings_of_phone, region_of
from regulars.members.queries import POINTS_OF_MEMBER
from regulars.programmes.queries import terms_of
from regulars.reports.membership import terms_held
from regulars.reports.persons import initials_of, masked_email, masked_phone

LEAST_LETTERS = 2
"""Of a name or an e-mail address: fewer fit too many."""

LEAST_DIGITS = 3
"""Of the beginning of a phone number."""

LEAST_ENDING = 4
"""Digits of the end of a phone number, and characters of the beginning of a card number."""

MOST_TEXT = 100
"""Characters that are looked at."""

LOOKED_AT = 50
"""Customers that fit in one way, of whom the most recent visitors are shown."""

SALES_LOOKED_AT = 2_000
"""The newest sales of a business among which those of one place are looked for."""

_NO_LETTERS = re.compile(r"[+\d\s().\-/]+")


class State(StrEnum):
    """What a customer's account is. The codes are public."""

    ACTIVE = "active"
    NOT_ACTIVATED = "not_activated"
    BLOCKED = "blocked"
    NONE = "none"
    """In no programme, or no longer."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer in a list."""

    customer_id: UUID
    member_id: UUID | None
    """Of the open account; None in no programme."""
    name: str
    initials: str
    level: str
    """As it is booked; empty where the programme has one level only."""
    available: int
    contact: str
    """The phone number, else the e-mail address, in part: "+7 ··· ··· 41 07"."""
    state: State
    card_ending: str
    """The last four characters of the card's number."""
    last_visit: date | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who paid, and when they last did."""

    person: Person
    paid_at: datetime


class By(StrEnum):
    """By what somebody or something was found."""

    CARD = "card"
    SECRET = "secret"  # noqa: S105 - a code, no secret
    PHONE = "phone"
    EMAIL = "email"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Found:
    """The one that was meant: a customer, or an item of the catalogue."""

    by: By
    customer_id: UUID | None = None
    member_id: UUID | None = None
    """Of the open account; None for a customer in no programme."""
    item_id: UUID | None = None
    item_name: str = ""
    is_archived: bool = False
    """The item is no longer sold."""


_ITEM = """
SELECT i.id, i.name, i.archived_at IS NOT NULL
FROM catalogue_item i
WHERE i.business_id = %s AND i.sku <> '' AND i.sku = %s
"""


def resolve(business: Business, text: str, *, at: datetime) -> Found | tuple[Person, ...]:
    """Whom or what ``text`` names exactly, else the people whom it may mean (C4, C17, C18).

    Exactly, in this order: a card's number; a card's secret code of 8 characters or more; a phone
    number in any usual notation, or an e-mail address; an item's number (SKU). One statement for
    people, two for items, three for a list.
    """
    text = _clean(text)
    if not text:
        return ()
    named = identify(business.pk, text, zone=business.zone)
    if named:
        return Found(By(named[0].by), named[0].customer_id, named[0].member_id)
    with connection.cursor() as cursor:
        cursor.execute(_ITEM, [business.pk, text])
        item = cursor.fetchone()
    if item is not None:
        return Found(By.ITEM, item_id=item[0], item_name=item[1], is_archived=item[2])
    return find_people(business, text, at=at)


def nobody_found(text: str) -> str:
    """Nobody is found, and what to type instead."""
    title = _("Nobody is found by “%(text)s”.") % {"text": text}
    return f"{title} {mistyped(text) or _('Type another word, or a few digits.')}"


def mistyped(text: str) -> str:
    """What to do about the number of a card that cannot be one; "" where that is not it."""
    return _("One digit seems wrong; read the number again.") if looks_mistyped(text) else ""


# The ways to find somebody: each gives customers, with 1 for the nearest and 2 for others. They
# stop when they have enough, so that two letters cost no more than a name.
_BY_NAME = """(
  SELECT c.id, 1 AS place FROM members_customer c
  WHERE c.business_id = %(business_id)s AND c.name <> '' AND c.merged_into_id IS NULL
    AND c.erased_at IS NULL
    AND members_named(c.business_id, c.name) @@ members_asked(%(business_id)s::uuid, %(text)s::text)
  LIMIT %(looked_at)s)"""

_BY_EMAIL = """(
  SELECT w.customer_id, 2 FROM members_contact w
  WHERE w.business_id = %(business_id)s AND w.kind = 'email' AND w.released_at IS NULL
    AND w.value >= %(email)s::text AND w.value < %(email)s::text || U&'\\+10FFFF'
  LIMIT %(looked_at)s)"""

_BY_PHONE = """(
  SELECT w.customer_id, 1 AS place
  FROM unnest(%(beginnings)s::text[]) AS b (value)
  CROSS JOIN LATERAL (
    SELECT w.customer_id FROM members_contact w
    WHERE w.business_id = %(business_id)s AND w.kind = 'phone' AND w.released_at IS NULL
      AND w.value >= b.value AND w.value < b.value || ':'
    ORDER BY w.value LIMIT %(looked_at)s) w)"""

_BY_ENDING = """(
  SELECT w.customer_id, 2 FROM members_contact w
  WHERE w.business_id = %(business_id)s AND w.kind = 'phone' AND w.released_at IS NULL
    AND reverse(w.value) >= %(ending)s::text AND reverse(w.value) < %(ending)s::text || ':'
  LIMIT %(looked_at)s)"""

_BY_CARD = """(
  SELECT m.customer_id, 2 FROM members_card k
  JOIN members_member m ON m.business_id = k.business_id AND m.id = k.member_id
  WHERE k.business_id = %(business_id)s AND k.replaced_at IS NULL AND m.closed_at IS NULL
    AND k.number >= %(number)s::text AND k.number < %(number)s::text || '['
  LIMIT %(looked_at)s)"""

# Each customer is fetched alone: the planner, which cannot know how few were found, might else
# read all of them in order.
_PICKED = """
SELECT f.id, m.id AS member_id, NULL::timestamptz AS at,
  row_number() OVER (ORDER BY f.place, m.id IS NULL, m.last_visit DESC NULLS LAST, c.name, f.id)
    AS place
FROM (SELECT f.id, min(f.place) AS place FROM ({found}) AS f (id, place) GROUP BY f.id) f
CROSS JOIN LATERAL (
  SELECT c.name FROM members_customer c
  WHERE c.business_id = %(business_id)s AND c.id = f.id AND c.merged_into_id IS NULL
    AND c.erased_at IS NULL LIMIT 1) c
LEFT JOIN LATERAL (
  SELECT m.id, m.last_visit FROM members_member m
  WHERE m.business_id = %(business_id)s AND m.customer_id = f.id AND m.closed_at IS NULL
  LIMIT 1) m ON true
ORDER BY place LIMIT %(most)s
"""

_LATELY = """
SELECT customer_id AS id, member_id, at, row_number() OVER (ORDER BY at DESC) AS place
FROM (
  SELECT s.customer_id, s.member_id, max(s.paid_at) AS at
  FROM (SELECT customer_id, member_id, place_id, paid_day, paid_at, state FROM sales_sale
        WHERE business_id = %(business_id)s ORDER BY id DESC LIMIT %(looked_at)s) s
  WHERE s.place_id = %(place)s AND s.paid_day = %(today)s AND s.paid_at <= %(at)s
    AND s.state = 'paid' AND s.member_id IS NOT NULL
  GROUP BY s.customer_id, s.member_id
  ORDER BY at DESC LIMIT %(most)s) s
"""

_PEOPLE = f"""
SELECT c.id, m.id, c.name, m.activated_at IS NOT NULL, m.blocked_at IS NOT NULL, m.level_id,
  ARRAY(SELECT v.id FROM programmes_version v
        WHERE v.business_id = m.business_id AND v.programme_id = m.programme_id
        ORDER BY v.holds_from, v.number),
  l.available,
  (SELECT w.value FROM members_contact w
   WHERE w.business_id = c.business_id AND w.customer_id = c.id AND w.released_at IS NULL
   ORDER BY w.kind DESC, w.id LIMIT 1),
  (SELECT right(k.number, 4) FROM members_card k
   WHERE k.business_id = m.business_id AND k.member_id = m.id AND k.replaced_at IS NULL
   ORDER BY k.issued_at DESC, k.id DESC LIMIT 1),
  m.last_visit, p.at
FROM ({{picked}}) p
JOIN members_customer c ON c.business_id = %(business_id)s AND c.id = p.id
LEFT JOIN members_member m ON m.business_id = c.business_id AND m.id = p.member_id
  AND m.closed_at IS NULL
LEFT JOIN LATERAL ({POINTS_OF_MEMBER}) l ON true
ORDER BY p.place
"""  # noqa: S608 - constants


def find_people(
    business: Business, text: str, *, at: datetime, most: int = 8
) -> tuple[Person, ...]:
    """The customers whom somebody may mean who has typed so far; in one statement.

    Letters: all words begin words of the name, whatever their case and accents; or one word
    begins the e-mail address. Digits: the beginning of a phone number in any usual notation, its
    last four or more, or the beginning of a card's number. Those whose name or beginning fits
    come first, then members, then who was here last. Nobody where too little was typed.
    """
    ways, values = _ways(business, _clean(text))
    if not ways:
        return ()
    picked = _PICKED.format(found=" UNION ALL ".join(ways))
    values |= {"looked_at": LOOKED_AT, "most": most}
    return tuple(person for person, _ in read_people(business, picked, values, at))


def here_today(
    business: Business, place_id: UUID, *, at: datetime, most: int = 6
) -> tuple[Visitor, ...]:
    """The members who paid last at a place on the day of ``at``, the last first; in one statement.

    Looked for among the newest ``SALES_LOOKED_AT`` sales of the business, by their ids, which are
    made in the order of time: so sales need no index for it.
    """
    today = day_of(at, business.zone)
    values = {"place": place_id, "today": today, "looked_at": SALES_LOOKED_AT, "most": most}
    found = read_people(business, _LATELY, values, at)
    return tuple(Visitor(person, paid_at) for person, paid_at in found if paid_at)


def _clean(text: str) -> str:
    """Without what a database cannot take."""
    return text[:MOST_TEXT].encode("utf-8", "ignore").decode().replace("\0", " ").strip()


def _ways(business: Business, text: str) -> tuple[list[str], dict[str, Any]]:
    """How to look for a text, and the values that the statements need."""
    ways: list[str] = []
    values: dict[str, Any] = {}
    digits = "".join(letter for letter in text if letter in "0123456789")
    if not _NO_LETTERS.fullmatch(text):
        if sum(map(str.isalnum, text)) >= LEAST_LETTERS:
            if "@" not in text:
                ways.append(_BY_NAME)
                values["text"] = text
            if not any(map(str.isspace, text)):
                ways.append(_BY_EMAIL)
                values["email"] = text.lower()
    elif len(digits) >= LEAST_DIGITS:
        ways.append(_BY_PHONE)
        values["beginnings"] = list(beginnings_of_phone(text, region_of(business.zone)))
        if len(digits) >= LEAST_ENDING:
            ways.append(_BY_ENDING)
            values["ending"] = digits[::-1]
    number = _card_number(text)
    if digits and len(number) >= LEAST_ENDING:
        ways.append(_BY_CARD)
        values["number"] = number
    return ways, values


def _card_number(text: str) -> str:
    try:
        return normalise_number(text)
    except EnrolmentRefused:
        return ""


def read_people(
    business: Business, picked: str, values: Mapping[str, Any], at: datetime
) -> list[tuple[Person, datetime | None]]:
    """The customers whom a statement picks, each with the instant that it gives, in its order.

    ``picked`` gives id, member_id, at and place.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE.format(picked=picked), {**values, "business_id": business.pk, "at": at}
        )
        rows = cursor.fetchall()
    with scope(business=business):
        return [(_person(row, at), row[-1]) for row in rows]


def _person(row: Sequence[Any], at: datetime) -> Person:
    (
        customer_id, member_id, name, is_activated, is_blocked, level_id, version_ids, available,
        contact, card_ending, last_visit, _paid_at,
    ) = row  # fmt: skip
    level, state = "", State.NONE
    if member_id is not None:
        terms = terms_held([terms_of(version_id) for version_id in version_ids], at)
        level = terms.level(level_id).name if len(terms.levels) > 1 else ""
        state = state_of(is_activated=is_activated, is_blocked=is_blocked)
    masked = masked_email if "@" in (contact or "") else masked_phone
    return Person(
        customer_id=customer_id,
        member_id=member_id,
        name=name,
        initials=initials_of(name),
        level=level,
        available=available or 0,
        contact=masked(contact or ""),
        state=state,
        card_ending=card_ending or "",
        last_visit=last_visit,
    )


def state_of(*, is_activated: bool, is_blocked: bool) -> State:
    """Of an open account."""
    if is_blocked:
        return State.BLOCKED
    return State.ACTIVE if is_activated else State.NOT_ACTIVATED
