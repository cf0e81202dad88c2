"""What the pages of this door are made from: words and figures that are ready to be read.

Whoever fills them formats numbers, money and dates in the reader's language; the templates add
only what stands still. Optional fields are None or empty when there is nothing to say.
"""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from regulars.reports.account_pages import Entry, Lot, Pager, Progress, Soon
from regulars.reports.codes import qr_svg


@dataclass(frozen=True, slots=True)
class Business:
    name: str
    slug: str
    """Names the accent too: ``/s/<slug>/accent.css``."""
    unit: str
    """The word for many points: "points", "bonuses"."""
    icon: str = ""
    """Its mark, a lucide name ("sunrise"); without one the stamp stands there."""


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    initials: str
    level: str
    """Empty where the programme has one level only."""
    card_number: str
    """In groups, as people read it aloud; empty when the member has no card."""
    balance: str
    worth: str | None = None
    """In money, where a point has a value."""
    owed: str | None = None
    """Points, without a sign."""
    unit: str = ""
    """The word for this balance; the business's own where it is empty."""


@dataclass(frozen=True, slots=True)
class MemberPage:
    """``site/points/_account.html``, as ``page``."""

    business: Business
    member: Member
    to_come: Soon | None = None
    expiring: Soon | None = None
    progress: Progress | None = None
    lots: tuple[Lot, ...] = ()
    history: tuple[Entry, ...] = ()
    pager: Pager | None = None

    @property
    def code(self) -> SafeString | None:
        number = "".join(self.member.card_number.split())
        return qr_svg(number) if number else None


@dataclass(frozen=True, slots=True)
class WayIn:
    """A demo member, as whom one comes in."""

    url: str
    """Where to POST to come in as that customer."""
    name: str
    initials: str
    level: str
    balance: str
    """The figure alone; the business's unit stands beside it."""


@dataclass(frozen=True, slots=True)
class Door:
    """A way in without being anybody: the business's site."""

    url: str
    name: str
    icon: str


@dataclass(frozen=True, slots=True)
class DemoBusiness:
    business: Business
    kind: str
    """studio, salon or cinema: chooses the picture."""
    what: str
    """"A pottery studio"."""
    place: str
    programme: str
    """The whole programme in a sentence."""
    members: tuple[WayIn, ...] = ()
    doors: tuple[Door, ...] = ()
    till_url: str = ""
    """Where to POST to come in as one of its cashiers."""
    office_url: str = ""
    """Where to POST to come in as its owner."""


@dataclass(frozen=True, slots=True)
class StartPage:
    """``site/start.html``, as ``page``."""

    businesses: tuple[DemoBusiness, ...] = ()
