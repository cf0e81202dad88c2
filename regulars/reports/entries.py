"""The events of a history in words: title, note, points, and line by line why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.domain.terms import Kind, Level, Terms
from regulars.ledger.models import Draw, Lot, Operation
from regulars.members.models import LevelChange
from regulars.reports import wording
from regulars.reports.history import LEVEL, Event, Gain, Sold

_AFTER = (Draw.Reason.TAKEN_BACK, Draw.Reason.OWED, Draw.Reason.BURN)
"""What takes points after an operation has given some; all else takes them before."""

_WENT = {
    Draw.Reason.ADJUST: gettext_lazy("Taken off by %(business)s"),
    Draw.Reason.CARRY_OVER: gettext_lazy("Moved to another programme"),
}
"""What is said of points that went, whatever the operation is called."""


@dataclass(frozen=True, slots=True)
class Because:
    """One line of an explanation."""

    label: str
    text: str
    points: str


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history, ready to be read."""

    title: str
    note: str
    at: datetime
    points: int | None = None
    """None where no points moved."""
    is_to_come: bool = False
    new_level: bool | None = None
    """Up; False = down; None = it is not about a level."""
    details: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts events into words, for one reader of one business, at one instant."""

    business: Business
    formats: Formats
    terms: Terms
    versions: Sequence[Terms]
    at: datetime

    def tell(self, event: Event) -> list[Told]:
        """The lines of one event, the last one to happen on top."""
        if event.kind == LEVEL:
            return [self._level(event)]
        if event.kind == Operation.Kind.MERGE:
            return self._merged(event)
        lines = [
            *self._taken(event, after=False),
            *self._returned(event),
            *self._came(event),
            *self._taken(event, after=True),
        ]
        return list(reversed(lines)) or [self._nothing_moved(event)]

    def title_of(self, sold: Sequence[Sold]) -> str:
        """What was bought: up to two things by name, more by their kinds: "Bar and a ticket"."""
        names = list(dict.fromkeys(line.name for line in sold))
        if not names:
            return str(wording.KINDS[Operation.Kind.SALE])
        said = names if len(names) <= 2 else self._kinds(sold)
        return _capital(self.formats.together(said))

    def source_of(self, origin: str, sold: Sequence[Sold], booked: str) -> str:
        """Where points came from: what was bought or booked, or else how they came."""
        if origin == Lot.Origin.SALE and sold:
            return self.title_of(sold)
        return booked or str(wording.ORIGINS[origin]) % {"business": self.business.name}

    def _kinds(self, sold: Sequence[Sold]) -> list[str]:
        counted: dict[str, int] = {}
        for line in sold:
            counted[line.kind] = counted.get(line.kind, 0) + line.quantity
        is_cinema = self.business.kind == Business.Kind.CINEMA
        return [_several(kind, number, bar=is_cinema) for kind, number in counted.items()]

    def _came(self, event: Event) -> list[Told]:
        return [
            self._gain(event, gain) for gain in event.gains if gain.origin != Lot.Origin.RETURNED
        ]

    def _gain(self, event: Event, gain: Gain) -> Told:
        lines = _lines(event)
        told = Told(
            title=self.source_of(gain.origin, event.sold, event.booked),
            note=event.note,
            at=event.at,
            points=gain.points,
            is_to_come=gain.usable_from > self.at,
        )
        if gain.origin == Lot.Origin.SALE and lines:
            note = wording.earned(lines, self.formats)
            return replace(told, note=note, details=self._details(event, lines, gain.points))
        if gain.origin == Lot.Origin.BOOKING:
            details = self._details_of_visit(event, gain.points)
            return replace(told, note=_("For a visit that has ended"), details=details)
        return told if event.note else replace(told, note=self._until(gain))

    def _until(self, gain: Gain) -> str:
        if gain.usable_until is None:
            return _("Usable always")
        day = self.formats.day(self.formats.last_day(gain.usable_until))
        return _("Usable until %(day)s") % {"day": day}

    def _details(
        self, event: Event, lines: Sequence[wording.Line], points: int
    ) -> tuple[Because, ...]:
        """Line by line what was earned and why; the sum is rounded down once."""
        if len(lines) != len(event.sold):
            return ()
        details = [
            self._because(_named(sold), line) for sold, line in zip(event.sold, lines, strict=True)
        ]
        return (*details, *self._rounded(lines, points))

    def _details_of_visit(self, event: Event, points: int) -> tuple[Because, ...]:
        """By which rule a visit earned; nothing of one credited before that was noted."""
        visit = (event.explanation or {}).get("visit")
        if not isinstance(visit, Mapping) or "charged" not in visit:
            return ()
        return (self._because(event.booked, visit), *self._rounded([visit], points))

    def _because(self, name: str, line: wording.Line) -> Because:
        """What a thing that was charged so much earned, and by which rule."""
        formats = self.formats
        return Because(
            f"{name}, {formats.money(line['charged'])}",
            wording.why(line, formats),
            formats.exact(wording.exact_of(line)),
        )

    def _rounded(self, lines: Sequence[wording.Line], points: int) -> tuple[Because, ...]:
        """What lines earned together, where that was rounded."""
        exact = wording.sum_of(lines)
        if exact.denominator == 1:
            return ()
        text = _("%(sum)s, rounded down once") % {"sum": self.formats.exact(exact)}
        return (Because(_("Together"), text, self.formats.number(points)),)

    def _returned(self, event: Event) -> list[Told]:
        renewed = sum(g.points for g in event.gains if g.origin == Lot.Origin.RETURNED)
        points = renewed - (event.draws or {}).get(Draw.Reason.RETURNED, 0)
        if not points:
            return []
        title = _("%(unit)s given back") % {"unit": _capital(self.formats.unit_many)}
        note = self.title_of(event.sold) if event.sold else ""
        if event.kind == Operation.Kind.GIFT_CARD_REVERSAL:
            note = str(wording.KINDS[event.kind])
        if renewed:
            note = _("%(points)s had expired and are new") % {
                "points": self.formats.points(renewed)
            }
        return [Told(title, note, event.at, points)]

    def _taken(self, event: Event, *, after: bool) -> list[Told]:
        """Points that went: what was spent, or what went ``after`` others had come."""
        taken = (
            (reason, n)
            for reason, n in (event.draws or {}).items()
            if n > 0 and (reason in _AFTER) == after
        )
        return [Told(*self._reason(reason, event), event.at, -n) for reason, n in taken]

    def _reason(self, reason: str, event: Event) -> tuple[str, str]:
        """Title and note of points that went."""
        said = {"unit": self.formats.unit_many, "business": self.business.name}
        title, note = str(wording.KINDS[event.kind]), event.note
        match reason:
            case Draw.Reason.PAYMENT:
                title, note = _("Paid with %(unit)s") % said, self._paid(event)
            case Draw.Reason.REWARD:
                title, note = self._reward(event)
            case Draw.Reason.GIFT_CARD:
                note = self.formats.money((event.explanation or {})["value"])
            case Draw.Reason.BURN:
                note = _("Not used in time")
            case Draw.Reason.ADJUST | Draw.Reason.CARRY_OVER:
                title = str(_WENT[Draw.Reason(reason)]) % said
            case Draw.Reason.TAKEN_BACK:
                title, note = self._taken_back(event)
            case Draw.Reason.OWED:
                title, note = _("Settled what was owed"), _("From what came in just now")
        return title, note

    def _paid(self, event: Event) -> str:
        sale = (event.explanation or {}).get("sale")
        value = self.terms.point_value_minor
        points = (event.draws or {}).get(Draw.Reason.PAYMENT, 0)
        if not isinstance(sale, Mapping) or not value:
            return self.title_of(event.sold)
        said = {
            "part": self.formats.money(points * value),
            "whole": self.formats.money(sale["charged"]),
        }
        return _("%(part)s of %(whole)s") % said

    def _reward(self, event: Event) -> tuple[str, str]:
        names = [line.name for line in event.sold if line.reward_points]
        what = self.formats.together(names) if names else event.booked
        title = str(wording.KINDS[Operation.Kind.REWARD])
        return (what or title), (title if what else event.note)

    def _taken_back(self, event: Event) -> tuple[str, str]:
        told = event.explanation or {}
        back = told.get("refund") or told.get("visit") or {}
        title = str(wording.KINDS[event.kind])
        if event.sold or event.booked:
            title = f"{title}: {event.booked or self.title_of(event.sold)}"
        if back.get("owed"):
            owed = self.formats.points(back["owed"])
            return title, _("What it had earned; %(owed)s were missing") % {"owed": owed}
        return title, _("What it had earned")

    def _nothing_moved(self, event: Event) -> Told:
        """An operation that moved no points: why, or that something is still to come."""
        title = str(wording.KINDS[event.kind])
        if event.kind == Operation.Kind.ENROL:
            welcome = _("Welcome to %(business)s") % {"business": self.business.name}
            return Told(title, welcome, event.at)
        if event.sold and event.kind in {Operation.Kind.SALE, Operation.Kind.PAYMENT}:
            title = self.title_of(event.sold)
        elif event.sold:
            title = f"{title}: {self.title_of(event.sold)}"
        return Told(title, event.note or self._why_nothing(event), event.at)

    def _why_nothing(self, event: Event) -> str:
        told = event.explanation or {}
        sale, lines, refund = told.get("sale"), _lines(event), told.get("refund")
        if isinstance(sale, Mapping) and sale["to_pay"]:
            rest = self.formats.money(sale["to_pay"])
            return _("%(rest)s are still to pay") % {"rest": rest}
        if refund and refund["owed"]:
            owed = self.formats.points(refund["owed"])
            return _("%(owed)s that it had earned are owed") % {"owed": owed}
        if lines and event.kind in {Operation.Kind.SALE, Operation.Kind.PAYMENT}:
            return wording.earned(lines, self.formats)
        return ""

    def _merged(self, event: Event) -> list[Told]:
        """With whom; the points that came over, or that went, and what they settled.

        Within one programme the history of both is one, and has told those points already: they
        are said, and not counted again.
        """
        went = (event.draws or {}).get(Draw.Reason.CARRY_OVER, 0)
        if event.explanation and "merged_into" in event.explanation:
            title = str(wording.KINDS[event.kind])
            return [Told(title, event.note, event.at, -went if went else None)]
        title = _("Merged with %(name)s") % {"name": event.merged or _("another customer")}
        came = sum(gain.points for gain in event.gains)
        note = ""
        if came:
            note = _("%(points)s came along") % {"points": self.formats.points(came)}
        at_a_rate = bool((event.explanation or {}).get("rate"))
        told = Told(title, note, event.at, came if came and at_a_rate else None)
        return [*self._taken(event, after=True), told]

    def _level(self, event: Event) -> Told:
        known = {level.id: level for terms in self.versions for level in terms.levels}
        new, old = known.get(_id(event.to_level)), known.get(_id(event.from_level))
        is_up = new is not None and (old is None or new.priority > old.priority)
        why = self._why_level(event.why, (new if is_up else old) or self.terms.lowest)
        return Told(new.name if new else "", why, event.at, new_level=is_up)

    def _why_level(self, why: str, level: Level) -> str:
        """``level`` is the one that was reached, or the one that was lost."""
        visits = ngettext("%(count)s visit", "%(count)s visits", level.visits)
        days = ngettext("%(days)s day", "%(days)s days", level.visit_days)
        said = {
            "visits": visits % {"count": self.formats.number(level.visits)},
            "days": days % {"days": self.formats.number(level.visit_days)},
            "sum": self.formats.round_money(level.spend_minor),
        }
        words = {
            LevelChange.Why.JOINED: _("Joined"),
            LevelChange.Why.SPENDING: _("%(sum)s spent") % said,
            LevelChange.Why.VISITS: _("%(visits)s in %(days)s") % said,
            LevelChange.Why.ABSENCE: _("No visit in %(days)s") % said,
            LevelChange.Why.REFUND: _("A purchase was refunded"),
            LevelChange.Why.GROUP: _("By customer group"),
            LevelChange.Why.MOVED: _("From another programme"),
            LevelChange.Why.MERGED: _("Held by the customer merged with"),
        }
        return words[LevelChange.Why(why)]


def _lines(event: Event) -> Sequence[wording.Line]:
    """What each line earned and why, of an operation that sold something."""
    told = event.explanation or {}
    return told.get("lines") or () if isinstance(told.get("sale"), Mapping) else ()


def _named(sold: Sold) -> str:
    return (
        sold.name if sold.quantity == 1 else f"{sold.quantity} \N{MULTIPLICATION SIGN} {sold.name}"
    )


def _several(kind: str, number: int, *, bar: bool) -> str:
    """Some things of one kind, by its name; what a cinema sells beside tickets is its bar."""
    texts = {
        Kind.SERVICE: ngettext("a service", "%(number)s services", number),
        Kind.CLASS: ngettext("a class", "%(number)s classes", number),
        Kind.PRODUCT: ngettext("a product", "%(number)s products", number),
        Kind.TICKET: ngettext("a ticket", "%(number)s tickets", number),
        Kind.GIFT_CARD: ngettext("a gift card", "%(number)s gift cards", number),
        Kind.TIP: _("a tip"),
    }
    if bar and kind == Kind.PRODUCT:
        return _("bar")
    return texts[Kind(kind)] % {"number": number}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _id(level_id: UUID | None) -> UUID:
    return level_id or UUID(int=0)
