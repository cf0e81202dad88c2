"""Somebody at the page of a refund: fills it in as the page does, and reads what it shows."""

from dataclasses import dataclass, field
from uuid import UUID

from django.test import Client
from django.urls import reverse
from django_scopes import scope

from regulars.actions.sales.orders import SaleOutcome
from regulars.business.models import Staff
from regulars.reports.giving_back import Moved
from regulars.sales.models import Refund
from tests.actions.selling_builders import Shop
from tests.doors.html import Page
from tests.doors.till.entering import a_worker, come_in


@dataclass
class RefundPage:
    """The page of one refund, and what it last showed."""

    client: Client
    sale: SaleOutcome
    fields: dict[str, str] = field(default_factory=dict)
    status: int = 200
    said: str = ""
    moved: tuple[Moved, ...] = ()

    @property
    def address(self) -> str:
        return reverse("till:refund", args=[self.sale.sale_id])

    def look(self, do: str = "look", **fields: object) -> str:
        """Fill in ``quantity_1``, ``value_2`` and so on, and see; gives what the page says."""
        typed = {name.replace("_", "-"): str(value) for name, value in fields.items()}
        self.fields |= typed
        answer = self.client.post(self.address, {**self.fields, "do": do})
        self.status, text = answer.status_code, answer.content.decode()
        if self.status == 302:
            return ""
        page = Page(text)
        assert page.own_code_or_style == []
        assert page.ids_used_twice == set()
        self.said, self.moved = page.said, answer.context["moved"]
        self.fields["request_id"] = str(answer.context["request_id"])
        self.fields["seen"] = answer.context["seen"]
        for piece in answer.context["pieces"]:
            self.fields[piece.quantity_id] = piece.quantity
            self.fields[piece.value_id] = piece.value
        return self.said

    def confirm(self, **fields: str) -> str:
        """Give back what is shown; empty where that was done."""
        self.fields |= fields
        return self.look("confirm")

    def shows(self) -> list[str]:
        """What it moves, label and amount."""
        return [f"{each.label}: {each.amount}" for each in self.moved]


def the_page(client: Client, sale_id: UUID) -> Page:
    """The page of a sale."""
    return Page(client.get(reverse("till:sale", args=[sale_id])).content.decode())


def refund_page(
    shop: Shop, sale: SaleOutcome, role: str = "cashier", **columns: object
) -> RefundPage:
    """Opened by somebody who has just come to work."""
    staff = a_worker(shop.business, role)
    with scope(business=shop.business):
        Staff.objects.filter(pk=staff.pk).update(**columns)
    return RefundPage(come_in(Client(), staff, shop.till.pk), sale)


def refunds_of(shop: Shop, sale: SaleOutcome) -> list[Refund]:
    with scope(business=shop.business):
        return list(Refund.objects.filter(sale=sale.sale_id).order_by("id"))
