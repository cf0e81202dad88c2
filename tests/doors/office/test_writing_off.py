"""What a member owes is let go by an owner, in the office (refunds, f)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.visits.bookings import cancel_booking
from regulars.rows import new_id
from tests.actions.samples import DUE, NOON, House, a_house, a_visit, asked, credited, days
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

HOUR = timedelta(hours=1)


@pytest.fixture
def house() -> House:
    return a_house("studio")


def in_debt(house: House) -> tuple[UUID, UUID]:
    """Somebody who has spent 10 of the 15 points of a visit that was then called off.

    Gives the ids of the customer and the member.
    """
    joined = house.enrol(at=NOON - days(2), name="Nora Ashby")
    visit = a_visit(house, joined.customer_id, points=15)
    credited(house, visit)
    spent = AdjustOrder(joined.member_id, -10, "By hand")
    adjust(house.id, spent, request=asked(DUE + HOUR, house.owner))
    cancel_booking(house.id, visit, request=asked(DUE + 2 * HOUR))
    return joined.customer_id, joined.member_id


def path_of(member_id: UUID) -> str:
    return f"/office/points/{member_id}/write-off/"


def told(note: str = "Moved away") -> dict[str, str]:
    return {"request_id": str(new_id()), "note": note}


@pytest.mark.row("f", door="web")
def test_an_owner_writes_off_what_is_owed_and_the_history_says_so(
    client: Client, house: House
) -> None:
    come_in(client, house)
    customer_id, member_id = in_debt(house)
    page = page_of(client, f"/office/customers/{customer_id}/")
    assert "10 points are owed." in page.said
    assert path_of(member_id) in page.every("hx-get")

    dialog = Page(client.get(path_of(member_id), headers=HTMX).content.decode())
    request = told()
    done = client.post(path_of(member_id), request, headers=HTMX)
    again = client.post(path_of(member_id), request, headers=HTMX)

    assert "Write off 10 points" in dialog.said
    assert done["HX-Redirect"] == again["HX-Redirect"] == f"/office/customers/{customer_id}/"
    assert house.owed(member_id) == 0
    after = page_of(client, f"/office/customers/{customer_id}/").said
    assert "10 points written off. Nothing is owed now." in after
    assert "are owed" not in after
    assert "Moved away" in after


@pytest.mark.parametrize("note", ["", " ", "x" * 501, "\0"])
def test_without_a_reason_nothing_is_written_off(client: Client, house: House, note: str) -> None:
    come_in(client, house)
    _, member_id = in_debt(house)

    with nothing_changes():
        answer = client.post(path_of(member_id), told(note), headers=HTMX)

    assert answer.status_code == 422
    assert "field-error" in Page(answer.content.decode()).classes


def test_a_manager_is_not_offered_it_and_is_told_that_an_owner_does_it(
    client: Client, house: House
) -> None:
    come_in(client, house, "manager")
    customer_id, member_id = in_debt(house)

    page = page_of(client, f"/office/customers/{customer_id}/")
    with nothing_changes():
        answer = client.post(path_of(member_id), told(), headers=HTMX)

    assert "10 points are owed." in page.said
    assert path_of(member_id) not in page.every("hx-get")
    assert answer.status_code == 422
    assert "Your role does not cover this." in Page(answer.content.decode()).said


def test_where_nothing_is_owed_there_is_nothing_to_press(client: Client, house: House) -> None:
    come_in(client, house)
    member_id = house.enrol().member_id

    dialog = Page(client.get(path_of(member_id), headers=HTMX).content.decode())
    answer = client.post(path_of(member_id), told(), headers=HTMX)

    assert "Nothing is owed any more." in dialog.said
    assert "write-off-submit" not in dialog.every("id")
    assert answer.status_code == 422
    assert "This account owes nothing." in Page(answer.content.decode()).said
