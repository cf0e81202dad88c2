"""Fills what pages show of an account: what the report found, formatted for the reader."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.domain.days import day_of
from regulars.domain.levels import Progress, is_met
from regulars.domain.lots import Lot
from regulars.domain.terms import Level
from regulars.reports import account_pages as pages
from regulars.reports.entries import Teller, Told
from regulars.reports.history import Cut, Key
from regulars.reports.membership import Approach, Held, Membership

SOON_DAYS = 30
"""Points that expire within so many days are pointed out."""


def cut_of(asked: Mapping[str, str]) -> Cut:
    """Which part of the history an address asks for.

    Raises Http404 for one that was not made here.
    """
    if "after" in asked:
        return Cut(after=_key(asked["after"]))
    return Cut(before=_key(asked["before"])) if "before" in asked else Cut()


def _cursor(key: Key) -> str:
    at, row_id = key
    microseconds = (at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(microseconds.to_bytes(8, "big") + row_id.bytes).decode()


def _key(cursor: str) -> Key:
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int.from_bytes(raw[:8], "big"))
        return at, UUID(bytes=raw[8:])
    except (binascii.Error, OverflowError, ValueError) as problem:
        raise Http404 from problem


@dataclass(frozen=True, slots=True)
class Filling:
    """One account being shown."""

    business: Business
    membership: Membership
    formats: Formats

    @property
    def teller(self) -> Teller:
        seen = self.membership
        return Teller(self.business, self.formats, seen.terms, seen.versions, seen.at)

    def account(self) -> pages.Account:
        """Everything that is shown of it."""
        seen = self.membership
        return pages.Account(
            to_come=self._next_day(seen, is_pending=True),
            expiring=self._next_day(seen, is_pending=False),
            progress=self._progress(seen.next) if seen.next else None,
            lots=tuple(self._lot(held) for held in seen.lots),
            history=tuple(
                self._entry(told)
                for event in seen.history.events
                for told in self.teller.tell(event)
            ),
            pager=self._pager(),
        )

    def _next_day(self, seen: Membership, *, is_pending: bool) -> pages.Soon | None:
        """The next day on which points come, or on which they expire before long."""
        by_day: dict[date, int] = {}
        for lot in seen.standing.lots:
            day = self._comes_on(lot) if is_pending else self._expires_on(lot)
            if day is not None:
                by_day[day] = by_day.get(day, 0) + lot.points_left
        if not by_day:
            return None
        day = min(by_day)
        formats = self.formats
        return pages.Soon(formats.number(by_day[day]), formats.day(day), formats.relative(day))

    def _comes_on(self, lot: Lot) -> date | None:
        is_pending = lot.is_pending(self.membership.at)
        return day_of(lot.usable_from, self.formats.zone) if is_pending else None

    def _expires_on(self, lot: Lot) -> date | None:
        """The last day of a lot that can be used now and expires before long."""
        if not lot.is_live(self.membership.at) or lot.usable_until is None:
            return None
        last = self.formats.last_day(lot.usable_until)
        return last if (last - self.formats.today).days <= SOON_DAYS else None

    def _lot(self, held: Held) -> pages.Lot:
        lot, formats = held.lot, self.formats
        comes = self._comes_on(lot)
        last = formats.last_day(lot.usable_until) if lot.usable_until else None
        next_day = comes or last
        return pages.Lot(
            left=formats.number(lot.points_left),
            issued=formats.number(held.amount),
            source=self.teller.source_of(held.origin, held.sold, held.booked),
            received=formats.day_at(held.came_at),
            usable_from=formats.day(comes) if comes else None,
            until=formats.day(last) if last else None,
            relative=formats.relative(next_day) if next_day else "",
            soon=self._expires_on(lot) is not None,
        )

    def _entry(self, told: Told) -> pages.Entry:
        points = self.formats.signed(told.points) if told.points is not None else ""
        return pages.Entry(
            title=told.title,
            note=told.note,
            points=points,
            when=self.formats.day_at(told.at),
            gained=bool(told.points and told.points > 0 and not told.is_to_come),
            waiting=told.is_to_come,
            badge=_badge(told),
            details=tuple(
                pages.Detail(because.label, because.text, because.points)
                for because in told.details
            ),
        )

    def _pager(self) -> pages.Pager | None:
        part = self.membership.history
        if not part.events or not (part.has_newer or part.has_older):
            return None
        newest, oldest = part.events[0], part.events[-1]
        days = self.formats.day_at(newest.at), self.formats.day_at(oldest.at)
        return pages.Pager(
            label=days[0] if days[0] == days[1] else " \N{EN DASH} ".join(reversed(days)),
            prev_url=f"?after={_cursor(newest.key)}#history" if part.has_newer else "",
            next_url=f"?before={_cursor(oldest.key)}#history" if part.has_older else "",
        )

    def _progress(self, approach: Approach) -> pages.Progress:
        """The way to the next level; where there are two, the one that is nearer its end."""
        level, progress = approach.level, approach.progress
        ways = [way for way in (self._by_visits(approach), self._by_spending(approach)) if way]
        nearer = max(ways, key=lambda way: way.done / way.of)
        main = nearer if not level.asks_for_both else min(ways, key=lambda way: way.done / way.of)
        other = [way.rest for way in ways if way is not main]
        notes = [main.within]
        if other:
            text = _("And %(rest)s.") if level.asks_for_both else _("Or %(rest)s.")
            notes.append(text % {"rest": other[0]})
        notes += self._of_it(level, progress)
        if is_met(level, progress, self.membership.standing.group_ids):
            title = _("%(level)s with the next purchase") % {"level": level.name}
            return pages.Progress(title, main.done, main.of, "")
        return pages.Progress(main.title, main.done, main.of, " ".join(notes))

    def _by_visits(self, approach: Approach) -> "_Way | None":
        level, progress = approach.level, approach.progress
        if not level.asks_visits:
            return None
        missing = max(level.visits - progress.visits, 0)
        said = {"count": self.formats.number(missing), "level": level.name}
        return _Way(
            title=ngettext(
                "%(count)s more visit to %(level)s", "%(count)s more visits to %(level)s", missing
            )
            % said,
            rest=ngettext("come %(count)s more time", "come %(count)s more times", missing) % said,
            within=self._within(level.visit_days),
            done=min(progress.visits, level.visits),
            of=level.visits,
        )

    def _by_spending(self, approach: Approach) -> "_Way | None":
        level, progress = approach.level, approach.progress
        if not level.asks_spending:
            return None
        missing = max(level.spend_minor - progress.total_minor, 0)
        said = {"sum": self.formats.round_money(missing), "level": level.name}
        return _Way(
            title=_("%(sum)s more to %(level)s") % said,
            rest=_("spend %(sum)s more") % said,
            within=self._within(level.spend_days),
            done=max(min(progress.total_minor, level.spend_minor), 0),
            of=level.spend_minor,
        )

    def _of_it(self, level: Level, progress: Progress) -> Iterable[str]:
        """What of the sum has to be spent on what, as far as it has not been yet."""
        products = level.spend_products_minor - progress.products_minor
        tickets = level.spend_tickets_minor - progress.tickets_minor
        if products > 0:
            yield _("%(sum)s of it on products.") % {"sum": self.formats.round_money(products)}
        if tickets > 0:
            yield _("%(sum)s of it on tickets.") % {"sum": self.formats.round_money(tickets)}

    def _within(self, days: int) -> str:
        text = ngettext("Within %(days)s day.", "Within %(days)s days.", days)
        return text % {"days": self.formats.number(days)}


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to a level: by visits, or by spending."""

    title: str
    rest: str
    within: str
    done: int
    of: int


def in_groups(number: str) -> str:
    """A card number as people read it aloud: four by four."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _badge(told: Told) -> pages.Badge | None:
    if told.is_to_come:
        return pages.Badge(_("To come"), "clock")
    if told.new_level is None:
        return None
    if told.new_level:
        return pages.Badge(_("New level"), "star", "accent")
    return pages.Badge(_("One level down"), "arrow-down")
