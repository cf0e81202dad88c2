"""What a refund gives and takes, in words: the same before it is confirmed and afterwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.actions.sales.refund_orders import MoneyBack, RefundOutcome
from regulars.business.formats import MINUS, Formats
from regulars.business.models import Method
from regulars.domain.terms import Terms
from regulars.sales.queries import SaleFacts

WAYS_BACK: Mapping[str, tuple[Promise, str]] = {
    Method.CASH: (gettext_lazy("Cash, out of the drawer"), "banknote"),
    Method.CARD: (gettext_lazy("Back to the bank card"), "credit-card"),
    Method.GIFT_CARD: (gettext_lazy("Back to the gift card"), "gift"),
    Method.TRANSFER: (gettext_lazy("By transfer"), "landmark"),
    Method.ONLINE: (gettext_lazy("Back online, as it was paid"), "globe"),
}
"""How money goes back, by how it came, and its sign."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that a refund moves."""

    icon: str
    label: str
    amount: str
    note: str = ""
    tone: str = ""
    """good or warn."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts what refunds of one sale do into words."""

    formats: Formats
    last_four: Mapping[UUID, str]
    """Of the gift cards that paid, and of those that were bought."""
    terms: Terms | None
    """Of the sale's day; None where nobody is known."""
    points_paid: int = 0

    def tell(self, outcome: RefundOutcome) -> tuple[Moved, ...]:
        """Money first, then points, then the level."""
        return (
            *(self._money(back) for back in outcome.back),
            *(self._closed(card_id) for card_id in outcome.closed),
            *self._returned(outcome),
            *self._taken(outcome),
            *self._level(outcome),
        )

    def tell_ending(
        self, sale: SaleFacts, *, keeps_deposits: bool, at: datetime
    ) -> tuple[Moved, ...]:
        """What goes back when an open sale is closed: payments, points, the coupon's use."""
        formats = self.formats
        going = [p for p in sale.payments if p.amount_minor and p.method != Method.POINTS]
        going = [p for p in going if not (keeps_deposits and p.is_deposit)]
        backs = [MoneyBack(p.method, p.amount_minor, p.gift_card_id) for p in going]
        moved = [self._money(back) for back in backs]
        drawn = [*sale.drawn, *sale.drawn_for_rewards]
        points = sum(taken for _lot, taken in drawn)
        if points:
            expired = sum(taken for lot, taken in drawn if lot.has_expired(at))
            said = self._said | {"points": formats.points(expired)}
            note = _("%(points)s of it had expired, and come back as new ones") % said
            label = _("%(Unit)s back to the account") % said
            amount = formats.signed(points)
            moved.append(Moved("undo-2", label, amount, note if expired else "", "good"))
        if keeps_deposits:
            kept = sum(p.amount_minor for p in sale.payments if p.is_deposit)
            text = _("It stays here; nothing is earned")
            moved.append(Moved("hand-coins", _("Deposit"), formats.money(kept), text))
        elif sale.coupon_id is not None:
            moved.append(Moved("ticket-percent", _("The coupon can be used again"), ""))
        return tuple(moved)

    @property
    def _said(self) -> dict[str, str]:
        unit = self.formats.unit_many
        return {"unit": unit, "Unit": unit[:1].upper() + unit[1:]}

    def _money(self, back: MoneyBack) -> Moved:
        label, icon = WAYS_BACK[back.method]
        said, note = str(label), ""
        if back.gift_card_id is not None:
            said = f"{said} ···{self.last_four.get(back.gift_card_id, '')}"
        if back.reopened and back.until:
            day = self.formats.day(self.formats.last_day(back.until))
            note = _("It can be used again, until %(day)s") % {"day": day}
        elif back.reopened:
            note = _("It can be used again, without end")
        return Moved(icon, said, self.formats.money(back.amount_minor), note)

    def _closed(self, card_id: UUID) -> Moved:
        label = _("Gift card ···%(last)s") % {"last": self.last_four.get(card_id, "")}
        note = _("Nothing can be paid with it any more")
        return Moved("gift", label, _("Closed"), note, "warn")

    def _returned(self, outcome: RefundOutcome) -> Iterator[Moved]:
        formats, note = self.formats, ""
        said = self._said
        if outcome.renewed:
            said["points"] = formats.points(outcome.renewed)
            until = outcome.renewed_until
            said["day"] = formats.day(formats.last_day(until)) if until else "?"
            note = _("%(points)s of it had expired; usable again until %(day)s") % said
        if outcome.points_returned:
            amount = formats.signed(outcome.points_returned)
            label = _("%(Unit)s that paid, back to the account") % said
            yield Moved("undo-2", label, amount, note, "good")
            note = ""
        elif self.points_paid and self.terms and not self.terms.refund_returns_points:
            label = _("%(Unit)s that paid stay spent") % said
            text = _("The programme gives none back for refunds")
            yield Moved("info", label, formats.number(0), text)
        if outcome.rewards_returned:
            amount = formats.signed(outcome.rewards_returned)
            label = _("%(Unit)s of the reward, back to the account") % said
            yield Moved("undo-2", label, amount, note, "good")
        if outcome.settled_owed:
            amount = f"{MINUS}{formats.number(outcome.settled_owed)}"
            yield Moved("scale", _("Settles what was owed"), amount)

    def _taken(self, outcome: RefundOutcome) -> Iterator[Moved]:
        formats = self.formats
        if outcome.taken_back:
            note = ""
            if outcome.burned:
                said = {"points": formats.points(outcome.burned)}
                note = _("%(points)s of it had burned unused, and count") % said
            amount = f"{MINUS}{formats.number(outcome.taken_back)}"
            label = _("%(Unit)s that it earned, taken back") % self._said
            yield Moved("minus", label, amount, note, "warn")
        if outcome.owed:
            note = _("Missing on the account; settled by what comes next, and blocks nothing")
            yield Moved("scale", _("Of these, owed"), formats.points(outcome.owed), note, "warn")

    def _level(self, outcome: RefundOutcome) -> Iterator[Moved]:
        if outcome.level_from is None or self.terms is None:
            return
        names = {level.id: level.name for level in self.terms.levels}
        said = {
            "old": names.get(outcome.level_from, "?"),
            "new": names.get(outcome.level_to or outcome.level_from, "?"),
        }
        text = _("This purchase had raised it")
        yield Moved("star", _("Level"), _("%(old)s to %(new)s") % said, text, "warn")
