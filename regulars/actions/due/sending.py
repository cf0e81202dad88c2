"""Sending messages: each at least once, and rarely twice.

A try is noted before it begins, together with the time of the next one; then nothing is locked
while a mail server takes its time. Whoever is killed between the two leaves a message that is
simply sent again at that time, under the same id. Several workers share the queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.giftcards.cards import decrypt_code
from regulars.actions.keyed import decrypt
from regulars.actions.members.login_codes import login_code
from regulars.actions.members.passcodes import activation_code
from regulars.business.formats import Formats
from regulars.business.languages import language_of, locale_of
from regulars.domain.codes import format_code
from regulars.domain.days import day_of
from regulars.members.queries import balance_of_member
from regulars.notices import ending_cards
from regulars.notices.accounts import of_account
from regulars.notices.links import link_of
from regulars.notices.models import Message
from regulars.notices.queries import Outgoing, read_outgoing
from regulars.notices.receipts import receipt_values
from regulars.notices.senders import Attached, Letter, NotSentError, sender_of
from regulars.notices.sent_cards import Given, read_given
from regulars.notices.standing import burning_points, level_names
from regulars.notices.texts import compose
from regulars.notices.visits import booking_values, calendar_of

EXPIRING = "points_expiring"
WITH_CALENDAR = frozenset({"booking_confirmed", "booking_moved"})

State = Message.State
HeldWhy = Message.HeldWhy

MOST_ATTEMPTS = 8
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(days=1)
TOO_OLD = timedelta(days=3)
"""Nobody is told of points that came longer ago; all tries together take two days."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message."""

    id: UUID
    template: str
    state: str
    """waiting: it is tried again."""
    why: str = ""
    """Why it is held, or what went wrong."""


def rest_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: 1, 4, 16 minutes and so on, at most a day."""
    rest: timedelta = FIRST_REST * 4 ** (attempts - 1)
    return min(rest, LONGEST_REST)


def send_next(business_id: UUID, *, at: datetime) -> Sent | None:
    """Send the message that is due first; what was asked for goes before the rest.

    None when nothing is due. A message that need not or may not be sent any more is put away.
    """
    with transaction.atomic(durable=True), scope(business=business_id):
        message = _next_due(at)
        if message is None:
            return None
        outgoing = _to_whom(message, read_outgoing(business_id, message.pk))
        put_away = _why_not(message, outgoing, at) or _why_late(message, outgoing)
        if put_away is not None:
            return _end(message, *put_away)
        message.attempts += 1
        Message.objects.filter(pk=message.pk).update(
            attempts=message.attempts, next_try_at=at + rest_after(message.attempts)
        )
    try:
        sender_of(message.channel)(_letter(message, outgoing, at))
    except NotSentError as problem:
        return _note_failure(message, problem.code)
    with transaction.atomic(durable=True), scope(business=business_id):
        return _end(message, State.SENT, sent_at=at)


def _to_whom(message: Message, outgoing: Outgoing) -> Outgoing:
    """With the address that was told for this message alone, where there is one."""
    given = _given(
        message, _formats(outgoing, Locale.parse(outgoing.locale, sep="-"), message.created_at)
    )
    if given is not None:
        return replace(outgoing, to=given.to)
    told = message.data.get("to")
    return replace(outgoing, to=decrypt(told.encode())) if told else outgoing


def _given(message: Message, formats: Formats) -> Given | None:
    """What somebody gives with this message; None where it is no gift."""
    sending = message.data.get("sending")
    if sending is None:
        return None
    with scope(business=message.business_id):
        return read_given(UUID(sending), formats)


def _next_due(at: datetime) -> Message | None:
    due = Message.objects.filter(state=State.WAITING, next_try_at__lte=at)
    due = due.order_by("message_class", "next_try_at", "pk")  # "asked_for" comes before "loyalty".
    return due.select_for_update(skip_locked=True, no_key=True).first()


def _why_not(message: Message, outgoing: Outgoing, at: datetime) -> tuple[State, str] | None:
    """Why a message is not sent, and the state in which it stays; None = it is sent."""
    held = _why_held(message, outgoing, at)
    if held is not None:
        return State.HELD, held
    if not outgoing.to:
        return State.HELD, HeldWhy.NO_CONTACT
    until = outgoing.code_until
    if outgoing.code_is_gone or (until is not None and until <= at):
        return State.HELD, HeldWhy.CODE_EXPIRED
    if message.attempts >= MOST_ATTEMPTS:  # The last try was cut off.
        return State.FAILED, message.last_error or "cut_off"
    return None


def _why_held(message: Message, outgoing: Outgoing, at: datetime) -> HeldWhy | None:
    """Why a loyalty message does not go after all (B3)."""
    if message.message_class != Message.Class.LOYALTY:
        return None
    if not outgoing.is_on:
        return HeldWhy.SWITCHED_OFF
    if not outgoing.agreed:
        return HeldWhy.NO_CONSENT
    again = message.data.get("again")
    wanted = datetime.fromisoformat(again) if again else message.created_at
    return HeldWhy.TOO_OLD if wanted + TOO_OLD <= at else None


def _why_late(message: Message, outgoing: Outgoing) -> tuple[State, str] | None:
    """Nobody is warned of points that were spent meanwhile, or of a card that was used up."""
    if message.template == ending_cards.GIFT_CARD_ENDS:
        with scope(business=message.business_id):
            is_left = ending_cards.is_left(UUID(message.data["gift_card"]))
        return None if is_left else (State.HELD, HeldWhy.NOTHING_LEFT)
    if message.template != EXPIRING or outgoing.member_id is None:
        return None
    left = burning_points(message.business_id, outgoing.member_id, _burns_at(message))
    return None if left else (State.HELD, HeldWhy.NOTHING_LEFT)


def _burns_at(message: Message) -> datetime:
    return datetime.fromisoformat(message.data["until"])


def _note_failure(message: Message, code: str) -> Sent:
    with transaction.atomic(durable=True), scope(business=message.business_id):
        if message.attempts >= MOST_ATTEMPTS:
            return _end(message, State.FAILED, code)
        Message.objects.filter(pk=message.pk, state=State.WAITING).update(last_error=code)
    return Sent(message.pk, message.template, State.WAITING, code)


def _end(message: Message, state: State, why: str = "", *, sent_at: datetime | None = None) -> Sent:
    """Put a message away for good, and forget the address that was told for it alone."""
    kept = {name: value for name, value in message.data.items() if name != "to"}
    Message.objects.filter(pk=message.pk, state=State.WAITING).update(
        state=state,
        data=kept,
        held_why=why if state == State.HELD else "",
        last_error=why if state == State.FAILED else "",
        next_try_at=None,
        sent_at=sent_at,
    )
    return Sent(message.pk, message.template, state, why)


def _letter(message: Message, outgoing: Outgoing, at: datetime) -> Letter:
    language = language_of(outgoing.language, outgoing.locale)
    with translation.override(language):
        locale = locale_of(outgoing.language, outgoing.locale)
        values = _values(message, outgoing, _formats(outgoing, locale, at), at)
        subject, text = compose(message.template, values, outgoing.own_text, outgoing.own_subject)
        file = _file(message, values["link"], at)
    sender = " ".join(outgoing.business.split())
    return Letter(message.pk, outgoing.to, sender, subject, text, file)


def _file(message: Message, link: str, at: datetime) -> Attached | None:
    """What is booked, for the customer's calendar."""
    if message.template not in WITH_CALENDAR or message.channel != Message.Channel.EMAIL:
        return None
    with scope(business=message.business_id):
        return calendar_of(UUID(message.data["booking"]), link=link, at=at)


