"""People who become members during a sale, and accounts that are activated there (C4, C6, C19)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from regulars.actions.members.activation import activate
from regulars.actions.members.enrolment import EnrolOrder, enrol
from regulars.actions.members.newcomers import read_programme
from regulars.actions.members.passcodes import activate_with_code, send_activation_code
from regulars.actions.requests import Request
from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.domain.cards import normalise_number
from regulars.domain.errors import EnrolmentRefused, Refusal
from regulars.domain.joining import ConfirmBy, How, WhyNot
from regulars.domain.passcodes import DIGITS, MOST_TRIES, normalise_passcode
from regulars.members.contacts import is_assigned, normalise_email, normalise_phone, region_of
from regulars.members.models import ActivationCode, Contact, Member
from regulars.notices.models import Message
from regulars.reports.finding import State, mistyped
from regulars.reports.panel import Panel
from regulars.till import pages
from regulars.till.basket import BadBasketError
from regulars.till.scanning import scan
from regulars.till.selling import Selling

LEAST_CARD = 8
"""Digits from which on a number that no phone has is a card's."""

SURELY_CARD = 12
"""Digits from which on a number is a card's, unless it begins as one that is dialled."""

_ONLY_DIGITS = re.compile(r"\d+")


class Typed(StrEnum):
    """What a text by which nobody is known may be."""

    PHONE = "phone"
    EMAIL = "email"
    CARD = "card_number"
    NAME = "name"


def typed_as(business: Business, text: str) -> Typed:
    """What somebody may have meant; digits alone that no phone has are a card's number."""
    if "@" in text:
        return Typed.EMAIL if _fits(normalise_email, text) else Typed.NAME
    region = region_of(business.zone)
    if _fits(normalise_phone, text, region) and not _is_rather_a_card(text, region):
        return Typed.PHONE
    has_digits = any(letter.isdecimal() for letter in text)
    return Typed.CARD if has_digits and _fits(normalise_number, text) else Typed.NAME


def _is_rather_a_card(text: str, region: str | None) -> bool:
    if text.startswith("0") or not _ONLY_DIGITS.fullmatch(text):
        return False
    return len(text) >= SURELY_CARD or (len(text) >= LEAST_CARD and not is_assigned(text, region))


def _fits(normalise: Callable[..., str], *texts: str | None) -> bool:
    try:
        normalise(*texts)
    except EnrolmentRefused:
        return False
    return True


def nobody_page(selling: Selling) -> pages.Nobody | None:
    """What can be done about a text by which nobody is known."""
    text, programme = selling.nobody_is, selling.shift.programme
    if not text:
        return None
    typed, can_join = typed_as(selling.shift.business, text), joins_here(selling)
    is_contact = typed in {Typed.PHONE, Typed.EMAIL}
    titles = {
        Typed.CARD: _("No card and no item has the number %(text)s."),
        Typed.NAME: _("Nobody and nothing is found by “%(text)s”."),
    }
    title = titles.get(typed, _("Nobody is registered under %(text)s."))
    points = programme.welcome_points if programme and can_join else 0
    return pages.Nobody(
        text=text,
        title=title % {"text": text},
        verb=f"enrol:{text}" if is_contact and can_join else "",
        note=mistyped(text) or _what_now(selling, points, is_contact=is_contact),
        can_register=can_join,
    )


def _what_now(selling: Selling, points: int, *, is_contact: bool) -> str:
    """What somebody new gets; where nobody can join, or by no contact, what to do first."""
    if not joins_here(selling):
        return _("Check it. New members do not join at this till.")
    if not is_contact:
        return _("Check it, or ask for a phone number or e-mail.")
    said = {"points": selling.formats.points(points)}
    return _("%(points)s to start with.") % said if points else ""


def joins_here(selling: Selling) -> bool:
    programme = selling.shift.programme
    return programme is not None and programme.joins_at_till


def enrol_typed(selling: Selling, text: str) -> None:
    """Register whoever a phone number or an e-mail address belongs to, by it alone (C4).

    Sent twice it is one member: the request's id follows from the basket's. Whoever was
    registered meanwhile at another till is simply taken.

    Raises EnrolmentRefused.
    """
    text = text.strip()
    typed = typed_as(selling.shift.business, text)
    if typed not in {Typed.PHONE, Typed.EMAIL}:
        raise EnrolmentRefused(WhyNot.NOBODY)
    order = EnrolOrder(_programme_id(selling), How.TILL, **{typed: text})  # type: ignore[arg-type]
    try:
        _enrol(selling, order, f"enrol {text}")
    except EnrolmentRefused as refusal:
        if refusal.why != WhyNot.CONTACT_TAKEN:
            raise
        scan(selling, text)


def open_account(selling: Selling, customer_id: UUID) -> None:
    """Make a member of somebody whom the business knows already.

    Raises NotFound, EnrolmentRefused.
    """
    order = EnrolOrder(_programme_id(selling), How.TILL, customer_id=customer_id)
    try:
        _enrol(selling, order, f"join {customer_id}")
    except EnrolmentRefused as refusal:
        members = Member.objects.filter(customer_id=customer_id, closed_at=None)
        member_id = members.values_list("id", flat=True).first()
        if refusal.why != WhyNot.ALREADY_MEMBER or member_id is None:
            raise
        selling.know(member_id)


