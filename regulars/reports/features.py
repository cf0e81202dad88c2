"""The switches of a business in words: what each is, what it needs, why it stays (B1, B2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from regulars.business.models import Feature as Row
from regulars.business.models import FeatureChange, FeatureCode
from regulars.domain.errors import FeatureRefused
from regulars.domain.features import LOYALTY_NEEDS, Feature, plan_switch
from regulars.reports.refusals.setup import FEATURE

MOST_CHANGES = 30


@dataclass(frozen=True, slots=True)
class Words:
    """What a switch is, and what it stops when it is off."""

    icon: str
    what: Promise
    off: Promise


WORDS: Mapping[Feature, Words] = {
    Feature.LOYALTY: Words(
        "star",
        _("Customers earn by visits and purchases, and use what they have earned."),
        _("Nobody earns or uses anything. Every balance is kept; days of expiry go on."),
    ),
    Feature.PAYMENTS: Words(
        "credit-card",
        _("Purchases are paid at the till and online."),
        _("No payment is taken. What was paid before can be refunded."),
    ),
    Feature.CUSTOMER_LOGIN: Words(
        "log-in",
        _("Customers sign in on your site with a code by e-mail or text message."),
        _("Nobody can sign in on your site."),
    ),
    Feature.COUPONS: Words(
        "ticket-percent",
        _("Codes that lower a price."),
        _("No coupon is taken."),
    ),
    Feature.GIFT_CARDS: Words(
        "gift",
        _("Gift cards are sold, and given for what customers have earned."),
        _("No gift card is sold or given. Those that there are still pay."),
    ),
    Feature.CLEAR_HISTORY: Words(
        "eraser",
        _("Past bookings are erased for good a while after they ended."),
        _("Every booking is kept."),
    ),
}
"""In the order in which they are shown. Loyalty needs its history: B2."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A feature as it stands, and what switching it would do."""

    code: str
    label: str
    words: Words
    is_on: bool
    since: datetime | None
    brings: tuple[str, ...]
    """What comes on with it that is off now."""
    stays: str
    """Why it cannot be switched; "" = it can."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a switch."""

    at: datetime
    label: str
    is_on: bool
    who: str
    """ "" = the system itself, at set-up."""


def read_switches(business_id: UUID) -> list[Switch]:
    """Every switch as it stands now."""
    with scope(business=business_id):
        rows = {row.code: row for row in Row.objects.all()}
    states = {code: row.on for code, row in rows.items()}
    return [_switch(feature, states, rows.get(feature)) for feature in WORDS]


def _switch(feature: Feature, states: Mapping[str, bool], row: Row | None) -> Switch:
    is_on = states.get(feature, False)
    brings: tuple[str, ...] = ()
    stays = ""
    try:
        turned = plan_switch(states, feature, on=not is_on)
    except FeatureRefused as refusal:
        stays = str(FEATURE[refusal.why])
    else:
        brings = tuple(label_of(each) for each, _on in turned if each is not feature)
    return Switch(
        code=str(feature),
        label=label_of(feature),
        words=WORDS[feature],
        is_on=is_on,
        since=row.since if row else None,
        brings=brings,
        stays=stays,
    )


def label_of(code: str) -> str:
    return str(FeatureCode(code).label)


def needed_by_loyalty() -> list[str]:
    """What loyalty brings along, by its labels."""
    return [label_of(each) for each in LOYALTY_NEEDS]


def list_turns(business_id: UUID, *, limit: int = MOST_CHANGES) -> list[Turn]:
    """The last turns of switches, the newest first."""
    with scope(business=business_id):
        rows = FeatureChange.objects.select_related("actor").order_by("-at", "-pk")[:limit]
        return [
            Turn(row.at, label_of(row.code), row.on, str(row.actor) if row.actor else "")
            for row in rows
        ]
