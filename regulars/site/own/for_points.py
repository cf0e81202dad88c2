"""What a member gets for points, rewards and gift cards, and how far each of them is (S9, B9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.actions.members.rewards import Offered, rewards_for
from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.earning import why_cannot_spend
from regulars.domain.lots import available
from regulars.domain.rewards import BOOKED, Where, WhyNot
from regulars.domain.standing import Standing
from regulars.domain.terms import Kind, Terms
from regulars.giftcards.models import GiftCardKind
from regulars.programmes.models import Reward
from regulars.site.door import SiteRequest
from regulars.site.giving import gift_words

STAMPS = 10

FEW = 3
"""So many of them stand on the points page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A reward, or a gift card."""

    name: str
    points: str
    can_be_taken: bool
    says: str
    """How it is taken, or why not."""
    stamps: int | None
    """Tenths of the way to it, where points are what is missing."""
    price: int
    """Points, as ``missing`` is."""
    missing: int
    url: str
    """Where it is taken; empty where that is not here, or not now."""
    verb: str


class ForPoints:
    """What one member gets for points, read and put into words."""

    def __init__(self, request: SiteRequest, terms: Terms, standing: Standing) -> None:
        self.request, self.formats = request, request.formats
        self.runs = "loyalty" in request.on
        self.balance = available(standing.lots, request.at)
        why = why_cannot_spend(terms, standing, request.at)
        self.cannot_spend = WhyNot(why.value) if why else None

    def rows(self) -> list[Row]:
        """What can be taken now; then what is only short of points, the nearest first."""
        rows = [*self._rewards(), *self._gift_cards()]
        return sorted(rows, key=_order)

    def _rewards(self) -> list[Row]:
        visitor = self.request.visitor
        assert visitor is not None, "signed in"
        assert visitor.member_id is not None, "a member"
        if not _has_rewards(visitor.member_id):
            return []
        business_id = self.request.business.pk
        offered = rewards_for(business_id, visitor.member_id, Where.TILL, at=self.request.at)
        online = Item.objects.filter(pk__in=[each.item_id for each in offered], online=True)
        bookable = set(online.values_list("pk", flat=True))
        return [self._reward(each, is_online=each.item_id in bookable) for each in offered]

    def _reward(self, offered: Offered, *, is_online: bool) -> Row:
        why = WhyNot(offered.why_not) if offered.why_not else None
        why = why if self.runs else WhyNot.LOYALTY_OFF
        can_book = is_online and Kind(offered.kind) in BOOKED
        where = [self.request.business.slug, offered.item_id]
        return Row(
            name=offered.name,
            points=self.formats.points(offered.points),
            can_be_taken=why is None,
            says=why_not(why, offered.missing, self.formats) or _how(offered.kind, here=can_book),
            stamps=_stamps(offered.points, offered.missing, why),
            price=offered.points,
            missing=offered.missing,
            url=reverse("site:book", args=where) if can_book and why is None else "",
            verb=_("Book it"),
        )

    def _gift_cards(self) -> list[Row]:
        if not self.runs or "gift_cards" not in self.request.on:
            return []
        kinds = GiftCardKind.objects.filter(archived_at__isnull=True, by_points=True)
        return [self._gift_card(kind) for kind in kinds.order_by("points_price", "pk")]

    def _gift_card(self, kind: GiftCardKind) -> Row:
        price = kind.points_price or 0
        missing = max(price - self.balance, 0)
        why = self.cannot_spend or (WhyNot.NOT_ENOUGH_POINTS if missing else None)
        where = [self.request.business.slug, kind.pk]
        return Row(
            name=kind.name,
            points=self.formats.points(price),
            can_be_taken=why is None,
            says=why_not(why, missing, self.formats) or _gift(kind, self.formats),
            stamps=_stamps(price, missing, why),
            price=price,
            missing=missing,
            url=reverse("site:take_gift_card", args=where) if why is None else "",
            verb=_("Choose it"),
        )


def _order(row: Row) -> tuple[bool, bool, int, int]:
    return not row.can_be_taken, row.stamps is None, row.missing, row.price


def some_of(rows: Sequence[Row]) -> list[Row]:
    """A few of them: the dearest that can be taken now, and what comes next."""
    now = [row for row in rows if row.can_be_taken]
    later = [row for row in rows if not row.can_be_taken]
    kept = now[-(FEW - 1 if later else FEW) :]
    return [*kept, *later[: FEW - len(kept)]]


def _has_rewards(member_id: UUID) -> bool:
    offered = Reward.objects.filter(archived_at__isnull=True, item__archived_at__isnull=True)
    return offered.filter(programme__member__pk=member_id).exists()


def _stamps(points: int, missing: int, why: WhyNot | None) -> int | None:
    if why is not WhyNot.NOT_ENOUGH_POINTS:
        return None
    return max(points - missing, 0) * STAMPS // points


def _gift(kind: GiftCardKind, formats: Formats) -> str:
    """How a gift card is taken: "A gift card. Valid for 12 months."."""
    said = {"lasting": gift_words.lasting(kind.validity_days, formats)}
    return _("A gift card. %(lasting)s") % said


def _how(kind: str, *, here: bool) -> str:
    if here:
        return _("Take it when you book, or at the till.")
    if Kind(kind) in BOOKED:
        return _("Say so when you book, or at the till.")
    return _("Say so at the till.")


def why_not(why: WhyNot | None, missing: int, formats: Formats) -> str:
    """Why something can't be taken now; empty where it can. ``missing`` is in points."""
    if why is None:
        return ""
    said = {"missing": formats.points(missing)}
    words = {
        WhyNot.NOT_ENOUGH_POINTS: _("%(missing)s to go.") % said,
        WhyNot.FIRST_TIME_ONLY: _("For the first time only, and you have had it."),
        WhyNot.NOT_ACTIVATED: _("Your account is not activated yet. Ask at the till."),
        WhyNot.BLOCKED: _("Your account is blocked. Ask at the till."),
        WhyNot.LOYALTY_OFF: _("Rewards rest at the moment."),
        WhyNot.NOT_RUNNING: _("The programme does not run now."),
    }
    return words.get(why, _("It cannot be taken now. Ask at the till."))
