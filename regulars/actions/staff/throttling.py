"""Guessing made slow: counts what somebody got wrong, and stops who gets too much wrong.

Only failures count, so who knows what they ask for never pays and never waits. A count lasts for
a fixed time from its first failure; then the next failure begins a new one. Whoever asks about
something secret looks first whether they are stopped (``stopped_until``), and tells what was wrong
(``count_failure``) outside of any transaction that a refusal undoes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.actions.keyed import lookup_hash


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures are put up with, of whom, in how long."""

    name: str
    most: int
    window: timedelta

    def id_of(self, who: object) -> UUID:
        """Under which id somebody's failures are counted: nobody reads from it who it is."""
        return UUID(bytes=lookup_hash("failures", f"{self.name}\n{who}")[:16])

    @property
    def used_up(self) -> str:
        """For a statement that reads more: when the time of a count ends, or ended, that reached
        the limit. Its parameter is ``id_of``; ``if_ahead`` says whether it still matters.
        """
        return (
            "SELECT f.until FROM business_failurecount f"  # noqa: S608 - a number
            f" WHERE f.id = %s AND f.failures >= {self.most:d}"
        )


WRONG_KEYS = Limit("keys of an address", 20, timedelta(minutes=10))
WRONG_CODES = Limit("codes told by a key", 200, timedelta(minutes=10))
SITE_CODES_OF_ADDRESS = Limit("codes on the site by an address", 20, timedelta(minutes=10))
SITE_CODES_OF_BUSINESS = Limit("codes on the site of a business", 200, timedelta(minutes=10))
COUPONS_OF_ADDRESS = Limit("coupons on the site by an address", 20, timedelta(minutes=10))
COUPONS_OF_BUSINESS = Limit("coupons on the site of a business", 200, timedelta(minutes=10))

# An end that has passed means that the row waits to be removed: then counting begins anew.
_COUNT = """
INSERT INTO business_failurecount AS f (id, failures, until) VALUES (%(id)s, %(times)s, %(until)s)
ON CONFLICT (id) DO UPDATE SET
  failures = CASE WHEN f.until > %(at)s THEN f.failures ELSE 0 END + excluded.failures,
  until = CASE WHEN f.until > %(at)s THEN f.until ELSE excluded.until END
RETURNING failures, until
"""


def stopped_until(limit: Limit, who: object, *, at: datetime) -> datetime | None:
    """Until when somebody is stopped; None where they may go on."""
    with connection.cursor() as cursor:
        cursor.execute(limit.used_up, [limit.id_of(who)])
        row = cursor.fetchone()
    return if_ahead(row[0] if row else None, at=at)


def if_ahead(until: datetime | None, *, at: datetime) -> datetime | None:
    """An end that has not passed; else None."""
    return until if until is not None and at < until else None


def count_failure(limit: Limit, who: object, *, at: datetime, times: int = 1) -> datetime | None:
    """Count what somebody got wrong; many at once are counted exactly.

    Gives until when they are stopped if this was more than the limit, else None.
    """
    parameters: dict[str, Any] = {
        "id": limit.id_of(who),
        "times": times,
        "at": at,
        "until": at + limit.window,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, parameters)
        failures, until = cursor.fetchone()
    return until if failures > limit.most else None


def forget_failures(*, at: datetime) -> None:
    """Remove the counts whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM business_failurecount WHERE until <= %s", [at])


def address_of(request: Mapping[str, str], *, behind_proxy: bool) -> str:
    """The address that a request comes from, by its CGI variables.

    Behind a proxy it is what the proxy has added last to X-Forwarded-For: what stands before, a
    caller may have written. Of an IPv6 address the network counts, which one customer has whole.
    """
    address = request.get("REMOTE_ADDR", "")
    if behind_proxy:
        address = request.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)
