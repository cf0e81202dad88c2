"""What a visit earns after it has ended, and taking it back (B6).

Steps of actions on bookings: the account is locked first, then the booking.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import connection
from django_scopes import scope

from regulars.actions import telling
from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.facts import Asked
from regulars.actions.sales.carrying_on import carry_on
from regulars.bookings.models import Booking
from regulars.domain import features
from regulars.domain.days import day_of
from regulars.domain.earning import Earning, Why, booking_points
from regulars.domain.errors import BookingRefused, NotFound
from regulars.domain.lots import Lot, Window, window_of_credit
from regulars.domain.purchase import Line
from regulars.domain.refunds import take_back
from regulars.domain.standing import Standing, bring_up_to_date
from regulars.domain.terms import NO_TERMS, KindTerms, Terms
from regulars.domain.terms import Kind as ItemKind
from regulars.ledger import models as books
from regulars.ledger.posting import Kind, Purpose, Request, find_posted
from regulars.rows import new_id

State = Booking.State


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit earned; the same however often it is asked for."""

    operation_id: UUID | None
    """None where it earned nothing."""
    points: int
    why: str
    """A code of ``earning.Why``; or missed, cancelled."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is known of a booking before anything is locked."""

    member_id: UUID | None
    """Whose account it touches: the one it was credited to, or whose points its reward took; else
    the customer's open one."""
    ends_at: datetime
    zone: ZoneInfo
    closed_until: date | None
    credit_after: timedelta

    @property
    def due_at(self) -> datetime:
        """When it is credited: after elapsed time, whatever the clocks on the wall do."""
        return self.ends_at.astimezone(UTC) + self.credit_after

    def dated(self, at: datetime) -> datetime:
        """When a credit is dated: when it fell due, unless the books of that day are closed."""
        closed = self.closed_until
        if closed is not None and day_of(self.due_at, self.zone) <= closed:
            return at
        return min(self.due_at, at)


_PLANNED = """
SELECT m.id, k.ends_at, b.timezone, b.closed_until, b.credit_after_minutes
FROM bookings_booking k
JOIN business_business b ON b.id = k.business_id
LEFT JOIN ledger_operation o ON o.business_id = k.business_id
  AND (o.id = k.credited_operation
    OR (k.credited_operation IS NULL AND k.reward_id IS NOT NULL AND o.request_id = %s))
LEFT JOIN members_member m ON m.business_id = k.business_id AND m.customer_id = k.customer_id
  AND (m.account_id = o.account_id OR (o.id IS NULL AND m.closed_at IS NULL))
WHERE k.business_id = %s AND k.id = %s
"""


def reward_request(booking_id: UUID) -> UUID:
    """The request id by which a booking's reward takes its points."""
    return uuid5(booking_id, "reward")


