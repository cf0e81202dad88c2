"""The page of one till as it stands after each press: with its words."""

from dataclasses import dataclass, field

from django.test import Client

from regulars.till.basket import Basket, read_basket
from regulars.till.pages import SaleScreen
from tests.doors.html import Page


@dataclass
class Pressed:
    """The page of one till: its basket goes back with every press."""

    client: Client
    basket: Basket = field(default_factory=Basket)
    status: int = 0
    screen: SaleScreen | None = None
    said: str = ""

    def press(self, do: str = "", **fields: str) -> "Pressed":
        sent = {"basket": self.basket.model_dump_json(), "do": do, **fields}
        answer = self.client.post("/till/press/", sent, headers={"HX-Request": "true"})
        self.status, self.screen = answer.status_code, answer.context["screen"]
        page = Page(answer.content.decode())
        self.said = page.said
        held = next(its for tag, its in page.tags if its.get("id") == "basket")
        self.basket = read_basket(held["value"])
        return self

    def scan(self, text: str) -> "Pressed":
        return self.press("scan", q=text)
