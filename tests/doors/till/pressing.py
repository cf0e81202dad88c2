"""Somebody at the sale screen: presses its buttons as the page does, and reads what it shows."""

from dataclasses import dataclass, field
from uuid import UUID

from django.test import Client
from django.urls import reverse

from regulars.business.models import Business
from regulars.till.basket import Basket
from regulars.till.pages import SaleScreen
from tests.doors.till.entering import a_worker, come_in


@dataclass
class Cashier:
    """A page that holds a basket, and sends it with every press."""

    client: Client
    basket: Basket = field(default_factory=Basket)
    status: int = 200

    def press(self, do: str = "", **fields: str) -> SaleScreen:
        """Press a button; ``coupon_code`` is the field coupon-code."""
        sent = {name.replace("_", "-"): text for name, text in fields.items()}
        sent |= {"basket": self.basket.model_dump_json(), "do": do}
        answer = self.client.post(reverse("till:press"), sent, headers={"HX-Request": "true"})
        self.status = answer.status_code
        screen: SaleScreen = answer.context["screen"]
        self.basket = screen.basket
        return screen

    def said(self, do: str, **fields: str) -> str:
        """Press a button that is refused; gives the sentences."""
        screen = self.press(do, **fields)
        assert self.status == 422
        return " ".join(notice.text for notice in screen.notices)


def a_cashier(business: Business, till_id: UUID | None = None) -> Cashier:
    """At this till of a business, or its only one."""
    return Cashier(come_in(Client(), a_worker(business), till_id))
