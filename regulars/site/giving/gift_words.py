"""Gift cards as customers read of them: their state, how long they last, what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.actions.giftcards.cards import read_code
from regulars.business.formats import Formats
from regulars.domain.codes import format_code
from regulars.domain.days import day_of
from regulars.domain.errors import EnrolmentRefused, NotEnoughPoints, Refusal
from regulars.domain.giftcards import State
from regulars.domain.giftcards import WhyNot as WhyNoCard
from regulars.giftcards.models import GiftCardKind, GiftCardSending
from regulars.ledger.models import Operation
from regulars.reports import refusing
from regulars.reports.forms import OnceForm
from regulars.reports.held_gift_cards import Happened, Held
from regulars.site import saying

Kind = Operation.Kind

HIDDEN = "\N{BULLET}" * 4

_DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """One time that a card was or will be given to somebody."""

    id: UUID
    to: str
    email: str
    when: str
    state: str
    is_planned: bool


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A gift card on its owner's pages."""

    id: UUID
    name: str
    picture: str
    hue: int | None
    left: str
    of: str
    """What it was issued for, where that is more than what is left."""
    until: str
    last_day: str
    """The same on paper, which is read on any day."""
    masked: str
    code: str
    """In groups; empty where it can't pay any more."""
    badge: Badge | None
    can_pay: bool
    given_to: str
    planned: Sending | None


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, in words."""

    text: str
    day: str
    amount: str
    gained: bool


def own_card(held: Held, formats: Formats, at: datetime) -> OwnCard:
    """Everything that a card's tile says; ``at`` is now."""
    card, kind = held.card, held.card.kind
    can_pay = held.can_pay(at)
    planned, given = held.planned, held.given
    return OwnCard(
        id=card.pk,
        name=kind.name if kind else _("Gift card"),
        picture=kind.picture if kind else "",
        hue=kind.hue if kind else None,
        left=formats.money(held.left_minor),
        of=formats.money(card.issued_minor) if held.left_minor < card.issued_minor else "",
        until=until(card.valid_until, formats, ended=held.has_ended(at)),
        last_day=_last_day(card.valid_until, formats),
        masked=f"{HIDDEN} {card.last_four}",
        code=format_code(read_code(card)) if can_pay else "",
        badge=_badge(held, at),
        can_pay=can_pay,
        given_to=(given.to_name or given.to_email) if given else "",
        planned=sending(planned, formats) if planned else None,
    )


def until(end: datetime | None, formats: Formats, *, ended: bool = False) -> str:
    """ "Valid until 22 Nov 2027, in 12 months"."""
    if end is None:
        return _("Valid without end")
    day = formats.last_day(end)
    said = {"day": formats.day(day), "relative": formats.relative(day)}
    if ended:
        return _("Expired on %(day)s") % said
    return _("Valid until %(day)s, %(relative)s") % said


def _last_day(end: datetime | None, formats: Formats) -> str:
    if end is None:
        return _("Valid without end")
    day = format_date(formats.last_day(end), "long", locale=formats.locale)
    return _("Valid until %(day)s") % {"day": day}


def lasting(days: int, formats: Formats) -> str:
    """ "Valid for 12 months." of a card that is still to be issued."""
    if not days:
        return _("Valid without end.")
    years, rest = divmod(days, _DAYS_OF_A_YEAR)
    if not rest:
        months = 12 * years
        said = ngettext("Valid for %(number)s month.", "Valid for %(number)s months.", months)
        return said % {"number": formats.number(months)}
    said = ngettext("Valid for %(number)s day.", "Valid for %(number)s days.", days)
    return said % {"number": formats.number(days)}


def worth(kind: GiftCardKind, formats: Formats) -> str:
    """ "£15", or "£10 to £100" where the value is chosen."""
    if kind.value_minor is not None:
        return formats.round_money(kind.value_minor)
    if kind.least_minor is None or kind.most_minor is None:
        return ""
    least, most = formats.round_money(kind.least_minor), formats.round_money(kind.most_minor)
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


_STATES = {
    State.INACTIVE: (gettext_lazy("Not paid yet"), "", "clock"),
    State.BLOCKED: (gettext_lazy("Blocked: ask at the desk"), "bad", "lock"),
    State.CLOSED: (gettext_lazy("Closed"), "", "circle-x"),
}


