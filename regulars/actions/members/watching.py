"""Customers are told of what somebody else might be doing with their account; it needs no consent.

Neither message names a contact, and none goes to a contact that was only just added.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from regulars.actions.keyed import encrypt
from regulars.actions.telling import CHANNELS, tell_asked
from regulars.members.models import Contact, CustomerSession
from regulars.rows import Rows

REMEMBERED = timedelta(days=90)
"""So long a kind of device is known: whoever signs out and in again is told nothing."""


def tell_of_device(
    rows: Rows, business_id: UUID, customer_id: UUID, device: str, *, at: datetime
) -> None:
    """Tell a customer that a device signed in that they have not used lately.

    Not of the first one ever. To a verified contact, if there is one; by e-mail rather than by text
    message. Asked inside ``scope(business=...)``, before the row of the new session is written.
    """
    theirs = Q(customer=customer_id) | Q(customer__merged_into=customer_id)
    before = list(CustomerSession.objects.filter(theirs).values_list("device", "seen_at"))
    if not before or (device and (device in _lately(before, at))):
        return
    held = Contact.objects.filter(customer=customer_id, released_at__isnull=True)
    ways = held.values_list("verified_at", "kind")
    kinds = sorted(
        (verified_at is None, kind) for verified_at, kind in ways
    )  # "email" comes before "phone".
    tell_asked(
        rows,
        "new_device",
        business_id=business_id,
        customer_id=customer_id,
        channel=CHANNELS[kinds[0][1]],
        at=at,
        device=device,
    )


def _lately(before: Iterable[tuple[str, datetime]], at: datetime) -> set[str]:
    return {device for device, seen_at in before if at < seen_at + REMEMBERED}


def tell_of_contact(
    rows: Rows, customer_id: UUID, to: Iterable[Contact], changed: str, *, added: bool, at: datetime
) -> None:
    """Tell somebody, by the contacts they had before, that one of a kind came or went.

    A contact that is taken away is told for the last time: ``to`` it alone.
    """
    for contact in to:
        _tell(rows, customer_id, contact, at=at, kind=changed, is_added=added)


def tell_of_loss(rows: Rows, to: Iterable[Contact], changed: str, *, at: datetime) -> None:
    """Tell somebody, by contacts of theirs, that one of a kind was shown to be somebody else's."""
    for contact in to:
        data = {"kind": changed, "is_added": False, "is_others": True}
        _tell(rows, contact.customer_id, contact, at=at, **data)


def _tell(rows: Rows, customer_id: UUID, contact: Contact, *, at: datetime, **data: object) -> None:
    tell_asked(
        rows,
        "contacts_changed",
        business_id=contact.business_id,
        customer_id=customer_id,
        channel=CHANNELS[contact.kind],
        at=at,
        to=encrypt(contact.value).decode(),
        **data,
    )
