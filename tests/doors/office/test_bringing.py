"""By whom a customer was brought, on their page in the office (B3, S12)."""

from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope

from regulars.actions.members.cards import CardOrder
from regulars.actions.members.customers import CustomerOrder, create_customer
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.referrals import note_referral
from regulars.actions.setup.wordings import THANKS, set_message
from regulars.members.models import Referral
from regulars.notices.models import Message
from regulars.rows import new_id
from tests.actions.samples import House, a_house, asked, counted
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

NOBODY = "7b3f7f0e-0000-4000-8000-000000000000"


@pytest.fixture
def house() -> House:
    return a_house("salon", welcome_points=0)


@pytest.fixture
def jana(house: House) -> UUID:
    """A new customer."""
    return house.enrol(name="Jana Adler").customer_id


def a_friend(
    house: House, name: str = "Heike Brandt", *, card: str = "A1", **told: object
) -> Enrolment:
    """Somebody who may have brought her."""
    return house.enrol(name=name, card=CardOrder(card), **told)  # type: ignore[arg-type]


def path_of(customer_id: UUID | str, what: str = "") -> str:
    return f"/office/customers/{customer_id}/brought-by/{what}"


def press(client: Client, path: str, status: int = 200, /, **told: object) -> Page:
    """Post a form of the dialog; gives what stands there after."""
    given = {"request_id": str(new_id())} | told
    answer = client.post(path, given, headers=HTMX)
    assert answer.status_code == status, answer.content.decode()
    page = Page(answer.content.decode())
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()
    return page


def referrals(house: House) -> list[Referral]:
    with scope(business=house.business):
        return list(Referral.objects.all())


@pytest.mark.row("S12", door="web")
def test_who_brought_somebody_is_found_noted_and_gets_the_points(
    client: Client, house: House, jana: UUID
) -> None:
    heike = a_friend(house, phone="0151 23456789", consents=("sms",))
    come_in(client, house)

    empty = page_of(client, path_of(jana)).said
    found = press(client, path_of(jana, "find/"), text="hei")
    noted = press(client, path_of(jana), referrer=heike.customer_id)
    answer = client.post(path_of(jana, "points/"), {"request_id": str(new_id())}, headers=HTMX)
    said = page_of(client, f"/office/customers/{jana}/").said

    assert "Who brought Jana Adler" in empty
    assert "Heike Brandt" in found.said
    assert str(heike.customer_id) in found.every("value")
    assert "Add the points?" in noted.said
    assert "Heike Brandt gets 100 points for it." in noted.said
    assert "A text message says thank you to Heike Brandt." in noted.said
    assert answer["HX-Redirect"] == f"/office/customers/{jana}/"
    assert "Heike Brandt has got 100 points." in said
    assert "A text message says thank you to Heike Brandt." in said
    assert ", thanked" in said
    assert house.balance(heike.member_id) == 100
    (message,) = house.messages(heike.customer_id)
    assert (message.template, message.state) == (THANKS, Message.State.WAITING)


@pytest.mark.row("S12", door="web")
def test_no_leaves_it_noted_and_the_points_are_added_later(
    client: Client, house: House, jana: UUID
) -> None:
    heike = a_friend(house)
    come_in(client, house)

    noted = press(client, path_of(jana), referrer=heike.customer_id)
    later = page_of(client, f"/office/customers/{jana}/")
    asked_again = page_of(client, path_of(jana)).said
    nothing_yet = house.balance(heike.member_id)
    press(client, path_of(jana, "points/"))

    assert "referrals-card" in noted.every("id")
    assert "Add the points" in later.said
    assert path_of(jana) in later.every("hx-get")
    assert "Add the points?" in asked_again
    assert nothing_yet == 0
    assert house.balance(heike.member_id) == 100
    assert path_of(jana) not in page_of(client, f"/office/customers/{jana}/").every("hx-get")


@pytest.mark.row("B3", door="web")
@pytest.mark.row("S12", door="web")
@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("0151 23456789", "No text message goes out: Heike Brandt has not agreed to any."),
        ("", "No text message goes out: no phone number of Heike Brandt is known."),
    ],
)
def test_thanks_that_are_held_back_are_said_before_and_after(
    client: Client, house: House, jana: UUID, *, phone: str, said: str
) -> None:
    heike = a_friend(house, phone=phone, email="heike@example.org", consents=("email",))
    come_in(client, house)

    before = press(client, path_of(jana), referrer=heike.customer_id).said
    press(client, path_of(jana, "points/"))
    after = page_of(client, f"/office/customers/{jana}/").said

    assert said in before
    assert said in after
    assert house.balance(heike.member_id) == 100
    assert [message.state for message in house.messages(heike.customer_id)] == ["held"]


@pytest.mark.row("S11", door="web")
def test_thanks_that_are_switched_off_are_not_promised(
    client: Client, house: House, jana: UUID
) -> None:
    heike = a_friend(house, phone="0151 23456789", consents=("sms",))
    set_message(house.id, THANKS, is_on=False)
    come_in(client, house)

    before = press(client, path_of(jana), referrer=heike.customer_id).said
    press(client, path_of(jana, "points/"))
    after = page_of(client, f"/office/customers/{jana}/").said

    assert "the thanks are switched off" in before
    assert "the thanks are switched off" in after