def _formats(outgoing: Outgoing, locale: Locale, at: datetime) -> Formats:
    zone = ZoneInfo(outgoing.timezone)
    return Formats(
        locale=locale,
        currency=outgoing.currency,
        home=Locale.parse(outgoing.locale, sep="-"),
        zone=zone,
        unit_one=outgoing.unit_one,
        unit_many=outgoing.unit_many,
        today=day_of(at, zone),
    )


def _values(message: Message, outgoing: Outgoing, formats: Formats, at: datetime) -> dict[str, str]:
    """The variables of templates, as the reader reads them."""
    values = {
        "business": outgoing.business,
        "name": outgoing.name or _("dear customer"),
        "description": outgoing.description,
        "referred": outgoing.referred or _("Somebody"),
        "link": link_of(message.template, message.data, outgoing),
        **of_account(message, formats),
    }
    if outgoing.code_until is not None:
        values["code"] = _code_in(message.data)
        values["until"] = formats.clock(outgoing.code_until)
    if outgoing.gift_code is not None:
        values |= _of_gift_card(message, outgoing, formats)
    given = _given(message, formats)
    if given is not None:
        values |= given.values
    if "sale" in message.data:
        with scope(business=message.business_id):
            values |= receipt_values(UUID(message.data["sale"]), formats)
    if "booking" in message.data:
        with scope(business=message.business_id):
            values |= booking_values(UUID(message.data["booking"]), formats, message.data)
    if outgoing.member_id is not None:
        balance = balance_of_member(message.business_id, outgoing.member_id, at=at)
        points = message.data.get("points", 0)
        is_change = message.template == "balance_changed"
        values["unit"] = outgoing.unit_many
        values["points"] = formats.change(points) if is_change else formats.points(points)
        values["balance"] = formats.points(balance.available)
        values |= _of_standing(message, outgoing.member_id, formats)
    return values


def _of_standing(message: Message, member_id: UUID, formats: Formats) -> dict[str, str]:
    """What a message says of points that expire, or of a level."""
    if message.template == EXPIRING:
        until = _burns_at(message)
        left = burning_points(message.business_id, member_id, until)
        day = formats.long_day(formats.last_day(until))
        return {"points": formats.points(left), "day": day}
    if "level" not in message.data:
        return {}
    level, before = UUID(message.data["level"]), UUID(message.data["before"])
    names = level_names(message.business_id, [level, before])
    return {"level": names.get(level, ""), "before": names.get(before, "")}


def _code_in(data: Mapping[str, str]) -> str:
    """The code in a message, to sign in or to activate an account."""
    if "login_code" in data:
        return login_code(UUID(data["login_code"]))
    return activation_code(UUID(data["code"]))


def _of_gift_card(message: Message, outgoing: Outgoing, formats: Formats) -> dict[str, str]:
    """What a message says of the gift card in it; the code is put in nowhere else."""
    assert outgoing.gift_code is not None, "there is a gift card in it"
    lasting = _("without end")
    if outgoing.gift_until is not None:
        day = formats.long_day(formats.last_day(outgoing.gift_until))
        lasting = _("until %(day)s") % {"day": day}
    if message.template == ending_cards.GIFT_CARD_ENDS:
        with scope(business=message.business_id):
            card_id = UUID(message.data["gift_card"])
            return {
                "lasting": lasting,
                **ending_cards.values_of(card_id, formats),
            }
    return {
        "code": format_code(decrypt_code(outgoing.gift_code)),
        "amount": formats.money(outgoing.gift_minor or 0),
        "lasting": lasting,
    }
