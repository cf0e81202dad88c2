"""Keys by which other systems come in: made, shown once, revoked."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_scopes import scope

from regulars.actions.keyed import lookup_hash
from regulars.business.models import ApiKey, Staff
from regulars.domain.errors import NotFound
from regulars.rows import new_id

KEY = re.compile(r"rk_([0-9a-f]{32})_([A-Za-z0-9_-]{43})", re.ASCII)
"""The id of the key's row, and 32 random bytes."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key just made; ``text`` is shown this once."""

    id: UUID
    text: str


def secret_hash(secret: str) -> bytes:
    """The keyed HMAC of a key's secret part."""
    return lookup_hash("api key", secret)


@transaction.atomic(durable=True)
def create_api_key(
    business_id: UUID,
    *,
    name: str,
    scopes: Collection[str],
    staff_email: str = "",
    at: datetime,
) -> MadeKey:
    """Make a key with some scopes; with ``staff_email`` it acts in the name of somebody.

    Raises NotFound (staff).
    """
    with scope(business=business_id):
        staff = None
        if staff_email:
            working = Staff.objects.filter(is_active=True)
            staff = working.filter(user__email=staff_email.strip().lower()).first()
            if staff is None:
                raise NotFound("staff")
        secret = secrets.token_urlsafe(32)
        key_id = new_id()
        ApiKey.objects.create(
            id=key_id,
            business_id=business_id,
            name=name,
            secret_hash=secret_hash(secret),
            scopes=sorted(set(scopes)),
            staff=staff,
            created_at=at,
        )
    return MadeKey(key_id, f"rk_{key_id.hex}_{secret}")


@transaction.atomic(durable=True)
def revoke_api_key(business_id: UUID, key_id: UUID, *, at: datetime) -> None:
    """Let a key in no longer, from the next request on. Doing it twice is doing it once.

    Raises NotFound.
    """
    with scope(business=business_id):
        keys = ApiKey.objects.filter(pk=key_id)
        if not keys.filter(revoked_at__isnull=True).update(revoked_at=at) and not keys.exists():
            raise NotFound("key")
