"""Codes of gift cards and coupons that strangers tell on the site: guessing is stopped for a while.

A code that is none, and a card that is not active, get the same answer in the same time: nobody
learns from it which codes there are. Tills and keys of the API look cards up their own way, and are
not slowed by what strangers do here; neither is another business. Coupons are counted for
themselves: one that is misprinted on a poster stops nobody's gift card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django_scopes import scope

from regulars.actions.giftcards.cards import code_hash
from regulars.actions.staff.throttling import (
    COUPONS_OF_ADDRESS,
    COUPONS_OF_BUSINESS,
    SITE_CODES_OF_ADDRESS,
    SITE_CODES_OF_BUSINESS,
    Limit,
    count_failure,
    stopped_until,
)
from regulars.domain.errors import GiftCardRefused, NotFound, TooManyGuesses
from regulars.giftcards.models import GiftCard


@dataclass(frozen=True, slots=True)
class ToldCard:
    """An active card whose code somebody knew; it may have expired or be used up."""

    card: GiftCard
    left_minor: int

    def is_usable(self, at: datetime) -> bool:
        until = self.card.valid_until
        return self.left_minor > 0 and (until is None or at < until)


def look_up_by_stranger(business_id: UUID, code: str, address: str, at: datetime) -> ToldCard:
    """The active card with this code, for whoever comes from an address.

    To be called outside of any transaction: what was wrong stays counted. ``address`` is what
    ``throttling.address_of`` gives.

    Raises NotFound (gift card) where there is no such card, or not an active one; TooManyGuesses,
    which a page answers with 429 and ``Retry-After``.
    """
    counted = (
        (SITE_CODES_OF_ADDRESS, f"{business_id} {address}"),
        (SITE_CODES_OF_BUSINESS, str(business_id)),
    )
    _check_all(counted, at)
    found = _active(business_id, code)
    if found is None:
        _count(counted, at)
        raise NotFound("gift card")
    return found


def check_may_try_coupons(business_id: UUID, address: str, at: datetime) -> None:
    """Look whether somebody may tell another coupon. ``address`` is as for gift cards.

    Raises TooManyGuesses.
    """
    _check_all(_coupons_of(business_id, address), at)


def count_wrong_coupon(business_id: UUID, address: str, at: datetime) -> None:
    """Count a coupon that there is not; to be called outside of any transaction.

    Raises TooManyGuesses where it was one too many.
    """
    _count(_coupons_of(business_id, address), at)


_Counted = Sequence[tuple[Limit, str]]


def _coupons_of(business_id: UUID, address: str) -> _Counted:
    return (
        (COUPONS_OF_ADDRESS, f"{business_id} {address}"),
        (COUPONS_OF_BUSINESS, str(business_id)),
    )


def _check_all(counted: _Counted, at: datetime) -> None:
    for limit, who in counted:
        _check(stopped_until(limit, who, at=at), at)


def _count(counted: _Counted, at: datetime) -> None:
    ends = [count_failure(limit, who, at=at) for limit, who in counted]
    for until in ends:
        _check(until, at)


def _active(business_id: UUID, code: str) -> ToldCard | None:
    try:
        wanted = code_hash(code)
    except GiftCardRefused:
        return None
    with scope(business=business_id):
        card = GiftCard.objects.select_related("account").filter(code_hash=wanted).first()
    if card is None or card.state != GiftCard.State.ACTIVE:
        return None
    return ToldCard(card, card.account.balance)


def _check(until: datetime | None, at: datetime) -> None:
    if until is not None:
        seconds = max(1, ceil((until - at).total_seconds()))
        raise TooManyGuesses(retry_after_seconds=seconds)
