"""Who books or buys, and how they want to pay: between two steps, in the visitor's own browser.

The cookie is encrypted, limited to the site's path, and gone within the hour. Nothing of it is
kept on the server before the last step; it has no place in an address either.
"""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from regulars.actions.keyed import decrypt, encrypt
from regulars.business.models import Business
from regulars.domain.amounts import MOST_POINTS
from regulars.site.door import SiteRequest, cookie_path

COOKIE = "draft"
KEPT = timedelta(hours=1)
MOST_CARDS = 5
MOST_TEXT = 4_000


class Card(BaseModel):
    """A gift card whose code the visitor has told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    last_four: str = Field(max_length=4)


class Draft(BaseModel):
    """What the visitor has entered so far."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    business_id: UUID
    name: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=254)
    marketing: bool = False
    """They ticked that they agree to marketing messages."""
    how: Literal["", "place", "now", "reward"] = ""
    coupon: str = Field(default="", max_length=64)
    cards: Annotated[tuple[Card, ...], Field(max_length=MOST_CARDS)] = ()
    points: int = Field(default=0, ge=0, le=MOST_POINTS)

    def but(self, **changes: object) -> "Draft":
        """The same with some things changed. Raises ValidationError."""
        return Draft.model_validate({**dict(self), **changes})

    @property
    def is_somebody(self) -> bool:
        return bool(self.phone or self.email)


def read(request: SiteRequest) -> Draft:
    """What this browser holds; an empty one where it is none of ours, or another business's."""
    empty = Draft(business_id=request.business.pk)
    text = request.COOKIES.get(COOKIE, "")
    if not text or len(text) > MOST_TEXT:
        return empty
    try:
        draft = Draft.model_validate_json(decrypt(text.encode()))
    except (InvalidToken, ValidationError, ValueError):
        return empty
    return draft if draft.business_id == request.business.pk else empty


def keep(answer: HttpResponse, business: Business, draft: Draft | None) -> HttpResponse:
    """Let the browser hold it for a while; None takes it away. Gives the same answer."""
    path = cookie_path(business)
    if draft is None:
        answer.delete_cookie(COOKIE, path=path, samesite="Lax")
        return answer
    answer.set_cookie(
        COOKIE,
        encrypt(draft.model_dump_json(exclude_defaults=True)).decode(),
        max_age=int(KEPT.total_seconds()),
        path=path,
        secure=settings.ENCRYPTED,
        httponly=True,
        samesite="Lax",
    )
    return answer
