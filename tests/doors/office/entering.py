"""Staff in the office, for the tests of it."""

from typing import TypeVar

from django.test import Client
from django_scopes import scope

from regulars.business.models import Business, Staff
from regulars.business.scoped import OfBusiness
from regulars.rows import new_id
from tests.actions.samples import House
from tests.doors.html import Page
from tests.doors.till.entering import a_worker

Row = TypeVar("Row", bound=OfBusiness)

HTMX = {"HX-Request": "true"}


def come_in(client: Client, house: House | Business, role: str = "owner") -> Staff:
    """Sign in as somebody new of the staff; where they work only there, the office is open."""
    business = house.business if isinstance(house, House) else house
    staff = a_worker(business, role, name="Katrin Seidel")
    client.force_login(staff.user)
    return staff


def page_of(client: Client, path: str) -> Page:
    """A page of the office, looked at for what no page may have."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    page = Page(answer.content.decode())
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()
    return page


def posted(client: Client, path: str, status: int = 302, **typed: object) -> str:
    """What a form is answered with."""
    answer = client.post(path, {"request_id": str(new_id())} | typed)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def only(house: House, model: type[Row]) -> Row:
    """The one row that a business has of a table."""
    with scope(business=house.business):
        row = model._default_manager.get()
    assert isinstance(row, model)
    return row