def read_planned(business_id: UUID, booking_id: UUID) -> Planned:
    """Whose account has to be locked for a booking, and when it is due.

    Raises NotFound.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED, [reward_request(booking_id), business_id, booking_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("booking")
    member_id, ends_at, timezone, closed_until, minutes = row
    after = timedelta(minutes=minutes)
    return Planned(member_id, ends_at, ZoneInfo(timezone), closed_until, after)


def lock_booking(business_id: UUID, booking_id: UUID) -> Booking:
    """Lock a booking, after its account; with its item and reward."""
    with scope(business=business_id):
        locked = Booking.objects.select_for_update(no_key=True, of=("self",))
        return locked.select_related("item", "reward").get(pk=booking_id)


def credit(business_id: UUID, booking_id: UUID, *, at: datetime) -> Visit:
    """What ``credit_booking`` does, inside its transaction."""
    planned = read_planned(business_id, booking_id)
    request = Request(new_id(), planned.dated(at))
    desk = open_desk(business_id, planned.member_id, request, Asked(), clock=at)
    booking = lock_booking(business_id, booking_id)
    if booking.state in {State.MISSED, State.CANCELLED}:
        return Visit(None, 0, booking.state)
    if booking.credited_operation is not None:
        return _credited(business_id, booking.credited_operation)
    if planned.due_at > at or booking.ends_at != planned.ends_at:
        raise BookingRefused("not_due")
    deserved = _deserved(desk.account, booking, due_at=planned.due_at)
    if desk.account is None or deserved.window is None:
        desk.rows.change(Booking, booking_id, business_id, credit_checked_at=at)
        desk.rows.write()
        return Visit(None, 0, deserved.earning.why)
    operation_id = _post(desk, desk.account, booking, deserved)
    desk.rows.write()
    return Visit(operation_id, deserved.earning.earned, deserved.earning.why)


@dataclass(frozen=True, slots=True)
class _Deserved:
    """What a visit earns, and when that can be used; no window where it earns nothing."""

    earning: Earning
    window: Window | None = None
    of_kind: KindTerms = NO_TERMS
    """What its kind earned at the level held then."""


def _deserved(account: MemberAccount | None, booking: Booking, *, due_at: datetime) -> _Deserved:
    if account is None:
        return _Deserved(Earning(Fraction(0), 0, Why.NO_MEMBER))
    terms, standing = _as_it_was(account, booking.ends_at)
    earning = booking_points(_line(booking), terms, standing, booking.ends_at)
    if not earning.earned:
        return _Deserved(earning)
    level = terms.level(standing.level_id)
    window = window_of_credit(
        due_at,
        delay_days=level.delay_days,
        burn_days=level.burn_days,
        zone=terms.zone,
    )
    return _Deserved(earning, window, level.of(ItemKind(booking.item.kind)))


def _credited(business_id: UUID, operation_id: UUID) -> Visit:
    with scope(business=business_id):
        told = books.Operation.objects.get(pk=operation_id).explanation["visit"]
    return Visit(operation_id, told["points"], told["why"])


def _line(booking: Booking) -> Line:
    item = booking.item
    return Line(
        kind=ItemKind(item.kind),
        list_minor=item.price_minor,
        charged_minor=item.price_minor,
        own_points=item.own_points,
        connected=item.earns,
        booked=True,
        reward_points=booking.reward.points if booking.reward else None,
    )


_THEN = """
SELECT coalesce(m.activated_at <= %(ended)s, false),
  coalesce(m.blocked_at <= %(ended)s, false) OR coalesce(m.closed_at <= %(ended)s, false),
  EXISTS (SELECT FROM members_card k
          WHERE k.business_id = m.business_id AND k.member_id = m.id
            AND k.issued_at <= %(ended)s
            AND (k.replaced_at IS NULL OR k.replaced_at > %(ended)s)),
  (SELECT c.from_level_id FROM members_levelchange c
   WHERE c.business_id = m.business_id AND c.member_id = m.id AND c.at > %(ended)s
     AND c.from_level_id IS NOT NULL
   ORDER BY c.at, c.id LIMIT 1),
  (SELECT json_agg(json_build_array(f.at, f."on") ORDER BY f.at, f.id)
   FROM business_featurechange f WHERE f.business_id = m.business_id AND f.code = 'loyalty')
