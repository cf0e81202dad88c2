"""Cards, secret codes, and finding members by what they show."""

from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.members.cards import (
    CardOrder,
    assign_card,
    identify,
    identify_by_both,
    new_secret,
)
from regulars.actions.members.people import ContactsOrder, change_contacts
from regulars.domain.cards import looks_mistyped
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.ledger.posting import Request
from regulars.members.models import Card
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, counted, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def salon() -> House:
    return a_house("salon", welcome_points=50)


def cards_of(house: House, member_id: UUID) -> list[Card]:
    with scope(business=house.business):
        return list(Card.objects.filter(member=member_id).order_by("issued_at"))


@pytest.mark.row("S4")
def test_a_lost_card_is_replaced_and_the_points_stay(salon: House) -> None:
    joined = salon.enrol(card=CardOrder(number="2031 884"))

    assign_card(salon.id, joined.member_id, CardOrder("2031-885"), request=asked(NOON + days(1)))

    lost, held = cards_of(salon, joined.member_id)
    assert (lost.number, lost.replaced_at) == ("2031884", NOON + days(1))
    assert (held.number, held.replaced_at) == ("2031885", None)
    assert salon.balance(joined.member_id) == 50
    assert identify(salon.id, "2031884") == []
    assert [found.member_id for found in identify(salon.id, "2031885")] == [joined.member_id]


@pytest.mark.row("S4")
@pytest.mark.row("C18")
def test_numbers_are_unique_and_a_lost_one_is_given_to_nobody_again(salon: House) -> None:
    one = salon.enrol(card=CardOrder(number="A1"))
    two = salon.enrol()
    assign_card(salon.id, one.member_id, CardOrder("A2"), request=asked())

    for number in ("a 1", "A-2"):
        with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
            assign_card(salon.id, two.member_id, CardOrder(number), request=asked())
        assert refused.value.why == "card_taken"


@pytest.mark.row("C18")
def test_a_virtual_number_is_generated_and_the_same_for_a_repeated_request(salon: House) -> None:
    joined = salon.enrol()
    request = asked()
    order = CardOrder(generate_number=True, generate_secret=True)

    first = assign_card(salon.id, joined.member_id, order, request=request)
    again = assign_card(salon.id, joined.member_id, order, request=request)
    other = assign_card(salon.id, joined.member_id, order, request=asked())

    assert first == again
    assert not looks_mistyped(first.number)
    assert other.number != first.number
    assert other.secret != first.secret
    assert [card.is_virtual for card in cards_of(salon, joined.member_id)] == [True, True]


@pytest.mark.row("C18")
def test_a_new_secret_code_replaces_the_old_one(salon: House) -> None:
    joined = salon.enrol(card=CardOrder("A1", generate_secret=True))
    request = asked()

    first = new_secret(salon.id, joined.member_id, request=request)
    again = new_secret(salon.id, joined.member_id, request=request)

    assert first == again
    assert identify(salon.id, joined.secret) == []
    assert [found.by for found in identify(salon.id, first.secret.lower())] == ["secret"]


@pytest.mark.row("C18")
def test_a_secret_code_is_unique_in_the_business_but_not_beyond(salon: House) -> None:
    salon.enrol(card=CardOrder("A1", secret="open sesame"))
    other = salon.enrol(card=CardOrder("A2"))

    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        new_secret(salon.id, other.member_id, secret="OPENSESAME", request=asked())

    assert refused.value.why == "secret_taken"
    a_house("salon").enrol(card=CardOrder("A1", secret="open sesame"))


@pytest.mark.row("C18")
def test_a_short_secret_code_identifies_only_together_with_the_number(salon: House) -> None:
    short = salon.enrol(card=CardOrder("A1", secret="1234567"))
    long = salon.enrol(card=CardOrder("A2", secret="12345678"))

    assert identify(salon.id, "1234567") == []
    assert [found.member_id for found in identify(salon.id, "1234-5678")] == [long.member_id]
    both = identify_by_both(salon.id, "a1", "123 4567")
    assert both is not None
    assert both.member_id == short.member_id
    assert identify_by_both(salon.id, "A1", "7654321") is None
    assert identify_by_both(salon.id, "A2", "1234567") is None
    assert identify_by_both(salon.id, "", "") is None


@pytest.mark.row("C4")
@pytest.mark.row("C17")
@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("ka-17", "card"),
        ("0151 2345 6789", "phone"),
        ("+49 151 23456789", "phone"),
        ("0049 (151) 2345-6789", "phone"),
        (" Irina@Example.org ", "email"),
        ("correct horse", "secret"),
    ],
)
def test_finds_a_member_by_whatever_is_shown_or_said(salon: House, text: str, by: str) -> None:
    joined = salon.enrol(
        phone="0151 23456789",
        email="irina@example.org",
        card=CardOrder("KA17", secret="CorrectHorse"),
    )
    a_house("salon").enrol(phone="0151 23456789", card=CardOrder("KA17"))

    (found,) = identify(salon.id, text)

    assert (found.member_id, found.customer_id, found.by) == (
        joined.member_id,
        joined.customer_id,
        by,
    )


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "nobody", "irina@", "0151 9999999", "\x00", "💇" * 99]
)
def test_finds_nobody_by_what_nobody_has(salon: House, text: str) -> None:
    salon.enrol(phone="0151 23456789")

    assert identify(salon.id, text) == []


def test_a_contact_that_was_given_up_finds_nobody(salon: House) -> None:
    joined = salon.enrol(phone="0151 23456789")
    order = ContactsOrder(joined.customer_id, phone="")

    change_contacts(salon.id, order, request=asked(NOON + days(1)))

    assert identify(salon.id, "0151 23456789") == []
    assert salon.enrol(phone="0151 23456789").is_active


def test_refuses_a_card_for_nobody_and_a_secret_code_without_a_card(salon: House) -> None:
    joined = salon.enrol()

    with nothing_changes():
        with pytest.raises(NotFound):
            assign_card(salon.id, new_id(), CardOrder("A1"), request=asked())
        for order in (CardOrder(), CardOrder(secret="abcdefgh")):
            with pytest.raises(EnrolmentRefused):
                assign_card(salon.id, joined.member_id, order, request=asked())
        with pytest.raises(EnrolmentRefused) as refused:
            new_secret(salon.id, joined.member_id, request=Request(new_id(), NOON))
    assert refused.value.why == "no_card"


def test_a_closed_account_gets_no_card(salon: House) -> None:
    joined = salon.enrol(card=CardOrder("A1"))
    salon.close(joined.member_id)

    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        assign_card(salon.id, joined.member_id, CardOrder("A2"), request=asked())

    assert refused.value.why == "closed"
    assert identify(salon.id, "A1") == []


def test_a_scanned_card_is_found_in_one_statement(salon: House) -> None:
    salon.enrol(card=CardOrder("A1"))

    with counted() as statements:
        identify(salon.id, "A1")

    assert len(statements) == 1
