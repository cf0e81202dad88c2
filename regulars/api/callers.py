"""Who calls: a key's business, its scopes, and in whose name it acts."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from regulars.actions.setup.api_keys import KEY, secret_hash
from regulars.actions.staff.throttling import WRONG_CODES, if_ahead
from regulars.api.errors import Code, Problem
from regulars.api.guessing import wrong_key
from regulars.api.scopes import Scope
from regulars.business.models import Business

NOTE_USE_AFTER = timedelta(minutes=1)

_CALLER = f"""
SELECT k.business_id, k.secret_hash, k.scopes, k.staff_id, k.last_used_at, ({WRONG_CODES.used_up}),
  b.name, b.slug, b.currency, b.timezone, b.locale, b.kind,
  (SELECT json_agg(json_build_array(p.id, p.unit_one, p.unit_many))
   FROM programmes_programme p WHERE p.business_id = k.business_id)
FROM business_apikey k
JOIN business_business b ON b.id = k.business_id
LEFT JOIN business_staff s ON s.business_id = k.business_id AND s.id = k.staff_id
WHERE k.id = %s AND k.revoked_at IS NULL AND (k.staff_id IS NULL OR s.is_active)
"""  # noqa: S608 - a constant

_NOTE_USE = """
UPDATE business_apikey SET last_used_at = %s
WHERE business_id = %s AND id = %s AND last_used_at IS NOT DISTINCT FROM %s
"""


@dataclass(frozen=True)
class Caller:
    """A key that was let in."""

    key_id: UUID
    business: Business
    scopes: frozenset[str]
    staff_id: UUID | None
    units: Mapping[UUID, tuple[str, str]]
    """What each programme calls one and many of its points."""
    stopped_until: datetime | None
    """Until when it may not ask about codes, having asked about too many that there are not."""

    @cached_property
    def business_id(self) -> UUID:
        return self.business.pk

    def check(self, scope: Scope) -> None:
        """Raises Problem (scope_missing)."""
        if scope not in self.scopes:
            raise Problem(Code.SCOPE_MISSING, f"This needs the scope {scope}.", scope=str(scope))


class ApiRequest(HttpRequest):
    """A request that was let in."""

    auth: Caller


class Key(HttpBearer):
    """Lets in whoever has a key with a scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Raises Problem (unauthenticated, too_many_requests, scope_missing)."""
        caller = _read_caller(token)
        if caller is None:
            raise wrong_key(request.META)
        caller.check(self.scope)
        return caller


def _read_caller(token: str) -> Caller | None:
    """Read everything that every request needs of its key and business, in one statement.

    None where it is no key.
    """
    parts = KEY.fullmatch(token.strip())
    if parts is None:
        return None
    key_id, now = UUID(parts[1]), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_CALLER, [WRONG_CODES.id_of(key_id), key_id])
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(bytes(row[1]), secret_hash(parts[2])):
        return None
    business_id, _, scopes, staff_id, last_used, until, *columns, units = row
    _note_use(business_id, key_id, last_used, now)
    names = ("name", "slug", "currency", "timezone", "locale", "kind")
    business = Business(id=business_id, **dict(zip(names, columns, strict=True)))
    if isinstance(units, str):
        units = json.loads(units)
    return Caller(
        key_id=key_id,
        business=business,
        scopes=frozenset(scopes),
        staff_id=staff_id,
        units={UUID(programme): (one, many) for programme, one, many in units or ()},
        stopped_until=if_ahead(until, at=now),
    )


def _note_use(business_id: UUID, key_id: UUID, last_used: datetime | None, now: datetime) -> None:
    """Note that a key is used, once a minute at most; two at once write one of them."""
    if last_used is None or now - last_used >= NOTE_USE_AFTER:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE_USE, [now, business_id, key_id, last_used])