def _programme_id(selling: Selling) -> UUID:
    programme = selling.shift.programme
    if programme is None:
        raise EnrolmentRefused(WhyNot.NOT_THIS_WAY)
    return programme.id


def _request(selling: Selling, what: str) -> Request:
    """The same for the same basket and the same press."""
    request_id = uuid5(selling.basket.request_id, what)
    return Request(request_id, selling.at, selling.shift.staff.pk)


def _enrol(selling: Selling, order: EnrolOrder, what: str) -> None:
    done = enrol(selling.shift.business.pk, order, request=_request(selling, what))
    selling.know(done.member_id)
    welcome = Welcome(done.is_active, done.welcome_points, done.message)
    selling.say(welcome.words(selling.formats), "good", "user-check")
    if not done.is_active and done.confirm_by == ConfirmBy.CODE:
        _send_code(selling, done.member_id, _request(selling, f"code {done.member_id}"))


@dataclass(frozen=True, slots=True)
class Welcome:
    """What came of joining or of activation."""

    is_active: bool
    points: int
    message: str
    """The state of the message about the points; empty where there is none."""

    def words(self, formats: Formats) -> str:
        """One to three sentences; also that no message goes out (B3)."""
        if not self.is_active:
            return _("Registered. The account still has to be activated.")
        said = {"points": formats.points(self.points)}
        words = [_("Registered, and active at once.")]
        if self.points:
            words = [_("Active now, with %(points)s to start with.") % said]
        if self.message == Message.State.HELD:
            words.append(_("No message goes out: they have not agreed to any."))
        return " ".join(words)


# Activation


def confirmation(selling: Selling, panel: Panel) -> pages.Confirm | None:
    """How an account that waits for activation becomes active; None where it does not wait."""
    if panel.state is not State.NOT_ACTIVATED:
        return None
    if confirm_by(selling, panel.member_id) != ConfirmBy.CODE:
        return pages.Confirm(by_code=False)
    code = (
        ActivationCode.objects.filter(member_id=panel.member_id, expires_at__gt=selling.at)
        .select_related("contact")
        .order_by("created_at", "id")
        .last()
    )
    whose = panel.whose
    if code is None or code.used_at is not None or code.tries >= MOST_TRIES:
        return pages.Confirm(by_code=True, can_send=bool(whose.phone or whose.email))
    to = whose.phone if code.contact.kind == Contact.Kind.PHONE else whose.email
    said = {"to": to, "time": selling.formats.clock(code.expires_at)}
    note = _("A code is on its way to %(to)s. It holds until %(time)s.") % said
    return pages.Confirm(by_code=True, can_send=True, sent=note)


def confirm_by(selling: Selling, member_id: UUID) -> str:
    """The way in which a member's programme has accounts confirmed."""
    business_id, programme = selling.shift.business.pk, selling.shift.programme
    programme_id = Member.objects.values_list("programme_id", flat=True).get(pk=member_id)
    if programme is not None and programme.id == programme_id:
        return programme.confirm_by
    return read_programme(business_id, programme_id, at=selling.at).confirm_by


def activate_here(selling: Selling) -> None:
    """Activate the account of who buys, on the spot.

    Raises BadBasketError, NotFound, EnrolmentRefused.
    """
    member_id = _member_id(selling)
    request = _request(selling, f"activate {member_id}")
    done = activate(selling.shift.business.pk, member_id, request=request)
    welcome = Welcome(is_active=True, points=done.welcome_points, message=done.message)
    selling.say(welcome.words(selling.formats), "good", "user-check")


def send_code(selling: Selling, sent: Mapping[str, str]) -> None:
    """Send a code to who buys; the page holds the id of the request, so twice is once.

    Raises BadBasketError, NotFound, EnrolmentRefused, PasscodeRefused.
    """
    try:
        request_id = UUID(sent.get("code-request", ""))
    except ValueError as problem:
        raise BadBasketError from problem
    request = Request(request_id, selling.at, selling.shift.staff.pk)
    send_activation_code(selling.shift.business.pk, _member_id(selling), request=request)


def _send_code(selling: Selling, member_id: UUID, request: Request) -> None:
    """The account is there already, so a code that cannot be sent is only said."""
    try:
        send_activation_code(selling.shift.business.pk, member_id, request=request)
    except Refusal as refusal:
        selling.refuse(refusal)


def tell_code(selling: Selling, code: str) -> None:
    """Activate the account of who buys by the code that they were sent.

    What can be no code costs no try: a scanner that typed into its field is heard as ever.

    Raises BadBasketError, NotFound, EnrolmentRefused, PasscodeRefused.
    """
    member_id, code = _member_id(selling), normalise_passcode(code)
    if len(code) > DIGITS:
        scan(selling, code)
        return
    if len(code) < DIGITS or not code.isdecimal():
        selling.say(_("The code that was sent has six digits. Ask for it, and type it."))
        return
    request = _request(selling, f"code {member_id} {code}")
    done = activate_with_code(selling.shift.business.pk, member_id, code, request=request)
    welcome = Welcome(is_active=True, points=done.welcome_points, message=done.message)
    selling.say(welcome.words(selling.formats), "good", "user-check")


def _member_id(selling: Selling) -> UUID:
    if selling.basket.member_id is None:
        raise BadBasketError
    return selling.basket.member_id
