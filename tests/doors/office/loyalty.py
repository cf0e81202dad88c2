"""The owner of a salon at the office's pages about what customers earn and take."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone
from django_scopes import scope

from regulars.actions.sales.orders import OrderLine, SaleOutcome
from regulars.domain.terms import Terms
from regulars.programmes.models import Reward, Version
from regulars.programmes.queries import terms_of
from regulars.rows import new_id
from tests.browser.houses import House, a_house
from tests.doors.html import Page
from tests.doors.till.entering import a_worker


@dataclass(frozen=True)
class Salon:
    """A salon, and its owner who is signed in."""

    house: House
    client: Client

    def get(self, path: str) -> Page:
        answer = self.client.get(f"/office/{path}")
        assert answer.status_code == 200, answer.status_code
        return well_made(answer)

    def post(self, path: str, status: int = 200, /, **told: Any) -> Page:  # noqa: ANN401 - fields of any kind
        """What is answered, where it leads to."""
        answer = self.client.post(f"/office/{path}", told, follow=status == 200)
        assert answer.status_code == status, answer.content.decode()
        return well_made(answer)

    @property
    def terms(self) -> Terms:
        """Those that were saved last."""
        with scope(business=self.house.business):
            return terms_of(Version.objects.latest("number").pk)

    @property
    def number(self) -> int:
        with scope(business=self.house.business):
            return Version.objects.latest("number").number

    def settings(self, **changes: str) -> dict[str, str]:
        """The fields of the programme's page as they stand, with some changed; "" takes one out."""
        level = self.terms.lowest
        held = {
            f"rate-{level.id}-service": "1",
            f"rate-{level.id}-product": "2",
            "reward_factor": "14",
            "needs_card": "on",
            "number": str(self.number),
        }
        named = {
            name if name in held or name.startswith("needs") else f"rate-{level.id}-{name}": value
            for name, value in changes.items()
        }
        return {name: value for name, value in (held | named).items() if value != ""}

    def rewards(self) -> list[Reward]:
        with scope(business=self.house.business):
            return list(Reward.objects.select_related("item").order_by("points", "pk"))

    def sell(self, member_id: UUID, *lines: OrderLine, **rest: object) -> SaleOutcome:
        return self.house.sell(*lines, member_id=member_id, at=timezone.now(), **rest)  # type: ignore[arg-type]


def a_salon(client: Client, kind: str = "salon") -> Salon:
    house = a_house(kind)
    client.force_login(a_worker(house.business, "owner", name="Katrin Seidel").user)
    return Salon(house, client)


def well_made(answer: Any) -> Page:  # noqa: ANN401 - the test client's own kind of response
    """A page that keeps to the policy, whatever it says."""
    page = Page(answer.content.decode())
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()
    return page


def fresh() -> str:
    """A request id, as a page carries one."""
    return str(new_id())
