"""The list of a business's customers, page by page, whatever their number."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from regulars.business.models import Business
from regulars.reports.finding import Person, read_people

ON_A_PAGE = 50


class Sort(StrEnum):
    """In which order the list stands. The codes stand in addresses."""

    NAME = "name"
    NEWEST = "newest"
    """Who was noted last comes first."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the list: after a customer, before one, or from the beginning."""

    sort: Sort = Sort.NAME
    group_id: UUID | None = None
    """Only those in this group."""
    after: UUID | None = None
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of the list, and whether there is more on either side."""

    people: tuple[Person, ...]
    has_before: bool
    has_after: bool


_KEYS = {
    Sort.NAME: 'members_in_order({c}.name) COLLATE "C"',
    Sort.NEWEST: "{c}.id",
}

# The end of the part before is named by the id of a customer, never by a name: this stands in
# an address. Both sides of the comparison are plain values by the time that the index is read.
_LISTED = """
SELECT x.id, m.id AS member_id, NULL::timestamptz AS at,
  row_number() OVER (ORDER BY x.key {shown}, x.id {shown}) AS place
FROM (
  SELECT c.id, {key} AS key FROM members_customer c
  WHERE c.business_id = %(business_id)s AND c.merged_into_id IS NULL AND c.erased_at IS NULL
    {in_group} {beyond}
  ORDER BY {key} {read}, c.id {read} LIMIT %(most)s) x
LEFT JOIN members_member m ON m.business_id = %(business_id)s AND m.customer_id = x.id
  AND m.closed_at IS NULL
"""

_IN_GROUP = """AND c.id IN (
      SELECT g.customer_id FROM members_groupmember g
      WHERE g.business_id = %(business_id)s AND g.group_id = %(group)s)"""

_BEYOND = """AND ({key}, c.id) {side} (
      (SELECT {key_of_end} FROM members_customer k
       WHERE k.business_id = %(business_id)s AND k.id = %(end)s), %(end)s::uuid)"""


def list_customers(business: Business, cut: Cut, *, at: datetime, most: int = ON_A_PAGE) -> Listed:
    """A part of the list, in one statement that reads no more rows than it shows, by an index.

    Whoever was merged or erased is left out. After a customer whom the business does not know
    there is nobody.
    """
    end = cut.before or cut.after
    is_down = cut.sort is not Sort.NEWEST
    is_read_down = is_down != (cut.before is not None)
    key, key_of_end = _KEYS[cut.sort].format(c="c"), _KEYS[cut.sort].format(c="k")
    side = ">" if is_read_down else "<"
    picked = _LISTED.format(
        key=key,
        read="ASC" if is_read_down else "DESC",
        shown="ASC" if is_down else "DESC",
        in_group=_IN_GROUP if cut.group_id else "",
        beyond=_BEYOND.format(key=key, key_of_end=key_of_end, side=side) if end else "",
    )
    values: dict[str, Any] = {"most": most + 1}
    values |= {"end": end} if end else {}
    values |= {"group": cut.group_id} if cut.group_id else {}
    people = [person for person, _ in read_people(business, picked, values, at)]
    has_more = len(people) > most
    if cut.before is not None:
        return Listed(tuple(people[-most:]), has_more, has_after=bool(people))
    return Listed(tuple(people[:most]), has_before=cut.after is not None, has_after=has_more)
