"""Businesses and terms to try programmes with."""

from datetime import UTC, datetime
from unicodedata import category
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from regulars.actions.setup.programmes import save_version
from regulars.actions.setup.setting_up import new_business
from regulars.business.models import Business
from regulars.domain.amounts import MOST_DAYS, MOST_MINOR, MOST_POINTS, PPM
from regulars.domain.terms import (
    GOODS,
    MOST_RATE_PPM,
    Basis,
    EarnsOn,
    KindTerms,
    Level,
    Rate,
    Terms,
)
from regulars.programmes.draft import Draft
from regulars.programmes.models import ConfirmBy, JoinsBy, Programme, Version
from regulars.programmes.toml import LONG_AGO, UNSAVED
from regulars.rows import new_id

MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def a_business(template: str = "cinema", *, slug: str = "kino", currency: str = "EUR") -> Business:
    return new_business(
        name=slug.title(),
        slug=slug,
        template=template,
        currency=currency,
        timezone="Europe/Berlin",
        locale="de",
        city="Berlin",
        accent=(20, 90),
        at=MARCH,
    )


def save(programme: Programme, terms: Terms, *, at: datetime = APRIL) -> Version:
    return save_version(
        programme,
        terms,
        joins_by=["till"],
        confirm_by="cashier",
        terms_url="",
        author=None,
        at=at,
    )


texts = st.text(min_size=1, max_size=40).filter(
    lambda text: bool(text.strip()) and not any(category(c) in {"Cc", "Cs"} for c in text)
)
days = st.integers(0, MOST_DAYS)
money = st.integers(0, MOST_MINOR)
points = st.integers(0, MOST_POINTS)
instants = st.none() | st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, BERLIN, ZoneInfo("Asia/Kathmandu")]),
    allow_imaginary=False,  # An hour that a clock leaps over is equal to no instant elsewhere.
)
kinds = st.dictionaries(
    st.sampled_from(GOODS),
    st.builds(
        KindTerms,
        st.sampled_from(EarnsOn),
        st.builds(Rate, st.integers(0, MOST_RATE_PPM), st.sampled_from(Basis)),
        st.integers(0, PPM),
    ),
)


def levels(group_ids: list[UUID]) -> st.SearchStrategy[Level]:
    return st.builds(
        Level,
        id=st.builds(new_id),
        name=texts,
        priority=st.integers(1, 1000),
        group_id=st.none() | st.sampled_from(group_ids) if group_ids else st.none(),
        spend_days=days,
        spend_minor=money,
        spend_products_minor=money,
        spend_tickets_minor=money,
        visits=days,
        visit_days=days,
        asks_for_both=st.booleans(),
        cashback=st.booleans(),
        burn_days=days,
        delay_days=days,
        kinds=kinds,
    )


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Anything that a file can say, sound or not."""
    names = draw(st.lists(texts, unique=True, max_size=3))
    groups = {new_id(): name for name in names}
    listed = draw(st.lists(levels(list(groups)), max_size=4))
    terms = draw(
        st.builds(
            Terms,
            version_id=st.just(UNSAVED),
            zone=st.just(BERLIN),
            minor_per_major=st.sampled_from([1, 10, 100, 1000]),
            holds_from=st.just(LONG_AGO),
            levels=st.just(tuple(listed)),
            enabled=st.booleans(),
            runs_from=instants,
            runs_until=instants,
            point_value_minor=st.none() | st.integers(1, MOST_MINOR),
            earns_on_discounted=st.booleans(),
            earns_on_memorandum=st.booleans(),
            earns_beside_points=st.booleans(),
            refund_returns_points=st.booleans(),
            needs_card=st.booleans(),
            needs_card_presented=st.booleans(),
            needs_confirmation=st.booleans(),
            welcome_points=points,
            welcome_days=days,
            returned_days=days,
            reward_factor=st.integers(0, 1000),
            referral_points=points,
        )
    )
    used = {level.group_id for level in listed}
    return Draft(
        name=draw(texts),
        terms=terms,
        unit_one=draw(texts),
        unit_many=draw(texts),
        joins_by=tuple(draw(st.lists(st.sampled_from(JoinsBy.values), unique=True))),
        confirm_by=draw(st.sampled_from(ConfirmBy.values)),
        terms_url=draw(st.just("") | texts),
        groups={group_id: name for group_id, name in groups.items() if group_id in used},
    )
