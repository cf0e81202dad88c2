"""Small facts for tests of the rules. A test changes what it is about with ``replace``."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.domain.amounts import PPM
from regulars.domain.lots import Lot
from regulars.domain.purchase import Line, Purchase
from regulars.domain.standing import Standing
from regulars.domain.terms import Basis, EarnsOn, Kind, KindTerms, Level, Rate, Terms

MOSCOW = ZoneInfo("Europe/Moscow")
LONDON = ZoneInfo("Europe/London")

JANUARY = datetime(2026, 1, 1, 9, tzinfo=UTC)
MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 9, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 9, tzinfo=UTC)

_numbers = count(1)


def new_id() -> UUID:
    """An id later than all before it, as those of the application are."""
    return UUID(int=next(_numbers))


def a_lot(
    points: int = 10, *, usable_from: datetime = JANUARY, usable_until: datetime | None = None
) -> Lot:
    return Lot(new_id(), points, usable_from, usable_until)


def percent(number: float) -> int:
    """Per cent as parts per million."""
    return round(number * PPM / 100)


def cashback(of_money: float, *, payable: float = 0) -> KindTerms:
    """Terms in per cent: what is given back of the money, and what points may pay."""
    return KindTerms(rate=Rate(percent(of_money), Basis.CASHBACK), payable_ppm=percent(payable))


def points_per_major(points: float, *, on: EarnsOn = EarnsOn.PAYMENT) -> KindTerms:
    return KindTerms(on, Rate(round(points * PPM), Basis.POINTS))


def a_level(name: str = "Silver", priority: int = 1, **kinds: KindTerms) -> Level:
    """A level without conditions; terms by kind: ``a_level(ticket=cashback(5))``."""
    return Level(
        new_id(), name, priority, kinds={Kind(kind): terms for kind, terms in kinds.items()}
    )


def some_terms(*levels: Level, point_value_minor: int | None = 100) -> Terms:
    """A programme in a currency with two digits, a point worth 1.00."""
    return Terms(
        version_id=new_id(),
        zone=MOSCOW,
        minor_per_major=100,
        holds_from=JANUARY,
        levels=levels or (a_level(),),
        point_value_minor=point_value_minor,
    )


def a_member(level: Level, *lots: Lot) -> Standing:
    return Standing(level.id, level_since=date(2026, 1, 1), lots=lots)


def a_line(kind: Kind, charged_minor: int, *, off_minor: int = 0) -> Line:
    """A line of one piece; ``off_minor`` is the discount in what it would have been charged."""
    return Line(kind, list_minor=charged_minor + off_minor, charged_minor=charged_minor)


def ticket(charged_minor: int, *, off_minor: int = 0) -> Line:
    return a_line(Kind.TICKET, charged_minor, off_minor=off_minor)


def bar(charged_minor: int, *, off_minor: int = 0) -> Line:
    return a_line(Kind.PRODUCT, charged_minor, off_minor=off_minor)


def service(charged_minor: int, *, off_minor: int = 0) -> Line:
    return a_line(Kind.SERVICE, charged_minor, off_minor=off_minor)


def bought(*lines: Line, points: int = 0) -> Purchase:
    return Purchase(lines, points=points)


def points_left(lots: Sequence[Lot]) -> int:
    return sum(lot.points_left for lot in lots)
