"""Who brought whom, and what the referrer gets for it (S11, S12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scope

from regulars.actions import telling
from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.members.adjusting import BY_LEVEL, Lasting, window_by_hand
from regulars.actions.members.people import lock_customers
from regulars.actions.once import Answer, done_once
from regulars.actions.setup.wordings import THANKS, message_setting
from regulars.domain.earning import why_cannot_earn
from regulars.domain.errors import NotFound, ReferralRefused
from regulars.domain.referrals import check_referral, why_no_points
from regulars.ledger.models import Lot
from regulars.ledger.posting import Kind, Request, find_posted
from regulars.members.models import Member, Referral
from regulars.notices.models import Message
from regulars.rows import Rows, new_id


@dataclass(frozen=True, slots=True)
class Noted:
    """A referral that is noted."""

    id: UUID
    offer_points: int
    """What the dialogue offers to add for the referrer; 0 = it does not ask."""
    why_no_points: str
    """Why it does not ask, such as no_card or already_credited; "" = it asks."""


@dataclass(frozen=True, slots=True)
class Thanked:
    """The points of a referral; the same for the first request and for its repeats."""

    operation_id: UUID
    points: int
    message: str
    """The state of the text message to the referrer: waiting, held, or "" where none is sent."""
    held_why: str
    """no_consent or no_contact where it is held back, which the dialogue says at once (B3)."""


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
    business_id: UUID,
    referred_id: UUID,
    referrer_id: UUID,
    *,
    named: UUID | None = None,
    request: Request,
) -> Noted:
    """Note by whom a customer was referred; both are ids of customers.

    ``named`` is the id by which a caller knows who was referred, where that is another one: a
    repeat names them so still when they are another customer by then.

    Referrals of one business wait for each other, so that two cannot close a circle together.
    Noting the same once more changes nothing.

    Raises NotFound, ReferralRefused (self, already_referred, circle), RequestIdReused.
    """
    told = done_once(
        business_id,
        request,
        ("note_referral", named or referred_id, referrer_id),
        lambda: _note(business_id, referred_id, referrer_id, request),
    )
    return Noted(UUID(told["referral"]), told["points"], told["why"])


def _note(business_id: UUID, referred_id: UUID, referrer_id: UUID, request: Request) -> Answer:
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
            return _told(_noted(Referral.objects.get(referred_id=referred_id), request))
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
    return _told(Noted(referral_id, *_points_to_offer(business_id, referrer_id, request)))


def _told(noted: Noted) -> Answer:
    return {"referral": str(noted.id), "points": noted.offer_points, "why": noted.why_no_points}


def offer_of(business_id: UUID, referral_id: UUID, *, request: Request) -> Noted:
    """What the dialogue offers for a referral that was noted before; writes nothing.

    Raises NotFound.
    """
    with scope(business=business_id):
        referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise NotFound("referral")
    return _noted(referral, request)


def _noted(referral: Referral, request: Request) -> Noted:
    if referral.operation_id is not None:
        return Noted(referral.pk, 0, "already_credited")
    offer = _points_to_offer(referral.business_id, referral.referrer_id, request)
    return Noted(referral.pk, *offer)


@action
def credit_referral(
    business_id: UUID, referral_id: UUID, *, lasting: Lasting = BY_LEVEL, request: Request
) -> Thanked:
    """Give the referrer the programme's points for a referral, and say thank you (S11, S12).

    Once for each referral. The thanks go by text message, if the business wants that and the
    referrer agreed to it; the points come in any case. ``lasting`` is how long they can be used.

    Raises NotFound, ReferralRefused (already_credited, no_member, no_points, or why the account
    earns nothing: no_card, not_running …), AdjustmentRefused (already_over), RequestIdReused,
    OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("credit_referral", [referral_id, lasting])
    with scope(business=business_id):
        referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:  # Perhaps it went with a customer, after this very request.
        done = find_posted(business_id, request.id)
        if done is None:
            raise NotFound("referral")
        return _thanked(done.id, done.is_answer_to(digest))
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
    told = {
        "referral": str(referral_id),
        "points": points,
        **_say_thanks(
            account, operation_id, desk.at, points=points, referred=str(referral.referred_id)
        ),
    }
    desk.rows.change(Referral, referral_id, business_id, operation_id=operation_id)
    desk.post(Kind.REFERRAL, operation_id, {"referral": told}, digest=digest)
    desk.rows.write()
    return _thanked(operation_id, {"referral": told})


def _say_thanks(
    account: MemberAccount, operation_id: UUID, at: datetime, **data: object
) -> dict[str, str]:
    """Write the text message to the referrer; gives its state, and why it is held back."""
    if not message_setting(account.business.id, THANKS).is_on:
        return {"message": "", "held_why": ""}
    state = telling.tell_member(account, THANKS, operation_id, at, only="phone", **data)
    held = state == Message.State.HELD
    return {
        "message": str(state or ""),
        "held_why": telling.why_held(account, THANKS, "phone") if held else "",
    }


def _points(desk: Desk) -> int:
    """The points for a referral now.

    Raises ReferralRefused.
    """
    account = desk.account
    if account is None:
        raise ReferralRefused("no_member")
    terms, standing = account.terms_at(desk.at), account.standing
    why = why_no_points(
        terms.referral_points,
        has_card=standing.has_card,
        cannot_earn=why_cannot_earn(terms, standing, desk.at),
    )
    if why is not None:
        raise ReferralRefused(why)
    return terms.referral_points


def _points_to_offer(business_id: UUID, referrer_id: UUID, request: Request) -> tuple[int, str]:
    """The points to offer, else why there are none."""
    member_id = _member_of(business_id, referrer_id)
    desk = open_desk(business_id, member_id, request, Asked(), locked=False)
    try:
        return _points(desk), ""
    except ReferralRefused as refusal:
        return 0, str(refusal.why)


def _member_of(business_id: UUID, customer_id: UUID) -> UUID | None:
    with scope(business=business_id):
        members = Member.objects.filter(customer_id=customer_id, closed_at__isnull=True)
        return members.values_list("id", flat=True).first()


def _thanked(operation_id: UUID, explanation: dict[str, Any]) -> Thanked:
    told = explanation["referral"]
    return Thanked(operation_id, told["points"], told["message"], told.get("held_why", ""))
