"""How people become members, and when their account is active (C5, C6, C19)."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from regulars.domain.lots import Window, window_of_credit


class How(StrEnum):
    """A way to become a member."""

    BOOKING = "booking"
    """By booking online."""
    ONLINE = "online"
    """By buying online."""
    TILL = "till"
    STAFF = "staff"


class ConfirmBy(StrEnum):
    """How a waiting account is activated (C19)."""

    CODE = "code"
    """A code is sent to the customer."""
    CASHIER = "cashier"
    """On the spot."""


class WhyNot(StrEnum):
    """Why nobody joins, or nothing is noted of them. The codes are public."""

    NOT_THIS_WAY = "not_this_way"
    """The programme lets nobody join like this (C5)."""
    PROGRAMME_CLOSED = "programme_closed"
    NOBODY = "nobody"
    """No name, contact, card or number to know the customer by."""
    BAD_TEXT = "bad_text"
    """A name or another text is too long."""
    BAD_PHONE = "bad_phone"
    BAD_EMAIL = "bad_email"
    CONTACT_TAKEN = "contact_taken"
    """The phone or e-mail belongs to another open customer (C15)."""
    ALREADY_MEMBER = "already_member"
    """A customer has at most one open account in a business (C15)."""
    NUMBER_TAKEN = "customer_number_taken"
    CARD_TAKEN = "card_taken"
    SECRET_TAKEN = "secret_taken"  # noqa: S105 - a public code, no secret
    NO_CARD = "no_card"
    """There is no card that a secret code could belong to."""
    ALREADY_ACTIVE = "already_active"
    CONFIRMED_BY_CODE = "confirmed_by_code"
    """The programme has accounts activated by a code that is sent, not on the spot (C19)."""
    CONFIRMED_BY_CASHIER = "confirmed_by_cashier"
    """The programme has accounts activated on the spot: no code is sent."""
    NO_CONTACT = "no_contact"
    """There is no phone or e-mail to send a code to."""
    LAST_CONTACT = "last_contact"
    """Customers keep at least one phone or e-mail of theirs, by which they sign in."""
    CLOSED = "closed"
    SAME_PROGRAMME = "same_programme"
    """An account moves to another programme, not to its own (C15)."""
    OPEN_SALES = "open_sales"
    """The account to move has a sale to be paid, in its own programme's points."""


CONFIRMING = (How.BOOKING, How.ONLINE)
"""Ways in which the act itself is the confirmation: never a consent to marketing (C5)."""


def may_join(joins_by: Collection[str], how: How) -> bool:
    """Whether a programme lets people join this way (C5)."""
    return how in joins_by


def is_confirmed_by(how: How, *, needs_confirmation: bool) -> bool:
    """Whether joining this way makes the account active at once (C5, C19).

    Otherwise it waits for activation, and neither earns nor spends until then.
    """
    return not needs_confirmation or how in CONFIRMING


def welcome_window(activated_at: datetime, welcome_days: int, zone: ZoneInfo) -> Window:
    """When the welcome bonus can be used: from activation, up to that day + the days (C6, C19).

    0 days = it never burns.
    """
    return window_of_credit(activated_at, delay_days=0, burn_days=welcome_days, zone=zone)
