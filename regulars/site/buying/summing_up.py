"""Says what is about to be booked and bought, once more, in rows of a word and a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.business.formats import Formats
from regulars.domain.days import day_of
from regulars.domain.terms import Kind
from regulars.reports.offers import Earner
from regulars.reports.wording import EARNS, why
from regulars.site.booking.moments import day_and_time, lasting, whose_time
from regulars.site.buying.selected import Priced, Selected
from regulars.site.home import earner_of

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """ "When": "Tuesday, 24 November, 19:00"."""

    word: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A line of a bill: what, and how much."""

    text: str
    amount: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Earned:
    """What the visit or the purchase will earn, and when."""

    points: str
    note: str


def facts_of_choice(selected: Selected) -> list[Fact]:
    """What is booked, when, and with whom; nothing of the basket, which has its bill."""
    formats, booked = selected.request.formats, selected.booked
    if booked is None:
        return []
    minutes = (booked.ends_at - booked.starts_at) // MINUTE
    facts = [
        Fact(_("What"), booked.item.name),
        Fact(_("When"), day_and_time(booked.starts_at, formats), lasting(minutes)),
    ]
    if booked.whom:
        facts.append(Fact(_("With"), booked.whom))
    if booked.place:
        facts.append(Fact(_("Where"), booked.place))
    if selected.choice.seats > 1:
        facts.append(Fact(_("Seats"), formats.number(selected.choice.seats)))
    return facts


def fact_of_basket(selected: Selected) -> Fact:
    """How much is in it, where its lines are not shown."""
    formats, pieces = selected.request.formats, selected.filled.basket.pieces
    text = ngettext("%(count)s thing", "%(count)s things", pieces)
    said = text % {"count": formats.number(pieces)}
    return Fact(_("Basket"), said, formats.money(selected.filled.sum_minor))


def zone_of(selected: Selected) -> str:
    """Whose clock the time is told by; empty where nothing is booked."""
    request, booked = selected.request, selected.booked
    return whose_time(request.business, booked.starts_at, request.formats) if booked else ""


def bill(selected: Selected, priced: Priced) -> list[Sum]:
    """What is bought now, line by line, and how it is paid."""
    formats, quote = selected.request.formats, priced.quoted.quote
    sums = []
    whys = _whys(selected, priced)
    for line, earning in zip(priced.quoted.basket, whys, strict=True):
        quantity = line.line.quantity
        name = f"{formats.number(quantity)} × {line.name}" if quantity > 1 else line.name  # noqa: RUF001
        was = formats.money(line.line.list_minor) if line.line.is_discounted else ""
        instead = _("instead of %(price)s") % {"price": was} if was else ""
        what = _("Gift card") if line.line.kind is Kind.GIFT_CARD else ""
        note = " · ".join(filter(None, [what, instead, earning]))
        sums.append(Sum(name, formats.money(line.line.charged_minor), note))
    if quote.points:
        text = _("Paid with %(points)s") % {"points": formats.points(quote.points)}
        sums.append(Sum(text, formats.money(-quote.worth_minor)))
    for card, pays in priced.cards:
        text = _("Gift card … %(ending)s") % {"ending": card.last_four}
        sums.append(Sum(text, formats.money(-pays)))
    return sums


def _whys(selected: Selected, priced: Priced) -> list[str]:
    """What makes each line earn what it earns, as at the till; nothing for who is no member."""
    formats, told = selected.request.formats, priced.quoted.lines
    if selected.member_id is None or "loyalty" not in selected.request.on:
        return [""] * len(priced.quoted.basket)
    return [
        _("Earns %(why)s") % {"why": why(line, formats)} if _earns(line) else "" for line in told
    ]


def _earns(line: Mapping[str, Any]) -> bool:
    return line["why"] in EARNS


def earned_by_visit(selected: Selected) -> Earned | None:
    """The points of the visit that is booked, and when they come; None where it earns none (B6)."""
    booked = selected.booked
    if booked is None or selected.draft.how == "reward":
        return None
    earner = earner_of(selected.request)
    if earner is None or not earner.earns_by_visit(booked.item):
        return None
    return coming(earner, selected, selected.request.formats)


def coming(earner: Earner, selected: Selected, formats: Formats) -> Earned | None:
    """The points of a visit that has not been yet."""
    booked = selected.booked
    assert booked is not None, "asked before"
    points = earner.points_of(booked.item, max(booked.ends_at, selected.request.at))
    if not points:
        return None
    since = earner.window(selected.request.business, booked.ends_at).usable_from
    return Earned(formats.points(points), when_it_comes(since, formats))


def when_it_comes(since: datetime, formats: Formats) -> str:
    """ "to come on 24 Nov, about 22:00"."""
    day = day_of(since, formats.zone)
    said = {"day": formats.day(day), "time": formats.clock(since)}
    if day == formats.today:
        return _("to come today, about %(time)s") % said
    return _("to come on %(day)s, about %(time)s") % said


def earned_by_purchase(selected: Selected, priced: Priced) -> Earned | None:
    """The points of what is bought now: a member's by the quote, else those of who joins by it."""
    formats, quote = selected.request.formats, priced.quoted.quote
    points, note = quote.earned, ""
    if selected.member_id is None:
        earner = earner_of(selected.request)
        goods = selected.filled.goods
        points = sum(
            earner.points_of(good.item) * good.line.quantity
            for good in goods
            if earner is not None and good.item is not None
        )
        note = _("and makes you a member") if points else ""
    elif quote.window is not None:
        day = day_of(quote.window.usable_from, formats.zone)
        if day > formats.today:
            note = _("to use from %(day)s") % {"day": formats.day(day)}
    return Earned(formats.points(points), note) if points else None