FROM members_member m WHERE m.business_id = %(business_id)s AND m.id = %(member)s
"""


def _as_it_was(account: MemberAccount, ended: datetime) -> tuple[Terms, Standing]:
    """The terms and the member when a visit ended; the terms switched off where loyalty was."""
    with connection.cursor() as cursor:
        cursor.execute(
            _THEN,
            {"business_id": account.business.id, "member": account.facts.id, "ended": ended},
        )
        is_activated, is_blocked, has_card, level_then, switched = cursor.fetchone()
    changes = [(datetime.fromisoformat(since), on) for since, on in switched or ()]
    holding = [terms for terms in account.versions if terms.holds_from <= ended]
    terms = holding[-1] if holding else account.versions[0]
    if not features.was_on(changes, ended):
        terms = replace(terms, enabled=False)
    # What was read stands as of the last operation: where the level has not changed since the
    # visit, only drops that nobody has booked yet can lie before its end.
    standing = bring_up_to_date(account.facts.standing, account.versions, ended).member
    return terms, replace(
        standing,
        level_id=level_then or standing.level_id,
        is_activated=is_activated,
        is_blocked=is_blocked,
        has_card=has_card,
    )


def _post(desk: Desk, account: MemberAccount, booking: Booking, deserved: _Deserved) -> UUID:
    earning, window = deserved.earning, deserved.window
    assert window is not None, "it earns something"
    operation_id = desk.journal.operation(
        Kind.BOOKING,
        desk.at,
        request_id=_next_credit(desk.business.id, booking.pk),
        account_id=account.id,
        explanation={"visit": _told(booking, deserved)},
    )
    origin = books.Lot.Origin.BOOKING
    account.credit(operation_id, origin, earning.earned, _not_before(window, desk.at))
    desk.rows.change(Booking, booking.pk, desk.business.id, credited_operation=operation_id)
    telling.points_credited(account, operation_id, earning.earned, desk.at)
    return operation_id


def _told(booking: Booking, deserved: _Deserved) -> dict[str, Any]:
    """What a visit earned and why, as of a line that was sold once and paid with money alone."""
    earning, rate, line = deserved.earning, deserved.of_kind.rate, _line(booking)
    return {
        "booking": str(booking.pk),
        "kind": str(line.kind),
        "charged": line.charged_minor,
        "part": 0,
        "why": str(earning.why),
        "ppm": rate.ppm,
        "basis": str(rate.basis),
        "own": line.own_points,
        "quantity": 1,
        "exact": [earning.exact.numerator, earning.exact.denominator],
        "points": earning.earned,
    }


def _not_before(window: Window, at: datetime) -> Window:
    """Points whose time was over before they could be posted burn as they are posted."""
    until = window.usable_until
    return Window(window.usable_from, until and max(until, at))


def _next_credit(business_id: UUID, booking_id: UUID) -> UUID:
    """The request id of a booking's credit: the same for every try, so that one alone is posted.

    After a credit was taken back the next one has an id of its own, made from the reversal's.
    """
    request_id = uuid5(booking_id, "credit")
    while (posted := find_posted(business_id, request_id)) is not None:
        reversal = find_posted(business_id, uuid5(posted.id, "reversal"))
        if reversal is None:
            return request_id  # The key on request ids then refuses to credit it again.
        request_id = uuid5(reversal.id, "credit")
    return request_id


def take_back_credit(desk: Desk, booking: Booking) -> None:
    """Take back what a visit has earned; what is missing is owed (B6, b).

    Of a visit that was looked at and earned nothing, that is forgotten.
    """
    nothing = {"credited_operation": None, "credit_checked_at": None}
    credited = booking.credited_operation
    if credited is not None:
        _reverse(desk, booking, credited)
    elif booking.credit_checked_at is None:
        return
    desk.rows.change(Booking, booking.pk, desk.business.id, **nothing)


# As the lot goes on where its account was merged into another one.
_LOT = """
SELECT coalesce((SELECT n.id FROM ledger_lot n
                 WHERE n.business_id = l.business_id AND n.carried_from = l.id
                   AND n.account_id = %s), l.id), l.amount,
  (SELECT coalesce(sum(d.points), 0)::bigint FROM ledger_draw d
   WHERE d.business_id = l.business_id AND d.reason = 'burn' AND d.lot_id IN (
     SELECT l.id UNION ALL SELECT n.id FROM ledger_lot n
     WHERE n.business_id = l.business_id AND n.carried_from = l.id))
FROM ledger_lot l
JOIN ledger_operation o
  ON o.business_id = l.business_id AND o.id = l.operation_id AND o.account_id = l.account_id
WHERE l.business_id = %s AND o.id = %s
"""


def _reverse(desk: Desk, booking: Booking, credited: UUID) -> None:
    account = desk.account
    assert account is not None, "credited to somebody"
    with connection.cursor() as cursor:
        cursor.execute(_LOT, [account.id, desk.business.id, credited])
        lot_id, points, burned = cursor.fetchone()
    taken = take_back(
        points,
        account.standing.lots,
        earned_lot_id=lot_id,
        burned_unspent=burned + account.burned.get(lot_id, 0),
    )
    told: dict[str, Any] = {
        "booking": str(booking.pk),
        "points": points,
        "burned": taken.burned,
        "owed": taken.owed,
    }
    operation_id = desk.journal.operation(
        Kind.BOOKING_REVERSAL,
        desk.at,
        request_id=uuid5(credited, "reversal"),
        account_id=account.id,
        actor=desk.request.actor,
        reverses_id=credited,
        explanation={"visit": told},
    )
    account.spend(operation_id, taken.draws, books.Draw.Reason.TAKEN_BACK, Purpose.ISSUED)
    account.owe(operation_id, taken.owed)
    carry_on(desk, operation_id)


_DRAWN = """
SELECT l.id, l.points_left, l.usable_from, l.usable_until, l.account_id <> %s, d.points
FROM ledger_draw d
JOIN ledger_lot l ON l.business_id = d.business_id AND l.id = d.lot_id
WHERE d.business_id = %s AND d.operation_id = %s AND d.points > 0 ORDER BY d.id
"""


def drawn_by(account: MemberAccount, operation_id: UUID) -> list[tuple[Lot, int]]:
    """What an operation took from which lots, in its order; the account is whose they are now."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, [account.id, account.business.id, operation_id])
        return [(Lot(*lot), taken) for *lot, taken in cursor.fetchall()]
