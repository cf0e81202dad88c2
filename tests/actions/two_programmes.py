"""A business with a second programme, for accounts that go from one to the other."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.setup.setting_up import bring_in
from regulars.programmes.draft import Draft
from tests.actions.selling_builders import NOON, Shop, some_days
from tests.domain.builders import a_level, cashback

LAST = NOON + some_days(10_000)


def in_another_programme(shop: Shop, *, name: str = "Stars", **terms: object) -> Shop:
    """The same business, and a second programme like its first."""
    full = cashback(5, payable=100)
    guest = a_level("Guest", product=full, service=full)
    like = replace(shop.terms, **({"levels": (guest,)} | terms))  # type: ignore[arg-type]
    at = NOON - some_days(400)
    with scope(business=shop.business):
        draft = Draft(name, like, "star", "stars", ("till", "staff"), "cashier", "", {})
        version = bring_in(shop.id, draft, author=None, at=at)
        return replace(shop, programme=version.programme)


def left_in(shop: Shop, member: UUID) -> list[tuple[int, datetime | None]]:
    """Points left and until when they can be used; the first to end first."""
    lots = [(lot.points_left, lot.usable_until) for lot in shop.lots(member) if lot.points_left]
    return sorted(lots, key=lambda lot: (lot[1] or LAST, lot[0]))
