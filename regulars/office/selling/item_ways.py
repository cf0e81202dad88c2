"""How an item gets to customers: who does it, when, and where it is seen; with what is missing.

A service needs somebody and hours, a class needs sessions. Whoever sets them up reads here what is
there, and goes on to what is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.bookings.models import ClassSession, OpeningHours, Provider
from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.rewards import BOOKED
from regulars.domain.terms import Kind
from regulars.office.access import Office


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that stands between an item and its customers."""

    icon: str
    text: str
    url: str
    link: str
    """What the link to it says."""
    is_missing: bool = False


def ways_of(item: Item, office: Office) -> list[Way]:
    """In the order in which they are set up; none of what is archived."""
    if item.archived_at is not None:
        return []
    ways: list[Way] = []
    if item.kind == Kind.SERVICE:
        ways = [*_of_service(item)]
    elif item.kind == Kind.CLASS:
        ways = [_sessions(item, office)]
    return [*ways, _site(item, office)]


def _of_service(item: Item) -> Iterator[Way]:
    living = Provider.objects.filter(archived_at__isnull=True)
    done_by = living.filter(services__item=item).order_by("name", "pk").prefetch_related("hours")
    people = list(done_by)
    if people:
        names = ", ".join(each.name for each in people)
        text = _("Done by %(names)s.") % {"names": names}
        yield Way("contact", text, reverse("office:providers"), _("Who is booked"))
    elif living.exists():
        text = _("Nobody does it yet, so no time is free.")
        yield Way(
            "contact", text, reverse("office:providers"), _("Choose who does it"), is_missing=True
        )
    else:
        text = _("Nobody does it yet, so no time is free.")
        yield Way(
            "contact", text, reverse("office:new_provider"), _("Add somebody"), is_missing=True
        )
    own = bool(people) and all(each.hours.all() for each in people)
    opening = reverse("office:opening")
    if own:
        yield Way("clock", _("By the working hours of who does it."), opening, _("Opening hours"))
    elif OpeningHours.objects.filter(provider__isnull=True).exists():
        yield Way("clock", _("When you are open."), opening, _("Opening hours"))
    else:
        text = _("No opening hours are set, so no time is free.")
        yield Way("clock", text, opening, _("Set the opening hours"), is_missing=True)


def _sessions(item: Item, office: Office) -> Way:
    ahead = ClassSession.objects.filter(
        item=item, cancelled_at__isnull=True, starts_at__gt=office.at
    ).order_by("starts_at", "pk")
    starts = list(ahead.values_list("starts_at", flat=True))
    if not starts:
        plan = f"{reverse('office:new_session')}?item={item.pk}"
        text = _("No session is planned, so nothing can be booked.")
        return Way("calendar-clock", text, plan, _("Plan its sessions"), is_missing=True)
    formats = office.formats
    text = ngettext(
        "%(number)s session to come, the next one on %(when)s.",
        "%(number)s sessions to come, the next one on %(when)s.",
        len(starts),
    )
    told = {"number": formats.number(len(starts)), "when": _moment(starts[0], formats)}
    return Way("calendar-clock", text % told, reverse("office:sessions"), _("Sessions"))


def _moment(at: datetime, formats: Formats) -> str:
    day = at.astimezone(formats.zone).date()
    return f"{formats.weekday(day)} {formats.day_at(at)}, {formats.clock(at)}"


def _site(item: Item, office: Office) -> Way:
    slug = office.business.slug
    if not item.online:
        text = _("Not on the booking site: you sell and book it yourself.")
        return Way("globe", text, reverse("office:item", args=[item.pk]), _("Change this"))
    if item.kind in BOOKED:
        url = reverse("site:book", args=[slug, item.pk])
        return Way(
            "globe", _("Customers book it on your booking site."), url, _("Look at it there")
        )
    url = reverse("site:home", args=[slug])
    return Way("globe", _("Customers buy it on your booking site."), url, _("Look at it there"))
