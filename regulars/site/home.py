"""The first page of a business's site: everything that can be booked or bought here."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from regulars.actions.members.rewards import rewards_for
from regulars.actions.visits.calendar import SessionSeats, sessions_of
from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.catalogue.models import Item
from regulars.domain.rewards import Where
from regulars.giftcards.models import GiftCardKind
from regulars.reports.offers import Earner, read_earner
from regulars.site.booking.moments import lasting, short_day_and_time
from regulars.site.buying import basket as baskets
from regulars.site.door import SiteRequest, at_site, page

Kind = Item.Kind

MANY = 8
"""From so many items on there is a field to search them."""

MOST_WORDS = 100
"""Characters of what is searched for."""

FEW_SEATS = 3
"""Up to so many free seats they are counted in amber."""

SESSIONS_SHOWN = 3
"""The next ones of a class, in a list of classes."""

SESSION_DAYS = 28
"""That are looked ahead for sessions."""

SECTIONS = {
    Kind.CLASS: (gettext_lazy("Classes"), "users-round"),
    Kind.SERVICE: (gettext_lazy("Services"), "calendar-clock"),
    Kind.TICKET: (gettext_lazy("Tickets"), "ticket"),
    Kind.PRODUCT: (gettext_lazy("To take with you"), "shopping-bag"),
}
"""What each kind is called here, and its sign."""

FIRST = {
    Business.Kind.STUDIO: (Kind.CLASS, Kind.SERVICE, Kind.TICKET, Kind.PRODUCT),
    Business.Kind.SALON: (Kind.SERVICE, Kind.CLASS, Kind.PRODUCT, Kind.TICKET),
    Business.Kind.CINEMA: (Kind.TICKET, Kind.CLASS, Kind.SERVICE, Kind.PRODUCT),
}
"""In which order they stand."""


@dataclass(frozen=True, slots=True)
class Seats:
    """One of the next sessions of a class."""

    url: str
    """Empty where it is full."""
    when: str
    free: str
    is_few: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Something on offer; it leads to its booking, or goes into the basket."""

    id: str
    name: str
    description: str
    facts: str
    """"2 h · earns 30 points"."""
    price: str
    url: str = ""
    """Where it is booked; empty for what goes into the basket."""
    reward: str = ""
    """"Or 140 points": the visitor can take it as a reward."""
    sessions: tuple[Seats, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """All of one kind."""

    title: str
    icon: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class InBasket:
    """What is in the basket already, in a line."""

    count: str
    sum: str


@at_site
@require_safe
def home(request: SiteRequest) -> HttpResponse:
    """Choose: the first decision. In so many statements, however much there is."""
    asked = request.GET.get("q", "")[:MOST_WORDS].strip()
    items = list(
        Item.objects.filter(online=True, archived_at__isnull=True).order_by("category", "name")
    )
    for item in items:
        item.business = request.business
    shown = [item for item in items if is_meant(item, asked)]
    filled = baskets.fill(baskets.read(request), gift_cards="gift_cards" in request.on)
    answer = page(
        request,
        "site/home/home.html",
        "home",
        sections=Offers(request, shown).sections(),
        is_empty=not items,
        asked=asked,
        searches=len(items) >= MANY,
        has_gift_cards="gift_cards" in request.on and _sells_gift_cards(),
        in_basket=in_basket(filled, request.formats),
        dropped=filled.dropped,
    )
    return baskets.keep(answer, request.business, filled.basket) if filled.dropped else answer


def is_meant(item: Item, asked: str) -> bool:
    """Whether every word that is searched for stands in its name, its category or its text."""
    text = f"{item.name} {item.category} {item.description}".casefold()
    return all(word in text for word in asked.casefold().split())


def in_basket(filled: baskets.Filled, formats: Formats) -> InBasket | None:
    """What the way to the basket says; None where it is empty."""
    pieces = filled.basket.pieces
    if not pieces:
        return None
    count = ngettext("%(count)s in your basket", "%(count)s in your basket", pieces)
    return InBasket(count % {"count": formats.number(pieces)}, formats.money(filled.sum_minor))


def _sells_gift_cards() -> bool:
    return GiftCardKind.objects.filter(archived_at__isnull=True).exists()


class Offers:
    """Words what is on offer to one visitor."""

    def __init__(self, request: SiteRequest, items: Sequence[Item]) -> None:
        self.business, self.formats, self.at = request.business, request.formats, request.at
        self.items = items
        self.earner = earner_of(request) if items else None
        self.rewards = takeable(request) if items else {}
        has_classes = any(item.kind == Kind.CLASS for item in items)
        self.sessions = self._next_sessions() if has_classes else {}

    def _next_sessions(self) -> dict[UUID, list[SessionSeats]]:
        """The next ones of each class."""
        found: dict[UUID, list[SessionSeats]] = {}
        today = self.formats.today
        for each in sessions_of(self.business.pk, None, today, SESSION_DAYS, at=self.at):
            held = found.setdefault(each.item_id, [])
            if len(held) < SESSIONS_SHOWN:
                held.append(each)
        return found

    def sections(self) -> list[Section]:
        """By kind, in the order of a business of this kind; without empty ones."""
        order = FIRST[Business.Kind(self.business.kind)]
        sections = []
        for kind in order:
            rows = tuple(self._row(item) for item in self.items if item.kind == kind)
            if rows:
                title, icon = SECTIONS[kind]
                sections.append(Section(str(title), icon, rows))
        return sections

    def _row(self, item: Item) -> Row:
        formats = self.formats
        is_booked = item.kind not in baskets.SOLD
        points = self.rewards.get(item.pk)
        said = {"points": formats.points(points)} if points else {}
        facts = [lasting(item.duration_minutes), earns(item, self.earner, formats)]
        return Row(
            id=str(item.pk),
            name=item.name,
            description=item.description,
            facts=" · ".join(filter(None, facts)),
            price=price_of(item, formats),
            url=reverse("site:book", args=[self.business.slug, item.pk]) if is_booked else "",
            reward=_("or %(points)s") % said if said else "",
            sessions=tuple(self._seats(each) for each in self.sessions.get(item.pk, ())),
        )

    def _seats(self, session: SessionSeats) -> Seats:
        url = reverse("site:your_details", args=[self.business.slug])
        choice = f"?item={session.item_id}&session={session.id}"
        return Seats(
            url=f"{url}{choice}" if session.free else "",
            when=short_day_and_time(session.starts_at, self.formats),
            free=seats_left(session.free, self.formats),
            is_few=0 < session.free <= FEW_SEATS,
        )


def earner_of(request: SiteRequest) -> Earner | None:
    """By whose terms points are told to this visitor; None where there are none to tell."""
    if "loyalty" not in request.on:
        return None
    member_id = request.visitor.member_id if request.visitor else None
    return read_earner(request.business, member_id, at=request.at)


def takeable(request: SiteRequest) -> dict[UUID, int]:
    """Points that each item takes as a reward that the visitor can take now, by item (S9)."""
    visitor = request.visitor
    if visitor is None or visitor.member_id is None or "loyalty" not in request.on:
        return {}
    offered = rewards_for(request.business.pk, visitor.member_id, Where.BOOKING, at=request.at)
    return {each.item_id: each.points for each in reversed(offered) if each.why_not is None}


def earns(item: Item, earner: Earner | None, formats: Formats) -> str:
    """ "earns 30 points"; empty where it earns nothing."""
    points = earner.points_of(item) if earner else 0
    if not points:
        return ""
    return _("earns %(points)s") % {"points": formats.points(points)}


def price_of(item: Item, formats: Formats) -> str:
    """The price, or that there is none."""
    return formats.round_money(item.price_minor) if item.price_minor else _("free")


def seats_left(free: int, formats: Formats) -> str:
    """ "3 seats left"."""
    if not free:
        return _("full")
    said = ngettext("%(count)s seat left", "%(count)s seats left", free)
    return said % {"count": formats.number(free)}
