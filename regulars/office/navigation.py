"""The office's side navigation: what there is, in the order in which it stands.

A subject adds its entry here when it has a page. The address decides which one is current: the
longest that the page's own begins with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the navigation leads to."""

    url_name: str
    icon: str
    """A name of lucide."""
    label: Promise


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that belong together; the first section has no title."""

    title: Promise | str
    entries: tuple[Entry, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "",
        (
            Entry("office:home", "house", _("Home")),
            Entry("office:customers", "users", _("Customers")),
            Entry("office:groups", "tags", _("Groups")),
        ),
    ),
    Section(
        _("Booking and sales"),
        (
            Entry("office:visits", "calendar-days", _("Visits")),
            Entry("office:sessions", "calendar-clock", _("Sessions")),
            Entry("office:providers", "contact", _("Who is booked")),
            Entry("office:opening", "clock", _("Opening hours")),
            Entry("office:items", "tag", _("Catalogue")),
            Entry("office:gift_cards", "gift", _("Gift cards")),
        ),
    ),
    Section(
        _("Loyalty"),
        (
            Entry("office:programme", "star", _("Programme")),
            Entry("office:rewards", "gift", _("Rewards")),
            Entry("office:referrals", "user-plus", _("Referrals")),
        ),
    ),
    Section(
        _("Business"),
        (
            Entry("office:features", "toggle-right", _("Features")),
            Entry("office:messages", "mail", _("Messages")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    url: str
    icon: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Links:
    title: str
    links: tuple[Link, ...]


def navigation(path: str, sections: Sequence[Section] = SECTIONS) -> tuple[Links, ...]:
    """Every entry, with the one that ``path`` is on or under marked."""
    urls = [reverse(entry.url_name) for section in sections for entry in section.entries]
    above = [url for url in urls if path.startswith(url)]
    current = max(above, key=len, default="")
    return tuple(
        Links(
            str(section.title),
            tuple(_link(entry, current) for entry in section.entries),
        )
        for section in sections
    )


def _link(entry: Entry, current: str) -> Link:
    url = reverse(entry.url_name)
    return Link(url, entry.icon, str(entry.label), url == current)
