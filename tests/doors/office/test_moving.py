"""An account moves to another programme, in the office (C15)."""

from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.cards import CardOrder
from regulars.business.models import Till
from regulars.members.models import Member
from regulars.rows import new_id
from tests.actions.samples import House, a_house, a_staff, asked
from tests.actions.selling_builders import Shop
from tests.actions.two_programmes import in_another_programme
from tests.doors.html import Page
from tests.doors.office.entering import come_in, page_of
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.row("C15", door="web")]


@pytest.fixture
def house() -> House:
    return a_house("salon", welcome_points=50, welcome_days=0)


def another_programme(house: House) -> Shop:
    return in_another_programme(
        Shop(house.business, house.programme, Till()),
        point_value_minor=100,
        welcome_points=20,
        needs_card=False,
    )


def path_of(customer_id: object, rate: str = "") -> str:
    return f"/office/customers/{customer_id}/move/" + (f"?{rate}" if rate else "")


def form_of(page: Page) -> dict[str, str]:
    """The hidden fields of the confirmation, as the page carries them."""
    hidden = [its for tag, its in page.tags if tag == "input" and its.get("type") == "hidden"]
    return {its["name"]: its["value"] for its in hidden if its["name"] != "csrfmiddlewaretoken"}


def open_account(house: House, customer_id: UUID) -> Member:
    with scope(business=house.business):
        return Member.objects.select_related("programme", "account").get(
            customer_id=customer_id, closed_at__isnull=True
        )


def test_an_account_is_moved_as_it_was_shown(client: Client, house: House) -> None:
    stars, anna = another_programme(house), house.enrol(name="Anna Berg", card=CardOrder("A1"))
    come_in(client, house.business)

    menu = page_of(client, f"/office/customers/{anna.customer_id}/")
    asks = page_of(client, path_of(anna.customer_id))
    shown = page_of(client, path_of(anna.customer_id, "points=1&per_points=3"))
    answer = client.post(path_of(anna.customer_id), form_of(shown), follow=True)

    assert "Move to another programme" in menu.said
    assert "What it comes to" not in asks.said
    for words in (
        "50 points become 16 stars, which can be used as long as before.",
        "After it there are 16 stars to use.",
        "1 card comes along and goes on working.",
        "There is no welcome bonus: they are no newcomer.",
    ):
        assert words in shown.said
    assert (
        "The account is in Stars now, with 16 stars to use." in Page(answer.content.decode()).said
    )
    account = open_account(house, anna.customer_id)
    assert (account.programme.pk, account.account.balance) == (stars.programme.pk, 16)


def test_the_history_of_the_account_that_closed_stays(client: Client, house: House) -> None:
    another_programme(house)
    anna, other = house.enrol(name="Anna Berg"), house.enrol(name="Bea")
    come_in(client, house.business)
    path = path_of(anna.customer_id)
    client.post(path, form_of(page_of(client, f"{path}?points=1")))

    now = page_of(client, f"/office/customers/{anna.customer_id}/")
    closed = f"/accounts/{anna.member_id}/"
    before = page_of(client, f"/office/customers/{anna.customer_id}{closed}")

    assert "Carried over from another programme" in now.said
    assert "Earlier accounts" in now.said
    assert "Moved to another programme" in before.said
    assert "Welcome bonus" in before.said
    strangers = f"/office/customers/{other.customer_id}{closed}"
    assert client.get(strangers).status_code == 404


def test_sent_twice_it_is_done_once(client: Client, house: House) -> None:
    another_programme(house)
    anna = house.enrol(name="Anna Berg")
    come_in(client, house.business)
    form = form_of(page_of(client, path_of(anna.customer_id, "points=2")))

    first = client.post(path_of(anna.customer_id), form)
    again = client.post(path_of(anna.customer_id), form)

    assert (first.status_code, again.status_code) == (302, 302)
    assert open_account(house, anna.customer_id).account.balance == 100


def test_what_was_not_looked_at_is_not_done(client: Client, house: House) -> None:
    another_programme(house)
    anna = house.enrol(name="Anna Berg")
    come_in(client, house.business)
    form = form_of(page_of(client, path_of(anna.customer_id, "points=2")))
    owner = a_staff(house.business, "owner")
    order = AdjustOrder(anna.member_id, 5, "For the wait")
    adjust(house.id, order, request=asked(actor=owner))

    with nothing_changes():
        unseen = client.post(path_of(anna.customer_id), {**form, "expect": ""})
        changed = client.post(path_of(anna.customer_id), form)

    assert (unseen.status_code, changed.status_code) == (422, 422)
    assert "Look at what it comes to first, and press again." in unseen.content.decode()
    assert "This has changed since it was shown." in changed.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("lots", "The rate is two whole numbers. Type them in digits."),
        ("-3", "The number of stars cannot be less than 0. Enter more."),
    ],
)
def test_a_rate_that_is_no_number_is_said(
    client: Client, house: House, typed: str, words: str
) -> None:
    another_programme(house)
    anna = house.enrol(name="Anna Berg")
    come_in(client, house.business)

    page = page_of(client, path_of(anna.customer_id, f"points={typed}"))

    assert words in page.said
    assert "What it comes to" not in page.said


def test_with_one_programme_nobody_moves(client: Client, house: House) -> None:
    anna = house.enrol(name="Anna Berg")
    come_in(client, house.business)

    page = page_of(client, f"/office/customers/{anna.customer_id}/")

    assert "Move to another programme" not in page.said
    assert client.get(path_of(anna.customer_id)).status_code == 404
    assert client.get(path_of(new_id())).status_code == 404
