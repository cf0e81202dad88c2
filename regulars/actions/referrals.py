"""Who brought whom, and what the referrer gets for it (S11, S12)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scope

from regulars.actions import telling
from regulars.actions.adjusting import BY_LEVEL, Lasting, window_by_hand
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.people import lock_customers
from regulars.domain.errors import NotFound, ReferralRefused
from regulars.domain.quote import Why, why_cannot_earn
from regulars.domain.referrals import check_referral, should_offer_points
from regulars.ledger.models import Lot
from regulars.ledger.posting import Kind, Request
from regulars.members.models import Member, Referral
from regulars.rows import Rows, new_id


@dataclass(frozen=True, slots=True)
class Noted:
    """A referral that is noted."""

    id: UUID
    offer_points: int
    """What the dialogue offers to add for the referrer; 0 = it does not ask."""


@dataclass(frozen=True, slots=True)
class Thanked:
    """The points of a referral; the same for the first request and for its repeats."""

    operation_id: UUID
    points: int
    message: str
    """The state of the message to the referrer."""


_LOCK = "SELECT id FROM business_business WHERE id = %s FOR NO KEY UPDATE"

_ABOVE = """
WITH RECURSIVE above AS (
  SELECT r.business_id, r.referred_id, r.referrer_id FROM members_referral r
  WHERE r.business_id = %(business_id)s AND r.referred_id IN (%(referred)s, %(referrer)s)
  UNION
  SELECT r.business_id, r.referred_id, r.referrer_id FROM members_referral r
  JOIN above a ON r.business_id = a.business_id AND r.referred_id = a.referrer_id
)
SELECT referred_id, referrer_id FROM above
"""


@action
def note_referral(
    business_id: UUID, referred_id: UUID, referrer_id: UUID, *, request: Request
) -> Noted:
    """Note by whom a customer was referred; both are ids of customers.

    Referrals of one business wait for each other, so that two cannot close a circle together.
    Noting the same once more changes nothing.

    Raises NotFound, ReferralRefused (self, already_referred, circle).
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [business_id])
        lock_customers(business_id, [referred_id, referrer_id])
        cursor.execute(
            _ABOVE,
            {"business_id": business_id, "referred": referred_id, "referrer": referrer_id},
        )
        referrers: dict[UUID, UUID] = dict(cursor.fetchall())
    if referred_id != referrer_id and referrers.get(referred_id) == referrer_id:
        with scope(business=business_id):
            noted = Referral.objects.get(referred_id=referred_id)
        offer = 0 if noted.operation_id else _points_to_offer(business_id, referrer_id, request)
        return Noted(noted.pk, offer)
    check_referral(referred_id, referrer_id, referrers)
    rows = Rows()
    referral_id = rows.add(
        Referral,
        business_id=business_id,
        referred_id=referred_id,
        referrer_id=referrer_id,
        at=request.at,
    )
    rows.write()
    return Noted(referral_id, _points_to_offer(business_id, referrer_id, request))


@action
def credit_referral(
    business_id: UUID, referral_id: UUID, *, lasting: Lasting = BY_LEVEL, request: Request
) -> Thanked:
    """Give the referrer the programme's points for a referral, and say thank you (S12).

    Once for each referral. ``lasting`` is how long the points can be used.

    Raises NotFound, ReferralRefused (already_credited, no_member, no_points, or why the account
    earns nothing: no_card, not_running …), AdjustmentRefused (already_over), RequestIdReused,
    OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("credit_referral", [referral_id, lasting])
    with scope(business=business_id):
        referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise NotFound("referral")
    desk = open_desk(business_id, _member_of(business_id, referral.referrer_id), request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return _thanked(*posted)
    with scope(business=business_id):  # Again, now that the account is locked.
        referral = Referral.objects.get(pk=referral_id)
    if referral.operation_id is not None:
        raise ReferralRefused("already_credited")
    points = _points(desk)
    account = desk.account
    assert account is not None, "who is no member was refused"
    operation_id = new_id()
    window = window_by_hand(account, desk.at, lasting)
    account.credit(operation_id, Lot.Origin.REFERRAL, points, window)
    state = telling.tell_member(
        account,
        "referral_thanks",
        operation_id,
        desk.at,
        points=points,
        referred=str(referral.referred_id),
    )
    told = {"referral": str(referral_id), "points": points, "message": str(state or "")}
    desk.rows.change(Referral, referral_id, business_id, operation_id=operation_id)
    desk.post(Kind.REFERRAL, operation_id, {"referral": told}, digest=digest)
    desk.rows.write()
    return _thanked(operation_id, {"referral": told})


def _points(desk: Desk) -> int:
    """The points for a referral now.

    Raises ReferralRefused.
    """
    account = desk.account
    if account is None:
        raise ReferralRefused("no_member")
    terms = account.terms_at(desk.at)
    why = why_cannot_earn(terms, account.standing, desk.at)
    if why is None and not account.standing.has_card:
        why = Why.NO_CARD
    if why is not None:
        raise ReferralRefused(why)
    if not terms.referral_points:
        raise ReferralRefused("no_points")
    return terms.referral_points


def _points_to_offer(business_id: UUID, referrer_id: UUID, request: Request) -> int:
    member_id = _member_of(business_id, referrer_id)
    if member_id is None:
        return 0
    desk = open_desk(business_id, member_id, request, Asked(), locked=False)
    account = desk.account
    assert account is not None, "a member was named"
    terms, standing = account.terms_at(desk.at), account.standing
    earns = why_cannot_earn(terms, standing, desk.at) is None
    offers = should_offer_points(terms.referral_points, has_card=standing.has_card, can_earn=earns)
    return terms.referral_points if offers else 0


def _member_of(business_id: UUID, customer_id: UUID) -> UUID | None:
    with scope(business=business_id):
        members = Member.objects.filter(customer_id=customer_id, closed_at__isnull=True)
        return members.values_list("id", flat=True).first()


def _thanked(operation_id: UUID, explanation: dict[str, Any]) -> Thanked:
    told = explanation["referral"]
    return Thanked(operation_id, told["points"], told["message"])
