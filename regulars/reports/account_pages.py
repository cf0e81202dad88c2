"""What pages show of an account: words and figures that are ready to be read.

``account_filling`` formats numbers, money and dates in the reader's language; the templates add
only what stands still. Optional fields are None or empty when there is nothing to say.
"""

from dataclasses import dataclass

MOST_STAMPS = 30


@dataclass(frozen=True, slots=True)
class Soon:
    """Points that come or expire on a day."""

    points: str
    on: str
    """"3 Dec"."""
    relative: str
    """"in 12 days"."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The way to the next level, in whole things: visits, or units of money."""

    title: str
    """"6 more visits to Gold"."""
    done: int
    of: int
    note: str
    """"Within 30 days. Or spend 3,720 ₽ more."."""

    @property
    def counts(self) -> bool:
        """Whether every stamp is one of the things counted."""
        return self.of <= MOST_STAMPS

    @property
    def stamps(self) -> tuple[int, int]:
        """Stamps done, and all of them: tenths of the way where the things are too many."""
        done = min(self.done, self.of)
        return (done, self.of) if self.counts else (done * 10 // self.of, 10)


@dataclass(frozen=True, slots=True)
class Lot:
    left: str
    issued: str
    source: str
    """"Bar and a ticket"."""
    received: str
    """"14 Nov"."""
    usable_from: str | None = None
    """"24 Nov", only while it is still to come."""
    until: str | None = None
    """The last usable day; None when the points never expire."""
    relative: str = ""
    """"in 12 days", of the date that matters next."""
    soon: bool = False
    """The points expire before long: look before it is too late."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of an explanation."""

    label: str
    """What was charged: "Popcorn, caramel, large"."""
    text: str
    """The rule and its base, or the reason for the zero: "8% of 207.96 ₽"."""
    points: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    icon: str
    tone: str = ""
    """accent, good, warn or bad; neutral without."""


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    note: str
    points: str
    """Signed; empty when no points moved."""
    when: str
    gained: bool = False
    """Points came in and can be used: they stand in green."""
    waiting: bool = False
    """Points are to come: they stand back."""
    badge: Badge | None = None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Pager:
    label: str
    """"1-20 of 214"."""
    prev_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What an account holds, what comes next, and how it came."""

    to_come: Soon | None = None
    expiring: Soon | None = None
    progress: Progress | None = None
    lots: tuple[Lot, ...] = ()
    history: tuple[Entry, ...] = ()
    pager: Pager | None = None