@pytest.mark.row("S12", door="web")
def test_without_a_card_it_is_noted_and_not_asked(client: Client, house: House, jana: UUID) -> None:
    come_in(client, house)
    bea = a_friend(house, "Bea", card="")

    noted = press(client, path_of(jana), referrer=bea.customer_id).said
    refused = press(client, path_of(jana, "points/"), 422).said

    assert "Add the points?" not in noted
    assert "Bea brought Jana Adler" in noted
    assert "Who brought them has no card. Give them one first." in noted
    assert "The points can be added later, here." in noted
    assert "Who brought them has no card." in refused
    assert house.balance(bea.member_id) == 0


@pytest.mark.row("S12", door="web")
def test_who_has_no_account_can_have_brought_somebody(
    client: Client, house: House, jana: UUID
) -> None:
    come_in(client, house)
    olga = create_customer(house.id, CustomerOrder(name="Olga Lebedeva"), request=asked())

    found = press(client, path_of(jana, "find/"), text="olga").said
    noted = press(client, path_of(jana), referrer=olga).said

    assert "Olga Lebedeva No account yet" in found
    assert "Who brought this customer is no member. Enrol them first." in noted


@pytest.mark.row("S12", door="web")
def test_oneself_a_second_one_and_a_circle_are_refused_in_words(
    client: Client, house: House, jana: UUID
) -> None:
    come_in(client, house)
    heike, bea = a_friend(house).customer_id, a_friend(house, "Bea", card="B2").customer_id
    note_referral(house.id, jana, heike, request=asked())

    with nothing_changes():
        oneself = press(client, path_of(heike), 422, referrer=heike).said
        second = press(client, path_of(jana), 422, referrer=bea).said
        circle = press(client, path_of(heike), 422, referrer=jana).said

    assert "Nobody can refer themselves." in oneself
    assert "It is noted already who brought this customer." in second
    assert "Heike Brandt brought Jana Adler" in second
    assert "These two would have brought each other." in circle


@pytest.mark.row("S12", door="web")
def test_sent_twice_it_is_one_referral_and_one_credit(
    client: Client, house: House, jana: UUID
) -> None:
    come_in(client, house)
    heike = a_friend(house)
    told = {"referrer": heike.customer_id, "request_id": str(new_id())}
    credit = {"request_id": str(new_id())}

    for _ in range(2):
        press(client, path_of(jana), **told)
    answers = [client.post(path_of(jana, "points/"), credit, headers=HTMX) for _ in range(2)]
    anew = press(client, path_of(jana, "points/"), 422).said

    assert len(referrals(house)) == 1
    assert [answer["HX-Redirect"] for answer in answers] == [f"/office/customers/{jana}/"] * 2
    assert "were given already" in anew
    assert house.balance(heike.member_id) == 100


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"referrer": ""}, "Choose who brought them."),
        ({"referrer": "x"}, "Choose who brought them."),
        ({"referrer": NOBODY}, "This customer is not there."),
    ],
)
def test_a_choice_of_nobody_is_a_sentence(
    client: Client, house: House, jana: UUID, *, told: dict[str, str], said: str
) -> None:
    come_in(client, house)

    with nothing_changes():
        refused = press(client, path_of(jana), 422, **told).said

    assert said in refused


def test_nobody_of_another_business_is_found_noted_or_credited(
    client: Client, house: House, jana: UUID
) -> None:
    theirs = a_house("salon")
    stranger, friend = theirs.enrol(name="Strange Strella"), a_friend(theirs)
    note_referral(theirs.id, stranger.customer_id, friend.customer_id, request=asked())
    come_in(client, house)

    found = press(client, path_of(jana, "find/"), text="stre").said
    refused = press(client, path_of(jana), 422, referrer=stranger.customer_id).said
    gone = [
        client.get(path_of(stranger.customer_id)),
        client.post(path_of(stranger.customer_id), {"request_id": str(new_id())}),
        client.post(path_of(stranger.customer_id, "points/"), {"request_id": str(new_id())}),
        client.post(path_of(jana, "points/"), {"request_id": str(new_id())}),
    ]

    assert "Nobody is found" in found
    assert "This customer is not there." in refused
    assert [answer.status_code for answer in gone] == [404] * 4
    assert theirs.balance(friend.member_id) == 0


@pytest.mark.parametrize("what", ["", "points/", "find/"])
def test_a_cashier_has_no_business_here(
    client: Client, house: House, jana: UUID, what: str
) -> None:
    come_in(client, house, "cashier")

    assert client.post(path_of(jana, what), {"request_id": str(new_id())}).status_code == 403


def test_the_question_takes_few_statements(client: Client, house: House, jana: UUID) -> None:
    come_in(client, house)
    note_referral(house.id, jana, a_friend(house).customer_id, request=asked())
    client.get(path_of(jana), headers=HTMX)

    with counted() as statements:
        client.get(path_of(jana), headers=HTMX)

    assert len(statements) <= 25, "\n".join(statements)
