"""Addresses that only who has booked or bought knows: signed, and without anything of a person.

They carry no time of day: who presses twice is sent to one address.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from regulars.business.models import Business
from regulars.site.door import SiteRequest


@dataclass(frozen=True, slots=True)
class Done:
    """What was booked and bought in one go."""

    booking_id: UUID | None = None
    sale_id: UUID | None = None
    joined: bool = False
    """Whether they became a member by it; False for a guest, who is not told."""


def done_url(request: SiteRequest, done: Done) -> str:
    """The address of the page that says it is done."""
    return reverse("site:done", args=[request.business.slug, token_of(request.business, done)])


def token_of(business: Business, done: Done) -> str:
    ids = [each.hex if each else "" for each in (done.booking_id, done.sale_id)]
    return _signer(business).sign_object([*ids, int(done.joined)])


def read_done(business: Business, token: str) -> Done:
    """Raises Http404 for a token that is none of ours."""
    try:
        booking, sale, joined = _signer(business).unsign_object(token)
        return Done(UUID(booking) if booking else None, UUID(sale) if sale else None, bool(joined))
    except (BadSignature, ValueError, TypeError) as problem:
        raise Http404 from problem


def _signer(business: Business) -> Signer:
    return Signer(salt=f"done at {business.pk}")
