"""Staff at a till, for the tests of it."""

from uuid import UUID

from django.test import Client
from django_scopes import scope

from regulars.actions.staff.limits import add_staff
from regulars.actions.staff.passwords import set_password
from regulars.actions.staff.pins import set_pin
from regulars.business.models import Business, Place, Staff, Till
from regulars.rows import new_id

PASSWORD = "seven grey herons"
PIN = "7412"

HOME = "/till/pin/"
"""A page that only somebody at work sees."""


def a_worker(
    business: Business,
    role: str = "cashier",
    *,
    name: str = "Pavel Kuznetsov",
    pin: str = "",
    email: str = "",
) -> Staff:
    """Somebody who works there and can sign in; with a PIN where one is given."""
    email = email or f"{new_id()}@example.org"
    staff_id = add_staff(business.pk, email, Staff.Role(role), name=name)
    set_password(email, PASSWORD)
    with scope(business=business):
        staff = Staff.objects.select_related("user").get(pk=staff_id)
    if pin:
        set_pin(staff, pin)
    return staff


def a_till(business: Business, name: str = "Till 2", place: str = "Foyer") -> UUID:
    """One more till, at a place of its own."""
    with scope(business=business):
        at = Place.objects.create(business=business, name=place)
        return Till.objects.create(business=business, place=at, name=name, takes=["cash"]).pk


def come_in(client: Client, staff: Staff, till_id: UUID | None = None) -> Client:
    """Sign in, and stand at a till; the only one of the business unless told."""
    client.force_login(staff.user)
    client.post("/till/choose/", {"till": str(till_id or "")})
    return client


def unlock(client: Client, staff: Staff, pin: str = PIN) -> int:
    answer = client.post("/till/unlock/", {"staff": str(staff.pk), "pin": pin})
    return answer.status_code


def who_acts(client: Client) -> str:
    """By the bar; empty where nobody is let in."""
    answer = client.get(HOME)
    return answer.context["request"].shift.staff.name if answer.status_code == 200 else ""
