"""Facts of any shape for the laws of the rules."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from regulars.domain.amounts import PPM
from regulars.domain.lots import Lot
from regulars.domain.purchase import Line
from regulars.domain.standing import Standing
from regulars.domain.terms import GOODS, Basis, EarnsOn, Kind, KindTerms, Level, Rate, Terms
from tests.domain.builders import JANUARY, MARCH, a_level, a_member, new_id, some_terms

SHARES = st.sampled_from([0, 1, 10_000, 333_333, 500_000, PPM]) | st.integers(0, PPM)
TIMES = st.integers(-60, 60).map(lambda days: MARCH + timedelta(days=days))


@st.composite
def _lot(draw: st.DrawFn) -> Lot:
    lasts = draw(st.none() | st.integers(1, 120))
    starts = draw(st.sampled_from([JANUARY, MARCH, MARCH + timedelta(days=3)]) | TIMES)
    return Lot(
        id=new_id(),
        points_left=draw(st.integers(0, 1000)),
        usable_from=starts,
        usable_until=None if lasts is None else starts + timedelta(days=lasts),
    )


LOTS = st.lists(_lot(), max_size=6)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """A line of any kind: discounted or not, a reward, with points of its own …"""
    kind = draw(st.sampled_from([*GOODS, *GOODS, *Kind]))
    is_reward = draw(st.integers(0, 9)) == 0 and kind in GOODS
    charged_minor = 0 if is_reward else draw(st.sampled_from([0, 1, 99]) | st.integers(0, 1000_00))
    return Line(
        kind=kind,
        list_minor=charged_minor + draw(st.sampled_from([0, 0, 0, 1, 10_00])),
        charged_minor=charged_minor,
        quantity=draw(st.integers(1, 4)),
        own_points=draw(st.none() | st.none() | st.integers(0, 100)),
        connected=draw(st.integers(0, 9)) > 0,
        memorandum=draw(st.integers(0, 5)) == 0,
        booked=draw(st.booleans()),
        reward_points=draw(st.integers(1, 50)) if is_reward else None,
    )


@st.composite
def _kind_terms(draw: st.DrawFn) -> KindTerms:
    return KindTerms(
        earns_on=draw(st.sampled_from([EarnsOn.PAYMENT] * 6 + [*EarnsOn])),
        rate=Rate(
            draw(st.sampled_from([0, 50_000, PPM]) | st.integers(0, 3 * PPM)),
            draw(st.sampled_from(Basis)),
        ),
        payable_ppm=draw(SHARES),
    )


@st.composite
def levels(draw: st.DrawFn) -> Level:
    """One level without conditions, with terms for every kind of goods."""
    return replace(
        a_level(),
        cashback=draw(st.integers(0, 9)) > 0,
        delay_days=draw(st.sampled_from([0, 0, 1, 10])),
        burn_days=draw(st.sampled_from([0, 1, 180])),
        kinds={kind: draw(_kind_terms()) for kind in GOODS},
    )


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """A programme of one level whose points pay: worth one minor unit to several hundred."""
    value_minor = draw(st.sampled_from([1, 7, 100, 300]) | st.integers(1, 500))
    return replace(
        some_terms(draw(levels()), point_value_minor=value_minor),
        earns_on_discounted=draw(st.booleans()),
        earns_on_memorandum=draw(st.booleans()),
        earns_beside_points=draw(st.integers(0, 3)) > 0,
        refund_returns_points=draw(st.booleans()),
        returned_days=draw(st.sampled_from([0, 1, 30])),
    )


@st.composite
def members(draw: st.DrawFn, of: Terms, *, may_be_barred: bool = True) -> Standing:
    """A member of a programme, with lots."""
    member = a_member(of.lowest, *draw(LOTS))
    if not may_be_barred:
        return member
    return replace(
        member,
        is_activated=draw(st.integers(0, 9)) > 0,
        is_blocked=draw(st.integers(0, 9)) == 0,
    )
