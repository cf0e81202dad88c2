"""A gift card as the office's list and page say it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.business.formats import MINUS, Formats
from regulars.giftcards.models import GiftCard
from regulars.ledger.models import Operation
from regulars.reports.held_gift_cards import Happened
from regulars.reports.wording import KINDS

STATES = {
    GiftCard.State.INACTIVE: (gettext_lazy("Waits to be paid"), "warn", "clock"),
    GiftCard.State.ACTIVE: (gettext_lazy("Active"), "good", "check"),
    GiftCard.State.BLOCKED: (gettext_lazy("Blocked"), "bad", "ban"),
    GiftCard.State.CLOSED: (gettext_lazy("Closed"), "", "x"),
}
"""Word, tone and icon."""


@dataclass(frozen=True, slots=True)
class CardRow:
    """A gift card in the list."""

    id: str
    ending: str
    kind: str
    owner: str
    owner_id: str
    left: str
    of: str
    issued: str
    until: str
    state: tuple[object, str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened with a card."""

    title: str
    when: str
    amount: str
    """With a sign; empty where nothing moved."""


def row_of(card: GiftCard, formats: Formats, *, at: datetime) -> CardRow:
    """``card`` comes with its account, kind and owner."""
    until = card.valid_until
    return CardRow(
        id=str(card.pk),
        ending=card.last_four,
        kind=card.kind.name if card.kind else _("Issued by staff"),
        owner=(card.owner.name or _("Without a name")) if card.owner else "",
        owner_id=str(card.owner_id or ""),
        left=formats.money(card.account.balance),
        of=formats.money(card.issued_minor),
        issued=formats.day_at(card.issued_at),
        until=formats.day(formats.last_day(until)) if until else _("without end"),
        state=state_of(card, at=at),
    )


def state_of(card: GiftCard, *, at: datetime) -> tuple[object, str, str]:
    """Expired and used up are no states of the books, but what a reader wants to know."""
    if card.state == GiftCard.State.ACTIVE:
        if card.valid_until is not None and card.valid_until <= at:
            return _("Expired"), "warn", "calendar-x"
        if not card.account.balance:
            return _("Used up"), "", "check-check"
    return STATES[GiftCard.State(card.state)]


SOLD = gettext_lazy("Sold")
CAME = {
    Operation.Kind.SALE: SOLD,
    Operation.Kind.PAYMENT: SOLD,
    Operation.Kind.GIFT_CARD_ISSUE: gettext_lazy("Issued"),
    Operation.Kind.REFUND: gettext_lazy("Given back to it"),
    Operation.Kind.VOID: gettext_lazy("Given back to it"),
}
"""What put money on a card."""
WENT = {
    Operation.Kind.SALE: gettext_lazy("Paid with it"),
    Operation.Kind.PAYMENT: gettext_lazy("Paid with it"),
    Operation.Kind.REFUND: gettext_lazy("Its price was refunded"),
    Operation.Kind.GIFT_CARD_REVERSAL: gettext_lazy("Given back for what it took"),
}
"""What took money off it."""


def _title(happened: Happened) -> str:
    titles = CAME if happened.amount_minor > 0 else WENT if happened.amount_minor < 0 else {}
    kind = Operation.Kind(happened.kind)
    return str(titles.get(kind) or KINDS.get(kind, kind.label))


def step_of(happened: Happened, formats: Formats) -> Step:
    amount = happened.amount_minor
    sign = MINUS if amount < 0 else "+"
    return Step(
        title=_title(happened),
        when=f"{formats.day_at(happened.at)}, {formats.clock(happened.at)}",
        amount=f"{sign}{formats.money(abs(amount))}" if amount else "",
    )
