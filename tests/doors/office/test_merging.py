"""Two entries of one person become one, in the office (C15)."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.customers import CustomerOrder, create_customer
from regulars.actions.members.enrolment import block
from regulars.actions.members.people import ConsentOrder, note_consent, put_into_group
from regulars.actions.members.referrals import note_referral
from regulars.actions.setup.setting_up import bring_in
from regulars.members.models import Customer, Member
from regulars.programmes.draft import Draft
from regulars.rows import new_id
from tests.actions.samples import LONG_AGO, House, a_house, asked
from tests.domain.builders import a_level
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

NOBODY = "7b3f7f0e-0000-4000-8000-000000000000"


@pytest.fixture
def house() -> House:
    return a_house("salon", welcome_points=50, welcome_days=0)


def path_of(keep: object, absorb: object = "") -> str:
    return f"/office/customers/{keep}/merge/" + (f"{absorb}/" if absorb else "")


def form_of(page: Page) -> dict[str, str]:
    """The hidden fields of the confirmation, as the page carries them."""
    hidden = [its for tag, its in page.tags if tag == "input" and its.get("type") == "hidden"]
    return {its["name"]: its["value"] for its in hidden if its["name"] != "csrfmiddlewaretoken"}


def said_by(answer: object) -> str:
    return Page(answer.content.decode()).said  # type: ignore[attr-defined]


def merged_into(house: House, customer_id: UUID) -> UUID | None:
    with scope(business=house.business):
        return Customer.objects.get(pk=customer_id).merged_into_id


@pytest.mark.row("C15", door="web")
def test_a_duplicate_is_found_shown_in_plain_words_and_merged(client: Client, house: House) -> None:
    anna = house.enrol(name="Anna Berg", phone="0151 1111111", card=CardOrder("A1"))
    again = house.enrol(
        name="Ana Berg", email="ana@example.org", consents=("email",), card=CardOrder("B2")
    )
    group_id = house.a_group("Students")
    put_into_group(house.id, group_id, [again.customer_id], request=asked())
    come_in(client, house)

    dialog = page_of(client, path_of(anna.customer_id)).said
    found = Page(
        client.post(
            path_of(anna.customer_id) + "find/", {"text": "ana b"}, headers=HTMX
        ).content.decode()
    )
    page = page_of(client, path_of(anna.customer_id, again.customer_id))
    done = client.post(path_of(anna.customer_id, again.customer_id), form_of(page))
    after = page_of(client, done["Location"]).said

    assert "Who is the same person as Anna Berg" in dialog
    assert path_of(anna.customer_id, again.customer_id) in found.addresses
    assert path_of(again.customer_id, anna.customer_id) in page.addresses
    for words in (
        "50 points come along and can be used as long as before.",
        "After it there are 100 points to use.",
        "Contacts that come along: ana@example.org.",
        "1 card comes along and goes on working.",
        "Groups that come along: Students.",
        "E-mail: messages, as they agreed.",
        "Merge, and keep Anna Berg",
    ):
        assert words in page.said
    assert done["Location"] == f"/office/customers/{anna.customer_id}/"
    assert "Ana Berg is merged into this customer. 50 points came along." in after
    assert merged_into(house, again.customer_id) == anna.customer_id
    assert house.balance(anna.member_id) == 100


@pytest.mark.row("C15", door="web")
def test_what_goes_or_gets_stricter_is_said_before(client: Client, house: House) -> None:
    anna = house.enrol(name="Anna", email="anna@example.org", consents=("email",))
    again = house.enrol(name="Ana")
    no = ConsentOrder(again.customer_id, "email", granted=False, source="office")
    note_consent(house.id, no, request=asked())
    note_referral(house.id, again.customer_id, anna.customer_id, request=asked())
    block(house.id, again.member_id, request=asked())
    come_in(client, house)

    said = page_of(client, path_of(anna.customer_id, again.customer_id)).said

    assert "E-mail: no messages any more. One of the two said no, and the no holds." in said
    assert "1 referral goes: it would be of oneself, a second one, or a circle." in said
    assert "The account is blocked, since one of the two is." in said


@pytest.mark.row("C15", door="web")
def test_sent_twice_it_is_one_merge(client: Client, house: House) -> None:
    anna, again = house.enrol(name="Anna"), house.enrol(name="Ana")
    come_in(client, house)
    path = path_of(anna.customer_id, again.customer_id)
    form = form_of(page_of(client, path))

    answers = [client.post(path, form) for _ in range(2)]
    anew = page_of(client, path).said

    assert {answer["Location"] for answer in answers} == {f"/office/customers/{anna.customer_id}/"}
    assert house.balance(anna.member_id) == 100
    assert "This customer was merged into another one already." in anew
    assert "Merge, and keep" not in anew


@pytest.mark.row("C15", door="web")
def test_it_is_held_to_what_was_shown(client: Client, house: House) -> None:
    anna, again = house.enrol(name="Anna"), house.enrol(name="Ana")
    come_in(client, house)
    path = path_of(anna.customer_id, again.customer_id)
    form = form_of(page_of(client, path))
    order = AdjustOrder(again.member_id, 40, "For the wait")
    adjust(house.id, order, request=asked(timezone.now(), house.owner))

    with nothing_changes():
        changed = client.post(path, form)
        unseen = client.post(path, form | {"expect": ""})
    done = client.post(path, form_of(Page(changed.content.decode())))

    assert changed.status_code == 422
    assert "This has changed since it was shown." in said_by(changed)
    assert "90 points come along" in said_by(changed)
    assert unseen.status_code == 422
    assert "Look at what it comes to first" in said_by(unseen)
    assert done.status_code == 302
    assert house.balance(anna.member_id) == 140


@pytest.mark.row("C15", door="web")
def test_the_other_one_can_be_kept_and_somebody_without_an_account(
    client: Client, house: House
) -> None:
    anna = house.enrol(name="Anna")
    olga = create_customer(house.id, CustomerOrder(name="Olga"), request=asked())
    come_in(client, house)
    path = path_of(olga, anna.customer_id)

    page = page_of(client, path)
    client.post(path, form_of(page))

    assert "After it there are 50 points to use." in page.said
    with scope(business=house.business):
        assert Member.objects.get(pk=anna.member_id).customer_id == olga


@pytest.mark.row("C15", door="web")
def test_between_two_programmes_a_rate_is_asked_for(client: Client, house: House) -> None:
    anna, again = house.enrol(name="Anna"), in_another_programme(house)
    come_in(client, house)
    path = path_of(anna.customer_id, again)

    without = page_of(client, path)
    wrong = page_of(client, f"{path}?points=x&per_points=1").said
    page = page_of(client, f"{path}?points=1&per_points=1")
    done = client.post(path, form_of(page))

    assert "Their accounts are in two programmes." in without.said
    assert "expect" not in form_of(without)
    assert "cannot be less than 0" in wrong
    assert "Merge, and keep Anna" in page.said
    assert done.status_code == 302
    assert merged_into(house, again) == anna.customer_id


def in_another_programme(house: House) -> UUID:
    """Somebody in a second programme of the business."""
    terms = replace(house.terms, levels=(a_level("Guest"),))
    draft = Draft("Stars", terms, "star", "stars", ("till",), "cashier", "", {})
    with scope(business=house.business):
        second = bring_in(house.id, draft, author=None, at=LONG_AGO).programme
    return House(house.business, second, house.owner).enrol(name="Ana").customer_id


def test_oneself_is_refused_in_words(client: Client, house: House) -> None:
    anna = house.enrol(name="Anna").customer_id
    come_in(client, house)

    said = page_of(client, path_of(anna, anna)).said

    assert "This is one and the same customer." in said
    assert "Merge, and keep" not in said


def test_nobody_of_another_business_is_found_or_merged(client: Client, house: House) -> None:
    anna = house.enrol(name="Anna").customer_id
    stranger = a_house("salon").enrol(name="Strange Strella").customer_id
    come_in(client, house)
    form = {"request_id": str(new_id()), "expect": "0" * 32}

    found = said_by(client.post(path_of(anna) + "find/", {"text": "stre"}, headers=HTMX))
    answers = [
        client.get(path_of(stranger)),
        *(
            send(path_of(*pair), form)
            for pair in ((anna, stranger), (stranger, anna), (anna, NOBODY))
            for send in (client.get, client.post)
        ),
    ]

    assert "Nobody is found" in found
    assert {answer.status_code for answer in answers} == {404}
    assert merged_into(house, anna) is None


@pytest.mark.parametrize(
    ("method", "what"),
    [("get", ""), ("post", "find/"), ("get", f"{NOBODY}/"), ("post", f"{NOBODY}/")],
)
def test_a_cashier_merges_nobody(client: Client, house: House, method: str, what: str) -> None:
    anna = house.enrol(name="Anna").customer_id
    come_in(client, house, "cashier")

    assert client.generic(method.upper(), path_of(anna) + what).status_code == 403
