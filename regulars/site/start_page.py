"""Fills the demonstration's start page: the businesses, and the ways into them."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope

from regulars.business.formats import Formats, formats_of
from regulars.business.models import Business
from regulars.domain.days import day_of
from regulars.reports import programmes
from regulars.reports.persons import initials_of
from regulars.reports.some_members import AtStart, SomeMember, some_members
from regulars.site.own import pages
from regulars.site.own.member_page import business_for_page

MOST_BUSINESSES = 12

WHAT = {
    Business.Kind.STUDIO: gettext_lazy("A studio with classes"),
    Business.Kind.SALON: gettext_lazy("A hair salon"),
    Business.Kind.CINEMA: gettext_lazy("A cinema with a bar"),
}


def start_page(at: datetime) -> pages.StartPage:
    """Read and word it, in two statements and one for each business."""
    businesses = list(Business.objects.order_by("id")[:MOST_BUSINESSES])
    if not businesses:
        return pages.StartPage()
    with scope(business=businesses):
        found = some_members(businesses, at)
    return pages.StartPage(
        tuple(
            _business(business, found[business.pk], at)
            for business in businesses
            if business.pk in found
        )
    )


def _business(business: Business, seen: AtStart, at: datetime) -> pages.DemoBusiness:
    formats = formats_of(business, (seen.unit_one, seen.unit_many), at)
    return pages.DemoBusiness(
        business=business_for_page(business, seen.unit_many),
        kind=business.kind,
        what=str(WHAT[Business.Kind(business.kind)]),
        place=business.city,
        programme=programmes.in_words(seen.terms, formats),
        members=_ways_in(business, seen.members, formats),
        doors=(
            pages.Door(
                reverse("site:home", args=[business.slug]), _("Look at its site"), "smartphone"
            ),
        ),
        till_url=reverse("till:demo", args=[business.slug]),
        office_url=reverse("office:demo", args=[business.slug]),
    )


def _ways_in(
    business: Business, members: Sequence[SomeMember], formats: Formats
) -> tuple[pages.WayIn, ...]:
    return tuple(
        pages.WayIn(
            url=reverse("site:member", args=[business.slug, member.id]),
            name=member.name,
            initials=initials_of(member.name),
            level=member.level or _since(member, formats),
            balance=formats.number(member.balance),
        )
        for member in members
    )


def _since(member: SomeMember, formats: Formats) -> str:
    day = formats.day(day_of(member.joined_at, formats.zone))
    return _("Member since %(day)s") % {"day": day}
