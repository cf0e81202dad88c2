"""Choosing what is booked: with whom, on which day, at what time. Each step has its address."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.actions.visits.calendar import days_with_times, free_times, sessions_of
from regulars.bookings.models import Provider
from regulars.bookings.queries import read_rules
from regulars.catalogue.models import Item
from regulars.domain.days import day_of
from regulars.site.booking import calendars
from regulars.site.booking.choosing import BadChoiceError, Choice, read_day, read_id
from regulars.site.booking.moments import lasting, long_day, whose_time
from regulars.site.door import SiteRequest, at_site, page
from regulars.site.home import SESSION_DAYS, earner_of, earns, price_of, takeable

P = ParamSpec("P")


def choosing(
    view: Callable[Concatenate[SiteRequest, P], HttpResponse],
) -> Callable[Concatenate[SiteRequest, P], HttpResponse]:
    """Answer an address that names no choice of ours with a page that says so, and what to do."""

    @wraps(view)
    def run(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadChoiceError:
            return page(request, "site/booking/again.html", "home", status=422)

    return run


@at_site
@require_safe
@choosing
def book(request: SiteRequest, item_id: UUID) -> HttpResponse:
    """The first step after the item: the sessions of a class; with whom a service is booked."""
    item = bookable(item_id)
    if item.kind == Item.Kind.CLASS:
        return _sessions(request, item)
    providers = providers_of(item)
    if len(providers) < 2:
        return redirect(address(request, "days", item, {}))
    context: dict[str, Any] = {
        "item": item,
        "facts": facts_of(request, item),
        "anybody_url": address(request, "days", item, {}),
        "providers": [
            (each.name, address(request, "days", item, {"with": str(each.pk)}))
            for each in providers
        ],
    }
    return page(request, "site/booking/whom.html", "home", **context)


@at_site
@require_safe
@choosing
def days(request: SiteRequest, item_id: UUID) -> HttpResponse:
    """On which day: those without free times cannot be chosen."""
    item = bookable(item_id, Item.Kind.SERVICE)
    provider = provider_of(request, item)
    kept = {"with": str(provider.pk)} if provider else {}
    formats = request.formats
    first = calendars.first_shown(asked_day(request, "from"), formats)
    shown = calendars.days_page(
        first,
        free_days(request, item, first, provider.pk if provider else None),
        last_day_of(request),
        formats,
        url_of=lambda day: address(request, "times", item, {**kept, "day": day.isoformat()}),
        page_url=lambda day: address(request, "days", item, {**kept, "from": day.isoformat()}),
    )
    context: dict[str, Any] = {
        "item": item,
        "facts": facts_of(request, item),
        "days": shown,
        "whom": provider.name if provider else "",
        "back_url": _back_from_days(request, item),
        "zone": whose_time(request.business, request.at, formats),
    }
    return page(request, "site/booking/days.html", "home", **context)


@at_site
@require_safe
@choosing
def times(request: SiteRequest, item_id: UUID) -> HttpResponse:
    """At what time of a day."""
    item = bookable(item_id, Item.Kind.SERVICE)
    day = asked_day(request, "day")
    if day is None:
        raise BadChoiceError
    provider = provider_of(request, item)
    return times_page(request, item, provider, day)


def times_page(
    request: SiteRequest,
    item: Item,
    provider: Provider | None,
    day: date,
    *,
    taken: bool = False,
) -> HttpResponse:
    """The free times of a day; ``taken`` says that somebody has just taken the one chosen."""
    formats = request.formats
    provider_id = provider.pk if provider else None
    free = free_times(request.business.pk, item.pk, day, provider_id=provider_id, at=request.at)
    kept = {"with": str(provider_id)} if provider_id else {}
    context: dict[str, Any] = {
        "item": item,
        "facts": facts_of(request, item),
        "day": long_day(day, formats),
        "whom": provider.name if provider else "",
        "parts": calendars.times_of(
            free,
            formats,
            url_of=lambda each: details_url(request, Choice(item.pk, provider_id, each.starts_at)),
        ),
        "taken": taken,
        "days_url": address(request, "days", item, {**kept, "from": day.isoformat()}),
        "zone": whose_time(request.business, request.at, formats),
    }
    return page(request, "site/booking/times.html", "home", status=422 if taken else 200, **context)


def _sessions(request: SiteRequest, item: Item) -> HttpResponse:
    return sessions_page(request, item, asked_day(request, "from"))


def sessions_page(
    request: SiteRequest, item: Item, first: date | None = None, *, full: bool = False
) -> HttpResponse:
    """The sessions of a class; ``full`` says that the last seat of the chosen one has just gone."""
    formats = request.formats
    first = max(first or formats.today, formats.today)
    later = first + timedelta(days=SESSION_DAYS)
    last_day = last_day_of(request)
    sessions = sessions_of(request.business.pk, item.pk, first, SESSION_DAYS, at=request.at)
    context: dict[str, Any] = {
        "item": item,
        "facts": facts_of(request, item),
        "days": calendars.sessions_by_day(
            sessions,
            formats,
            url_of=lambda each: details_url(request, Choice(item.pk, session_id=each.id)),
        ),
        "full": full,
        "earlier_url": address(request, "book", item, {}) if first > formats.today else "",
        "later_url": (
            address(request, "book", item, {"from": later.isoformat()}) if later <= last_day else ""
        ),
        "zone": whose_time(request.business, request.at, formats),
    }
    template = "site/booking/sessions.html"
    return page(request, template, "home", status=422 if full else 200, **context)


def free_days(
    request: SiteRequest,
    item: Item,
    first: date,
    provider_id: UUID | None,
    *,
    but: UUID | None = None,
) -> frozenset[date]:
    """The days of a page of the calendar on which something is free.

    ``but`` is a booking that is to be moved: its own time is free for it.
    """
    return frozenset(
        days_with_times(
            request.business.pk,
            item.pk,
            first,
            calendars.DAYS,
            provider_id=provider_id,
            but=but,
            at=request.at,
        )
    )


def last_day_of(request: SiteRequest) -> date:
    """The last day that can be booked by now."""
    zone, rules = read_rules(request.business.pk)
    return rules.last_day(request.at, zone)


def bookable(item_id: UUID, *kinds: str) -> Item:
    """Something that is booked online here; Http404 where there is no such thing."""
    wanted = kinds or (Item.Kind.SERVICE, Item.Kind.CLASS)
    offered = Item.objects.select_related("business").filter(
        kind__in=wanted, online=True, archived_at__isnull=True
    )
    return get_object_or_404(offered, pk=item_id)


def providers_of(item: Item) -> list[Provider]:
    """With whom a service can be booked, by name."""
    working = Provider.objects.filter(archived_at__isnull=True, services__item=item)
    return list(working.order_by("name", "pk"))


def provider_of(request: SiteRequest, item: Item) -> Provider | None:
    """Whom the address names; None = anybody. Http404 for who does not do this.

    Raises BadChoiceError.
    """
    text = request.GET.get("with", "")
    if not text:
        return None
    working = Provider.objects.filter(archived_at__isnull=True, services__item=item)
    return get_object_or_404(working, pk=read_id(text))


def asked_day(request: SiteRequest, name: str) -> date | None:
    """Raises BadChoiceError."""
    text = request.GET.get(name, "")
    return read_day(text) if text else None


def address(request: SiteRequest, step: str, item: Item, asked: dict[str, str]) -> str:
    """Of a step, with what has been chosen so far."""
    url = reverse(f"site:{step}", args=[request.business.slug, item.pk])
    return f"{url}?{urlencode(asked)}" if asked else url


def details_url(request: SiteRequest, choice: Choice) -> str:
    """Where who books is asked."""
    return f"{reverse('site:your_details', args=[request.business.slug])}{choice.query()}"


def back_to_choice(request: SiteRequest, choice: Choice) -> str:
    """Where the time of a choice was chosen; the basket where there is none."""
    slug = request.business.slug
    if choice.item_id is None:
        return reverse("site:basket", args=[slug])
    if choice.starts_at is None:
        return reverse("site:book", args=[slug, choice.item_id])
    kept = {"with": str(choice.provider_id)} if choice.provider_id else {}
    day = day_of(choice.starts_at, request.business.zone).isoformat()
    asked = urlencode({**kept, "day": day})
    return f"{reverse('site:times', args=[slug, choice.item_id])}?{asked}"


def facts_of(request: SiteRequest, item: Item) -> str:
    """What stands under its name: "2 h · £32 · earns 30 points · or 140 points"."""
    formats = request.formats
    points = takeable(request).get(item.pk)
    facts = [
        lasting(item.duration_minutes),
        price_of(item, formats),
        earns(item, earner_of(request), formats),
        _("or as a reward for %(points)s") % {"points": formats.points(points)} if points else "",
    ]
    return " · ".join(filter(None, facts))


def _back_from_days(request: SiteRequest, item: Item) -> str:
    if len(providers_of(item)) < 2:
        return reverse("site:home", args=[request.business.slug])
    return address(request, "book", item, {})
