"""Addresses that only who has booked or bought knows: signed, and without anything of a person."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
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
    """Whether they became a member by it."""


def done_url(request: SiteRequest, done: Done) -> str:
    """The address of the page that says it is done."""
    return reverse("site:done", args=[request.business.slug, token_of(request.business, done)])


def token_of(business: Business, done: Done) -> str:
    ids = [each.hex if each else "" for each in (done.booking_id, done.sale_id)]
    return signing.dumps([*ids, int(done.joined)], salt=_salt(business))


def read_done(business: Business, token: str) -> Done:
    """Raises Http404 for a token that is none of ours."""
    try:
        booking, sale, joined = signing.loads(token, salt=_salt(business))
        return Done(UUID(booking) if booking else None, UUID(sale) if sale else None, bool(joined))
    except (signing.BadSignature, ValueError, TypeError) as problem:
        raise Http404 from problem


def _salt(business: Business) -> str:
    return f"done at {business.pk}"
