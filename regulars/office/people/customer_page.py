"""Fills a customer's page: what the reports found, formatted for the reader."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.bookings.models import Booking
from regulars.business.formats import Formats
from regulars.giftcards.models import GiftCard
from regulars.members.models import Consent, Contact
from regulars.office.people.customers import STATES
from regulars.reports.account_filling import Filling, in_groups
from regulars.reports.account_pages import Account
from regulars.reports.coming import Coming, soon_of
from regulars.reports.customer_file import Brought, CustomerFile
from regulars.reports.finding import State, state_of
from regulars.reports.membership import Membership
from regulars.reports.persons import initials_of, readable_phone
from regulars.reports.undoing_cards import undoing

SOURCES = {
    "till": gettext_lazy("at the till"),
    "staff": gettext_lazy("by staff"),
    "office": gettext_lazy("in the office"),
    "booking": gettext_lazy("when booking online"),
    "online": gettext_lazy("when buying online"),
    "profile": gettext_lazy("in their profile"),
    "import": gettext_lazy("in an import"),
    "unsubscribe": gettext_lazy("by the link in a message"),
}
"""Where something was said or done; what another system wrote there is shown as it is."""

BOOKING_TONES = {
    Booking.State.BOOKED: ("accent", "calendar"),
    Booking.State.DONE: ("good", "check"),
    Booking.State.MISSED: ("warn", "user-x"),
    Booking.State.CANCELLED: ("", "x"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A yes or no to messages."""

    granted: bool
    words: str
    """ "14 Nov 2025, at the till"."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What was said about one channel."""

    code: str
    label: str
    icon: str
    now: Said | None
    """None where nothing was said, which is a no."""
    before: tuple[Said, ...]
    reaches: bool
    """Whether there is a contact for it."""


