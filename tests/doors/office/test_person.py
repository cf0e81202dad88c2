"""A customer in the office: noted, looked at, changed (C14, C15, C18, C19, S8)."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from regulars.actions.keyed import decrypt
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.referrals import note_referral
from regulars.members.models import Card, Consent, Contact, Customer, GroupMember, Member
from regulars.rows import new_id
from tests.actions.samples import House, a_house, asked, counted
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of

pytestmark = pytest.mark.django_db

NEW = "/office/customers/new/"
NOBODY = "7b3f7f0e-0000-4000-8000-000000000000"


@pytest.fixture
def house() -> House:
    return a_house("salon", welcome_points=50, welcome_days=0)


def path_of(customer_id: UUID | str, what: str = "") -> str:
    return f"/office/customers/{customer_id}/{what}"


def said_by(answer: object) -> str:
    return Page(answer.content.decode()).said  # type: ignore[attr-defined]


def told_of(house: House, **told: object) -> dict[str, object]:
    """A form for somebody new, filled in."""
    given = {
        "request_id": str(new_id()),
        "programme": str(house.programme.pk),
        "name": "Irina Sokolova",
    }
    return given | told


@pytest.mark.row("C15", door="web")
def test_a_new_customer_is_noted_with_everything_and_welcomed(client: Client, house: House) -> None:
    come_in(client, house)
    group_id = house.a_group("Students")
    told = told_of(
        house,
        phone="0151 23456789",
        email="Irina@Example.org",
        consent_email="on",
        code_word="heron",
        born="1990-05-17",
        language="de",
        note="Likes the window seat",
        groups=[str(group_id)],
        card_number="2031 884",
    )

    noted = client.post(NEW, told)
    said = page_of(client, noted["Location"]).said

    assert "Noted, with an account and 50 points to start with." in said
    assert "To use now 50 points" in said
    assert "Code word heron Birthday 17 May 1990 Groups Students Note Likes the window" in said
    assert "+49 1512 3456789" in said
    assert "irina@example.org" in said
    assert "E-mail Yes" in said
    assert "Text message No" in said
    assert "2031 884" in said
    with scope(business=house.business):
        customer = Customer.objects.get()
    assert (customer.born, customer.source) == (date(1990, 5, 17), "office")


@pytest.mark.row("C15", door="web")
def test_the_same_form_sent_twice_is_one_customer(client: Client, house: House) -> None:
    come_in(client, house)
    told = [told_of(house, email="a@example.org"), told_of(house, programme="", name="Olga")]

    for each in told:
        first, second = client.post(NEW, each), client.post(NEW, each)
        assert first["Location"] == second["Location"]

    with scope(business=house.business):
        assert Customer.objects.count() == 2
        assert Member.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"phone": "12"}, "This is no phone number."),
        ({"email": "irina"}, "This is no e-mail address."),
        ({"consent_email": "on"}, "Enter the e-mail address, or take the tick out."),
        ({"born": "2999-01-01"}, "This day is still to come."),
        ({"programme": NOBODY}, "This programme is not there."),
        ({"name": ""}, "Enter a name"),
        ({"name": "a\0b"}, "Not saved yet."),
        ({"groups": [NOBODY]}, "Not saved yet."),
        ({"request_id": "x"}, "Not saved yet."),
        ({"card_number": "4111 1111 1111 1111"}, "card"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_noted(
    client: Client, house: House, told: dict[str, object], said: str
) -> None:
    come_in(client, house)

    answer = client.post(NEW, told_of(house, **told))

    assert answer.status_code == 422
    assert said in said_by(answer)
    with scope(business=house.business):
        assert not Customer.objects.exists()


@pytest.mark.row("C15", door="web")
def test_whose_contact_it_is_already_is_said_with_the_way_to_them(
    client: Client, house: House
) -> None:
    come_in(client, house)
    there = house.enrol(name="Olga Lebedeva", email="olga@example.org")

    answer = client.post(NEW, told_of(house, email="OLGA@example.org"))

    page = Page(answer.content.decode())
    assert answer.status_code == 422
    assert "This is already the contact of Olga Lebedeva, o···@example.org." in page.said
    assert path_of(there.customer_id) in page.addresses


@pytest.mark.row("C15", door="web")
def test_the_page_shows_the_account_and_its_history(client: Client, house: House) -> None:
    come_in(client, house)
    irina, olga = house.enrol(name="Irina"), house.enrol(name="Olga")
    order = AdjustOrder(irina.member_id, 20, "Helped to carry chairs")
    adjust(house.id, order, request=asked(timezone.now(), house.owner))
    note_referral(house.id, olga.customer_id, irina.customer_id, request=asked())

    said = page_of(client, path_of(irina.customer_id)).said

    assert "To use now 70 points" in said
    assert "Helped to carry chairs +20" in said
    assert "Brought Olga" in said
    assert "Brought by Irina" in page_of(client, path_of(olga.customer_id)).said


def test_a_page_costs_the_same_however_much_there_is(client: Client, house: House) -> None:
    come_in(client, house)
    one, other = house.enrol(phone="0151 1111111"), house.enrol()
    for number in range(6):
        order = AdjustOrder(one.member_id, 20 + number, "Thanks")
        adjust(house.id, order, request=asked(timezone.now(), house.owner))
    client.get(path_of(other.customer_id))

    with counted() as busy:
        client.get(path_of(one.customer_id))
    with counted() as quiet:
        client.get(path_of(other.customer_id))

    assert len(busy) <= len(quiet) + 1  # What was sold, where something was.
    assert len(busy) <= 20


@pytest.mark.parametrize(
    "what",
    ["", "details/", "contacts/", "account/", "card/", "secret/"],
)
def test_nobody_of_another_business_is_shown(client: Client, house: House, what: str) -> None:
    theirs = a_house("salon").enrol().customer_id
    come_in(client, house)

    assert client.get(path_of(theirs, what)).status_code == 404
    assert client.get(path_of(NOBODY, what)).status_code == 404


@pytest.mark.parametrize(
    "what", [f"contacts/{NOBODY}/release/", "consent/", "any-reward/", "activate/", "block/"]
)
def test_nobody_of_another_business_is_changed(client: Client, house: House, what: str) -> None:
    theirs = a_house("salon").enrol().customer_id
    come_in(client, house)

    told = {"channel": "email", "granted": "yes", "lifted": "on"}
    assert client.post(path_of(theirs, what), told).status_code == 404


def test_whoever_was_merged_leads_to_who_was_kept(client: Client, house: House) -> None:
    come_in(client, house)
    kept, merged = house.enrol().customer_id, house.enrol().customer_id
    with scope(business=house.business):
        Customer.objects.filter(pk=merged).update(merged_into=kept)

    assert client.get(path_of(merged))["Location"] == path_of(kept)


@pytest.mark.row("C14", door="web")
def test_details_and_groups_are_changed(client: Client, house: House) -> None:
    come_in(client, house)
    students, staff = house.a_group("Students"), house.a_group("Staff")
    customer_id = house.enrol(name="Irina", group_ids=(students,)).customer_id
    told = {"request_id": str(new_id()), "name": "Irina S.", "code_word": "heron"}

    shown = client.get(path_of(customer_id, "details/"), headers=HTMX)
    before = held_in(shown)
    saved = client.post(path_of(customer_id, "details/"), before | told | {"groups": [str(staff)]})
    refused = client.post(path_of(customer_id, "details/"), before | told | {"born": "soon"})

    assert "Students" in said_by(shown)
    assert before["groups_before"] == [str(students)]
    assert held_in(refused) | {"request_id": None} == before | {"request_id": None}
    assert saved["HX-Redirect"] == path_of(customer_id)
    assert refused.status_code == 422
    with scope(business=house.business):
        customer = Customer.objects.get(pk=customer_id)
        groups = set(GroupMember.objects.values_list("group_id", flat=True))
    assert (customer.name, groups) == ("Irina S.", {staff})
    assert decrypt(customer.code_word_encrypted or b"") == "heron"


def held_in(answer: object) -> dict[str, Any]:
    """What the hidden fields of a dialog send back; groups as a list."""
    page = Page(answer.content.decode())  # type: ignore[attr-defined]
    fields = [its for tag, its in page.tags if tag == "input" and its.get("type") == "hidden"]
    names = {its["name"]: its["value"] for its in fields}
    names.pop("csrfmiddlewaretoken", None)
    groups = [its["value"] for its in fields if its["name"] == "groups_before"]
    return names | {"groups_before": groups}


@pytest.mark.row("C15", door="web")
def test_what_somebody_else_changed_meanwhile_stays(client: Client, house: House) -> None:
    come_in(client, house)
    students, staff = house.a_group("Students"), house.a_group("Staff")
    customer_id = house.enrol(name="Irina", group_ids=(students,)).customer_id
    path = path_of(customer_id, "details/")
    mine, theirs = (held_in(client.get(path, headers=HTMX)) for _ in range(2))

    client.post(path, theirs | {"name": "Irina S.", "groups": [str(students), str(staff)]})
    saved = client.post(
        path, mine | {"name": "Irina", "note": "By the window", "groups": [str(students)]}
    )

    assert saved["HX-Redirect"] == path_of(customer_id)
    with scope(business=house.business):
        customer = Customer.objects.get(pk=customer_id)
        groups = set(GroupMember.objects.values_list("group_id", flat=True))
    assert (customer.name, customer.note) == ("Irina S.", "By the window")
    assert groups == {students, staff}


@pytest.mark.row("C15", door="web")
def test_nobody_is_born_tomorrow(client: Client, house: House) -> None:
    come_in(client, house)
    customer_id = house.enrol(name="Irina").customer_id
    path = path_of(customer_id, "details/")

    answer = client.post(path, held_in(client.get(path)) | {"born": "9999-12-31"})

    assert answer.status_code == 422
    assert "This day is still to come. Check it." in said_by(answer)


@pytest.mark.row("C15", door="web")
def test_a_contact_is_added_beside_others_and_given_up(client: Client, house: House) -> None:
    come_in(client, house)
    one = house.enrol(phone="0151 1111111").customer_id
    other = house.enrol(email="olga@example.org", name="Olga").customer_id
    told = {"request_id": str(new_id()), "phone": "0151 2222222"}

    added = [client.post(path_of(one, "contacts/"), told) for _ in range(2)]
    taken = client.post(path_of(one, "contacts/"), told | {"email": "olga@example.org"})
    nothing = client.post(path_of(one, "contacts/"), {"request_id": str(new_id())})
    with scope(business=house.business):
        contact = Contact.objects.get(customer=other)
    client.post(path_of(other, f"contacts/{contact.pk}/release/"))
    free = client.post(path_of(one, "contacts/"), told | {"email": "olga@example.org"})

    assert [answer["HX-Redirect"] for answer in added] == [path_of(one)] * 2
    assert (taken.status_code, nothing.status_code) == (422, 422)
    assert "This is already the contact of Olga" in said_by(taken)
    assert "Type a phone number or an e-mail address." in said_by(nothing)
    assert free["HX-Redirect"] == path_of(one)
    with scope(business=house.business):
        held = Contact.objects.filter(customer=one, released_at=None)
        assert set(held.values_list("value", flat=True)) == {
            "+491511111111",
            "+491512222222",
            "olga@example.org",
        }


def test_a_consent_is_noted_with_where_it_was_said_and_kept(client: Client, house: House) -> None:
    come_in(client, house)
    customer_id = house.enrol(email="a@example.org", consents=("email",)).customer_id

    client.post(path_of(customer_id, "consent/"), {"channel": "email", "granted": "no"})
    said = page_of(client, path_of(customer_id)).said

    assert "E-mail No" in said
    assert "in the office Before Yes, 10 Mar, at the till" in said
    with scope(business=house.business):
        assert Consent.objects.count() == 2
    unknown = client.post(path_of(customer_id, "consent/"), {"channel": "fax", "granted": "yes"})
    assert unknown.status_code == 404


@pytest.mark.row("S8", door="web")
def test_the_first_time_rule_is_lifted_for_one_customer_and_set_again(
    client: Client, house: House
) -> None:
    come_in(client, house)
    one, other = house.enrol().customer_id, house.enrol().customer_id
    path = path_of(one, "any-reward/")

    answers = [client.post(path, {"lifted": "on"}, headers=HTMX).status_code for _ in range(2)]
    lifted = [house.customer(each).reward_rule_lifted for each in (one, other)]
    client.post(path, {})

    assert answers == [204, 204]
    assert lifted == [True, False]
    assert house.customer(one).reward_rule_lifted is False


@pytest.mark.row("C15", door="web")
def test_an_account_is_opened_for_somebody_who_is_known(client: Client, house: House) -> None:
    come_in(client, house)
    noted = client.post(NEW, told_of(house, programme=""))["Location"]
    told = {"request_id": str(new_id()), "programme": str(house.programme.pk)}

    before = page_of(client, noted).said
    opened = [client.post(f"{noted}account/", told) for _ in range(2)]
    again = client.post(f"{noted}account/", told | {"request_id": str(new_id())})

    assert "No account yet" in before
    assert [answer["HX-Redirect"] for answer in opened] == [noted] * 2
    assert "To use now 50 points" in page_of(client, noted).said
    assert again.status_code == 422


@pytest.mark.row("C19", door="web")
def test_a_waiting_account_is_activated_on_the_spot(client: Client, house: House) -> None:
    come_in(client, house)
    house.change_terms(needs_confirmation=True)
    noted = client.post(NEW, told_of(house))["Location"]

    before = page_of(client, noted).said
    client.post(f"{noted}activate/")
    after = page_of(client, noted).said
    client.post(f"{noted}activate/")

    assert "Not activated" in before
    assert "The account is active, with 50 points to start with." in after
    assert "To use now 50 points" in page_of(client, noted).said


def test_an_account_is_blocked_and_let_go_on(client: Client, house: House) -> None:
    come_in(client, house)
    joined = house.enrol()
    path = path_of(joined.customer_id, "block/")

    client.post(path, {"do": "block"})
    blocked = page_of(client, path_of(joined.customer_id)).said
    client.post(path, {"do": "unblock"})

    assert "The account is blocked: it neither earns nor spends." in blocked
    assert house.member(joined.member_id).blocked_at is None


@pytest.mark.row("C18", door="web")
def test_a_lost_card_is_replaced_and_its_code_is_shown_once(client: Client, house: House) -> None:
    come_in(client, house)
    joined = house.enrol(card=CardOrder("20318841"))
    path = path_of(joined.customer_id, "card/")
    told = {"request_id": str(new_id()), "make_number": "on", "make_secret": "on"}

    first, again = client.post(path, told), client.post(path, told)
    page = page_of(client, path_of(joined.customer_id)).said
    coded = client.post(
        path_of(joined.customer_id, "secret/"), {"request_id": str(new_id()), "secret": "heron-42"}
    )
    wrong = client.post(path, {"request_id": str(new_id())})

    assert "Secret code:" in said_by(first)
    assert said_by(first) == said_by(again)
    assert "2031 8841, until" in page
    assert "Secret code:" in said_by(coded)
    assert wrong.status_code == 422
    with scope(business=house.business):
        assert Card.objects.filter(replaced_at=None).count() == 1