def _badge(held: Held, at: datetime) -> Badge | None:
    state = State(held.card.state)
    if state in _STATES:
        text, tone, icon = _STATES[state]
        return Badge(str(text), tone, icon)
    if not held.left_minor:
        return Badge(_("Used up"), "", "check")
    if held.has_ended(at):
        return Badge(_("Expired"), "warn", "calendar-x")
    return None


_WHEN = {
    GiftCardSending.State.PLANNED: gettext_lazy("Goes on %(day)s at %(clock)s"),
    GiftCardSending.State.SENT: gettext_lazy("Sent on %(day)s"),
    GiftCardSending.State.CANCELLED: gettext_lazy("Held back"),
}


def sending(row: GiftCardSending, formats: Formats) -> Sending:
    """A sending in words."""
    is_planned = row.state == GiftCardSending.State.PLANNED
    said = {"day": formats.day_at(row.send_at), "clock": formats.clock(row.send_at)}
    words = str(_WHEN[GiftCardSending.State(row.state)]) % said
    if is_planned and row.send_at == row.created_at:
        words = _("Goes in a moment")
    return Sending(
        id=row.pk,
        to=row.to_name or row.to_email,
        email=row.to_email,
        when=words,
        state=row.state,
        is_planned=is_planned,
    )


_HAPPENED = {
    Kind.GIFT_CARD_ISSUE: gettext_lazy("Issued"),
    Kind.GIFT_CARD_ACTIVATE: gettext_lazy("Made active"),
    Kind.GIFT_CARD_REVERSAL: gettext_lazy("Taken back by the staff"),
    Kind.GIFT_CARD_BLOCK: gettext_lazy("Blocked"),
    Kind.GIFT_CARD_UNBLOCK: gettext_lazy("Unblocked"),
    Kind.GIFT_CARD_CLOSE: gettext_lazy("Closed"),
    Kind.REFUND: gettext_lazy("Given back"),
    Kind.VOID: gettext_lazy("Given back"),
}


def happened(event: Happened, formats: Formats) -> Line:
    """What happened with a card, without saying what was bought: others may pay with it too."""
    text = str(_HAPPENED.get(Kind(event.kind), _("Changed")))
    if event.points:
        text = _("Taken for %(points)s") % {"points": formats.points(event.points)}
    elif event.kind in {Kind.SALE, Kind.PAYMENT}:
        text = _("Bought") if event.amount_minor > 0 else _("Paid with it")
    sign = "+" if event.amount_minor > 0 else "\N{MINUS SIGN}"
    money = formats.money(abs(event.amount_minor))
    return Line(
        text=text,
        day=formats.day(day_of(event.at, formats.zone)),
        amount=f"{sign}{money}" if event.amount_minor else "",
        gained=event.amount_minor > 0,
    )


_REFUSED: Mapping[str, Promise] = {
    WhyNoCard.BLOCKED: gettext_lazy("This gift card is blocked. Ask at the desk."),
    WhyNoCard.CLOSED: gettext_lazy("This gift card is closed. Ask at the desk."),
    WhyNoCard.INACTIVE: gettext_lazy("This gift card is not paid yet. Pay for it first."),
    WhyNoCard.EXPIRED: gettext_lazy("This gift card will have expired by then. Send it earlier."),
    WhyNoCard.EMPTY: gettext_lazy("Nothing is left on this gift card. Choose another one."),
    WhyNoCard.NOT_OFFERED: gettext_lazy(
        "This gift card is not given for %(unit)s any more. Choose another one."
    ),
}


def refused(refusal: Refusal, formats: Formats) -> str:
    """A refusal in the words of a customer's own page."""
    if isinstance(refusal, EnrolmentRefused):
        return saying.say(refusal, formats)
    if isinstance(refusal, NotEnoughPoints):
        missing = formats.points(refusal.asked - refusal.available)
        return _("%(points)s are missing for this gift card.") % {"points": missing}
    words = _REFUSED.get(getattr(refusal, "why", ""))
    return str(words) % {"unit": formats.unit_many} if words else refusing.say(refusal, formats)


class GiftForm(OnceForm):
    """A form about a gift card, that says what is refused as customers read it."""

    def refuse(self, refusal: Refusal, formats: Formats) -> None:
        """Beside the field that it is about."""
        name = self.field_of(refusal)
        self.add_error(name if name in self.fields else None, refused(refusal, formats))