@dataclass(frozen=True, slots=True)
class ContactRow:
    id: str
    icon: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """A booking or a gift card."""

    title: str
    note: str
    when: str
    tone: str
    icon: str
    state: str
    id: str = ""
    """Of a gift card, that has a page of its own."""
    url: str = ""
    """Of a booking: its day."""
    can_undo: bool = False
    """It was taken for points, and nothing was paid with it."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody a referral connects them with."""

    id: str
    name: str
    note: str
    is_credited: bool


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """``office/people/customer.html``, as ``page``."""

    id: str
    member_id: str
    name: str
    initials: str
    since: str
    level: str
    state: tuple[object, str, str] | None
    is_blocked: bool
    is_waiting: bool
    """For activation."""
    programme: str
    needs_card: bool
    """Only who has a card earns."""
    unit: str
    balance: str
    worth: str
    owed: str
    last_visit: str
    last_visit_relative: str
    account: Account | None
    born: str
    code_word: str
    note: str
    number: str
    """In the system that they were imported from."""
    contacts: tuple[ContactRow, ...]
    channels: tuple[Channel, ...]
    groups: tuple[str, ...]
    card: str
    cards_before: tuple[str, ...]
    rule_lifted: bool
    brought_by: Other | None
    brought: tuple[Other, ...]
    bookings: tuple[Line, ...]
    gift_cards: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FilePage:
    """One customer's page being filled."""

    file: CustomerFile
    membership: Membership | None
    formats: Formats
    at: datetime
    coming: tuple[Coming, ...] = ()
    """The visits that will bring points."""

    def page(self) -> CustomerPage:
        file, seen, customer = self.file, self.membership, self.file.customer
        state, visit = self._state(), file.member.last_visit if file.member else None
        return CustomerPage(
            id=str(customer.pk),
            member_id=str(file.member.pk) if file.member else "",
            name=customer.name or _("Without a name"),
            initials=initials_of(customer.name),
            since=self.formats.day_at(customer.created_at),
            level=seen.level.name if seen and len(seen.terms.levels) > 1 else "",
            state=STATES.get(state),
            is_blocked=state is State.BLOCKED,
            is_waiting=state is State.NOT_ACTIVATED,
            programme=file.programme.name if file.programme else "",
            needs_card=seen.terms.needs_card if seen else False,
            unit=self.formats.unit(seen.balance) if seen else "",
            balance=self.formats.number(seen.balance) if seen else "",
            worth=self._worth(),
            owed=self.formats.points(seen.standing.owed) if seen and seen.standing.owed else "",
            last_visit=self.formats.day(visit) if visit else "\N{EN DASH}",
            last_visit_relative=self.formats.relative(visit) if visit else _("not yet"),
            account=self._account(seen) if seen else None,
            born=self.formats.day(file.born) if file.born else "",
            code_word=file.code_word,
            note=customer.note,
            number=customer.external_id,
            contacts=tuple(_contact(contact) for contact in file.contacts),
            channels=tuple(self._channel(Consent.Channel(code)) for code in file.consents),
            groups=tuple(group.name for group in file.groups),
            card=self._card(),
            cards_before=tuple(self._card_before()),
            rule_lifted=customer.reward_rule_lifted,
            brought_by=self._other(file.brought_by) if file.brought_by else None,
            brought=tuple(self._other(each) for each in file.brought),
            bookings=tuple(self._booking(booking) for booking in file.bookings),
            gift_cards=tuple(self._gift_card(card) for card in file.gift_cards),
        )

    def _account(self, seen: Membership) -> Account:
        account = Filling(self.file.customer.business, seen, self.formats).account()
        soon = soon_of(self.coming, seen, self.formats)
        return replace(account, to_come=soon or account.to_come)

    def _state(self) -> State:
        member = self.file.member
        if member is None:
            return State.NONE
        return state_of(
            is_activated=member.activated_at is not None, is_blocked=member.blocked_at is not None
        )

    def _worth(self) -> str:
        seen = self.membership
        value = seen.terms.point_value_minor if seen else None
        return self.formats.round_money(seen.balance * value) if seen and value else ""

    def _card(self) -> str:
        held = [card for card in self.file.cards if card.replaced_at is None]
        return in_groups(held[0].number) if held else ""

    def _card_before(self) -> list[str]:
        return [
            _("%(number)s, until %(day)s")
            % {"number": in_groups(card.number), "day": self.formats.day_at(card.replaced_at)}
            for card in self.file.cards
            if card.replaced_at is not None
        ]

    def _channel(self, channel: Consent.Channel) -> Channel:
        said = [self._said(each) for each in self.file.consents[channel]]
        kind = Contact.Kind.EMAIL if channel == Consent.Channel.EMAIL else Contact.Kind.PHONE
        return Channel(
            code=str(channel),
            label=str(channel.label),
            icon="mail" if channel == Consent.Channel.EMAIL else "message-square",
            now=said[0] if said else None,
            before=tuple(said[1:]),
            reaches=any(contact.kind == kind for contact in self.file.contacts),
        )

    def _said(self, consent: Consent) -> Said:
        source = str(SOURCES.get(consent.source, consent.source))
        day = self.formats.day_at(consent.at)
        return Said(consent.granted, f"{day}, {source}" if source else day)

    def _other(self, each: Brought) -> Other:
        day = self.formats.day_at(each.at)
        note = _("%(day)s, thanked") % {"day": day} if each.is_credited else day
        return Other(
            str(each.customer_id), each.name or _("Without a name"), note, each.is_credited
        )

    def _booking(self, booking: Booking) -> Line:
        tone, icon, state = self._booking_state(booking)
        starts = self.formats.day_at(booking.starts_at)
        note = booking.place.name if booking.place else ""
        if booking.reward_id:
            note = ", ".join(filter(None, [note, _("taken as a reward")]))
        if points := next((c.points for c in self.coming if c.booking_id == booking.pk), 0):
            told = _("%(points)s to come") % {"points": self.formats.points(points)}
            note = ", ".join(filter(None, [note, told]))
        day = booking.starts_at.astimezone(self.formats.zone).date()
        return Line(
            title=booking.item.name,
            note=note,
            when=f"{starts}, {self.formats.clock(booking.starts_at)}",
            tone=tone,
            icon=icon,
            state=state,
            url=f"{reverse('office:visits')}?day={day.isoformat()}",
        )

    def _booking_state(self, booking: Booking) -> tuple[str, str, str]:
        """Tone, icon and word; a visit that is over says what became of it."""
        state = Booking.State(booking.state)
        if state is Booking.State.BOOKED and booking.ends_at <= self.at:
            if booking.credited_operation:
                return "good", "check", _("Credited")
            return "", "clock", _("Ended")
        return *BOOKING_TONES[state], booking.get_state_display()

    def _gift_card(self, card: GiftCard) -> Line:
        ends = card.valid_until
        left = card.account.balance
        when = _("without end")
        if ends is not None:
            when = _("until %(day)s") % {"day": self.formats.day(self.formats.last_day(ends))}
        is_over = ends is not None and ends <= self.at
        is_usable = card.state == GiftCard.State.ACTIVE and left > 0 and not is_over
        state = _("Expired") if is_over else card.get_state_display()
        said = {"left": self.formats.money(left), "of": self.formats.money(card.issued_minor)}
        return Line(
            title=f"···· {card.last_four}",
            note=_("%(left)s of %(of)s left") % said,
            when=when,
            tone="good" if is_usable else "",
            icon="gift" if is_usable else "x",
            state=state if is_usable or left else _("Used up"),
            id=str(card.pk),
            can_undo=undoing(card, self.formats, at=self.at) is not None,
        )


def _contact(contact: Contact) -> ContactRow:
    is_phone = contact.kind == Contact.Kind.PHONE
    return ContactRow(
        id=str(contact.pk),
        icon="phone" if is_phone else "mail",
        label=contact.get_kind_display(),
        value=readable_phone(contact.value) if is_phone else contact.value,
    )
