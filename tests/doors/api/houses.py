"""A business that is set up and run over HTTP alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import time_machine

from regulars.actions.setup.setting_up import new_business
from regulars.business.models import Business, Staff, User
from tests.actions.selling_builders import NOON
from tests.doors.api.calls import Api, an_api, in_cash, in_points

OPENED = NOON - timedelta(days=400)

_slugs = count(1)


@dataclass(frozen=True)
class House:
    """One business with its key, its programme and its till."""

    api: Api
    programme_id: str
    till_id: str

    def promise(self, *levels: Mapping[str, Any], at: datetime = OPENED, **terms: Any) -> None:  # noqa: ANN401 - settings of any kind
        """Let other terms hold from an instant on."""
        given = {
            "point_value_minor": 100,
            "joins_by": ["till", "staff", "online"],
            "levels": levels,
        }
        with time_machine.travel(at, tick=False):
            self.api.do(f"/programmes/{self.programme_id}/versions", **(given | terms))

    def enrol(self, *, at: datetime = OPENED, points: int = 0, **rest: object) -> str:
        """A member, perhaps with points by hand."""
        person = {"name": "Irina"} | rest
        with time_machine.travel(at, tick=False):
            made = self.api.do("/members", programme_id=self.programme_id, **person)
            if points:
                self.give(made["member_id"], points)
        return str(made["member_id"])

    def give(self, member: str, points: int, **rest: object) -> dict[str, Any]:
        body = {"points": points, "note": "From before", **rest}
        return self.api.do(f"/members/{member}/adjustments", **body)

    def sell(
        self,
        member: str | None,
        *lines: Mapping[str, Any],
        at: datetime = NOON,
        points: int = 0,
        pays: Sequence[Mapping[str, Any]] = (),
        **rest: object,
    ) -> dict[str, Any]:
        """Sell, paid whole: with these points and payments, the rest in cash."""
        order = {"lines": lines, "member_id": member, "till_id": self.till_id}
        with time_machine.travel(at, tick=False):
            left = self.api.ask("/quotes", **order, points=points)["to_pay_minor"]
            left -= sum(payment["amount_minor"] for payment in pays)
            payments = [
                *([in_points(points)] if points else []),
                *pays,
                *([in_cash(left)] if left else []),
            ]
            return self.api.do("/sales", **order, payments=payments, **rest)

    def refund(
        self, sale: Mapping[str, Any], *parts: Mapping[str, Any], at: datetime = NOON
    ) -> dict[str, Any]:
        """What the preview says, and then the refund does."""
        path = f"/sales/{sale['id']}/refunds"
        with time_machine.travel(at, tick=False):
            shown = self.api.ask(f"{path}/preview", parts=parts)
            done = self.api.do(path, parts=parts)
        assert {**shown, "operation_id": done["operation_id"]} == done
        return done

    def member(self, member: str, at: datetime = NOON) -> dict[str, Any]:
        with time_machine.travel(at, tick=False):
            return self.api.get(f"/members/{member}")


def a_house(template: str, currency: str) -> House:
    business = new_business(
        name="Zarya",
        slug=f"house-{next(_slugs)}",
        template=template,
        currency=currency,
        timezone="Europe/Moscow",
        locale="en",
        city="Moscow",
        accent=(12, 105),
        at=OPENED - timedelta(days=1),
    )
    api = an_api(business.pk, staff_email=an_owner_of(business))
    [programme] = api.get("/programmes")["programmes"]
    [till] = api.get("/tills")["tills"]
    return House(api, programme["id"], till["id"])


def an_owner_of(business: Business) -> str:
    user = User.objects.create_user(f"owner@{business.slug}.example")
    Staff.objects.create(business=business, user=user, role="owner", name="Owner")
    return user.email


def a_cinema() -> House:
    """Bonuses worth 1.00; nothing is promised yet but what the template does."""
    return a_house("cinema", "RUB")


def a_salon() -> House:
    """1 point per 1.00 for services, 2 for products, only for who has a card."""
    return a_house("salon", "EUR")


def level(name: str = "Guest", priority: int = 1, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - settings of any kind
    """A level: ``ticket=(5, 10)`` is 5 % cashback, and 10 % of it payable with points."""
    kinds = [
        {
            "kind": kind,
            "rate_basis": "cashback",
            "rate_ppm": percent * 10_000,
            "payable_ppm": payable * 10_000,
        }
        for kind in ("ticket", "product", "service")
        for percent, payable in [rest.pop(kind, (0, 0))]
    ]
    return {"name": name, "priority": priority, "kinds": kinds, **rest}


def some_days(days: float) -> timedelta:
    return timedelta(days=days)
