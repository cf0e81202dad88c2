"""Points added and taken by hand, and debts written off (B13, C15, f)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from regulars.actions import telling
from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.sales.orders import can_be_kept
from regulars.actions.staff.limits import OWNER, acting_staff, check_adjustment, check_role
from regulars.domain.amounts import MOST_POINTS, check_amount
from regulars.domain.days import day_of, end_of
from regulars.domain.earning import why_cannot_spend
from regulars.domain.errors import AdjustmentRefused
from regulars.domain.lots import Window, available, draw_points
from regulars.ledger import models as books
from regulars.ledger.posting import Kind, Purpose, Request, system_account
from regulars.rows import new_id

MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long points given by hand can be used: as the member's level says, unless told."""

    last_day: date | None = None
    """The last day on which they can be used."""
    forever: bool = False


BY_LEVEL = Lasting()


def preset_last_day(account: MemberAccount, at: datetime) -> date | None:
    """What the dialogue proposes as the last day: today and the level's burn days; None = never."""
    days = account.level(account.terms_at(at)).burn_days
    return last_day_by_hand(days, day_of(at, account.business.zone))


def last_day_by_hand(burn_days: int, today: date) -> date | None:
    """Today and a level's burn days; None where its points never burn."""
    return today + timedelta(days=burn_days) if burn_days else None


def window_by_hand(account: MemberAccount, at: datetime, lasting: Lasting) -> Window:
    """When points given by hand can be used: at once, up to the end of a day.

    Raises AdjustmentRefused (already_over).
    """
    last_day = lasting.last_day
    if last_day is None and not lasting.forever:
        last_day = preset_last_day(account, at)
    if last_day is None:
        return Window(at, None)
    if last_day < day_of(at, account.business.zone):
        raise AdjustmentRefused("already_over")
    return Window(at, end_of(last_day, account.business.zone))


@dataclass(frozen=True, slots=True)
class AdjustOrder:
    """Points added by hand, or taken where negative; the customer sees the note too."""

    member_id: UUID
    points: int
    note: str
    lasting: Lasting = BY_LEVEL
    """Only of points that are added."""
    approver: UUID | None = None
    """Who else of the staff approves it, above the limit of whoever asks; checked by the door."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a change by hand did; the same for the first request and for its repeats."""

    operation_id: UUID
    points: int
    settled_owed: int
    """Of the points added: those that paid off a debt at once."""
    available: int
    """Points that can be spent after it."""
    message: str
    """The state of the message to the customer: waiting or held."""
    held_why: str
    """no_consent or no_contact where it is held back, which the dialogue says at once (B3)."""

    @classmethod
    def of(cls, operation_id: UUID, explanation: dict[str, Any]) -> "Adjustment":
        """Read it from an operation's explanation."""
        return cls(operation_id, **explanation["adjust"])


@action
def adjust(business_id: UUID, order: AdjustOrder, *, request: Request) -> Adjustment:
    """Add or take points by hand, with a reason, and tell the customer.

    Points are added only to an account that may earn; they are taken whether or not loyalty is on
    or the programme runs, but never more than are available.

    Raises NotFound, NotAllowed, BadAmount, AdjustmentRefused (note_missing, bad_note,
    already_over, or why the account gets no points), NotEnoughPoints, RequestIdReused,
    OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("adjust", order)
    desk = open_desk(business_id, order.member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return Adjustment.of(*posted)
    note = _checked_note(order.note)
    check_amount("points", abs(order.points), least=1, most=MOST_POINTS)
    staff = acting_staff(business_id, request.actor)
    allowed = check_adjustment(staff, order.points, order.approver)
    account = desk.account
    assert account is not None, "a member was named"
    operation_id = new_id()
    settled = _move(desk, account, operation_id, order)
    state = telling.balance_changed(account, operation_id, order.points, desk.at)
    told = {
        "points": order.points,
        "settled_owed": settled,
        "available": available(account.standing.lots, desk.at),
        "message": str(state or ""),
        "held_why": telling.why_held(account, "balance_changed"),
    }
    explanation = {"adjust": told} | ({"allowed": allowed} if allowed else {})
    desk.post(Kind.ADJUST, operation_id, explanation, digest=digest, note=note)
    desk.rows.write()
    return Adjustment.of(operation_id, explanation)


def _move(desk: Desk, account: MemberAccount, operation_id: UUID, order: AdjustOrder) -> int:
    """Post the points; gives how many of them settled a debt."""
    if account.facts.is_closed:
        raise AdjustmentRefused("closed")
    if order.points < 0:
        draws = draw_points(account.standing.lots, -order.points, at=desk.at)
        account.spend(operation_id, draws, books.Draw.Reason.ADJUST, Purpose.ADJUSTED)
        return 0
    why = why_cannot_spend(account.terms_at(desk.at), account.standing, desk.at)
    if why is not None:
        raise AdjustmentRefused(why)
    window = window_by_hand(account, desk.at, order.lasting)
    origin = books.Lot.Origin.ADJUST
    _lot_id, settled = account.credit(operation_id, origin, order.points, window)
    return settled


@dataclass(frozen=True, slots=True)
class WriteOff:
    """What was written off of a member's debt."""

    operation_id: UUID
    points: int


@action
def write_off(business_id: UUID, member_id: UUID, *, note: str, request: Request) -> WriteOff:
    """Let go all points that a member owes; only owners may (f).

    Raises NotFound, NotAllowed, AdjustmentRefused (note_missing, bad_note, nothing_owed),
    RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("write_off", [member_id, note])
    desk = open_desk(business_id, member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return WriteOff(posted[0], posted[1]["write_off"]["points"])
    note = _checked_note(note)
    check_role(acting_staff(business_id, request.actor), OWNER)
    account = desk.account
    assert account is not None, "a member was named"
    points, owed_account = account.standing.owed, account.facts.owed_account_id
    if not points or owed_account is None:
        raise AdjustmentRefused("nothing_owed")
    operation_id = new_id()
    unit = str(account.facts.programme_id)
    source = system_account(business_id, unit, Purpose.WRITTEN_OFF)
    desk.journal.pay_in(operation_id, source, owed_account, points)
    told = {"write_off": {"points": points}}
    desk.post(Kind.WRITE_OFF, operation_id, told, digest=digest, note=note)
    desk.rows.write()
    return WriteOff(operation_id, points)


def _checked_note(note: str) -> str:
    note = note.strip()
    if not note:
        raise AdjustmentRefused("note_missing")
    if not can_be_kept(note, MOST_NOTE):
        raise AdjustmentRefused("bad_note")
    return note
