"""Becoming a member: joining, activation, blocking."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from regulars.actions.keyed import decrypt
from regulars.actions.members.activation import activate
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.enrolment import EnrolOrder, block, enrol, unblock
from regulars.domain.errors import EnrolmentRefused, NotFound, RequestIdReused
from regulars.members.models import Card, Consent, Contact, Customer
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, counted, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
GENERATED = CardOrder(generate_number=True, generate_secret=True)


@pytest.fixture
def cinema() -> House:
    return a_house("cinema", welcome_points=100, welcome_days=30)


@pytest.mark.row("C4")
def test_registers_somebody_at_the_till_and_shows_status_and_balance_at_once(
    cinema: House,
) -> None:
    joined = cinema.enrol(phone="0151 2345 6789", email="Irina@Example.ORG")

    assert joined.is_active
    assert cinema.balance(joined.member_id) == joined.welcome_points == 100
    assert cinema.member(joined.member_id).level_id == cinema.levels[0].id
    assert cinema.level_changes(joined.member_id) == [("joined", cinema.levels[0].id)]
    with scope(business=cinema.business):
        contacts = set(Contact.objects.values_list("kind", "value"))
    assert contacts == {("phone", "+4915123456789"), ("email", "irina@example.org")}


@pytest.mark.row("C6")
def test_the_welcome_bonus_can_be_used_for_its_days(cinema: House) -> None:
    joined = cinema.enrol()

    (lot,) = cinema.lots(joined.member_id)
    assert (lot.origin, lot.amount, lot.usable_from) == ("welcome", 100, NOON)
    assert lot.usable_until == datetime(2026, 4, 10, tzinfo=BERLIN)
    assert cinema.kinds(joined.member_id) == ["enrol"]


@pytest.mark.row("C6")
@pytest.mark.parametrize(
    "changes",
    [
        {"welcome_points": 0},
        {"enabled": False},
        {"runs_from": NOON + days(1)},
        {"runs_until": NOON},
    ],
)
def test_there_is_no_welcome_bonus_where_none_is_set_or_the_programme_does_not_run(
    cinema: House, changes: dict[str, object]
) -> None:
    cinema.change_terms(**changes)  # type: ignore[arg-type]

    joined = cinema.enrol()

    assert joined.is_active
    assert cinema.balance(joined.member_id) == joined.welcome_points == 0


@pytest.mark.row("B3")
def test_says_at_once_that_the_welcome_is_held_back_without_consent(cinema: House) -> None:
    silent = cinema.enrol(phone="0151 2345 6780")
    agreed = cinema.enrol(phone="0151 2345 6781", consents=("sms",))

    assert (silent.message, agreed.message) == ("held", "waiting")
    (held,), (waiting,) = cinema.messages(silent.customer_id), cinema.messages(agreed.customer_id)
    assert (held.held_why, waiting.channel, waiting.data) == ("no_consent", "sms", {"points": 100})


@pytest.mark.row("C5")
def test_people_join_only_in_the_ways_of_the_programme(cinema: House) -> None:
    cinema.change_terms(joins_by=("till", "staff"))

    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        cinema.enrol(how="online", email="irina@example.org")

    assert refused.value.why == "not_this_way"
    assert cinema.enrol(how="staff").is_active


@pytest.mark.row("C5")
@pytest.mark.row("C19")
@pytest.mark.parametrize(
    ("how", "is_active"), [("booking", True), ("online", True), ("till", False), ("staff", False)]
)
def test_buying_and_booking_online_confirm_the_account_but_are_no_consent(
    cinema: House, how: str, *, is_active: bool
) -> None:
    cinema.change_terms(needs_confirmation=True)

    joined = cinema.enrol(how=how, email="irina@example.org")

    assert joined.is_active == is_active
    assert cinema.balance(joined.member_id) == (100 if is_active else 0)
    assert cinema.member(joined.member_id).joined_by == how
    with scope(business=cinema.business):
        assert not Consent.objects.exists()


@pytest.mark.row("C19")
def test_activation_brings_the_welcome_bonus_once(cinema: House) -> None:
    cinema.change_terms(needs_confirmation=True)
    waiting = cinema.enrol(at=NOON)
    request = asked(NOON + days(2))

    first = activate(cinema.id, waiting.member_id, request=request)
    again = activate(cinema.id, waiting.member_id, request=request)

    assert first == again
    assert cinema.balance(waiting.member_id) == first.welcome_points == 100
    assert cinema.member(waiting.member_id).activated_at == NOON + days(2)
    (lot,) = cinema.lots(waiting.member_id)
    assert lot.usable_until == datetime(2026, 4, 12, tzinfo=BERLIN)
    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        activate(cinema.id, waiting.member_id, request=asked(NOON + days(3)))
    assert refused.value.why == "already_active"


@pytest.mark.row("C15")
def test_a_new_customer_with_everything_the_form_asks(cinema: House) -> None:
    group_id = cinema.a_group()

    joined = cinema.enrol(
        how="staff",
        name=" Irina Sokolova ",
        code_word="lighthouse",
        language="ru",
        note="likes the back row",
        group_ids=(group_id,),
        external_id="4711",
    )

    customer = cinema.customer(joined.customer_id)
    assert (customer.name, customer.language, customer.source) == ("Irina Sokolova", "ru", "staff")
    assert customer.code_word_encrypted is not None
    assert b"lighthouse" not in bytes(customer.code_word_encrypted)
    assert decrypt(customer.code_word_encrypted) == "lighthouse"
    with scope(business=cinema.business):
        assert list(customer.groups.values_list("group_id", flat=True)) == [group_id]


@pytest.mark.row("C15")
@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"phone": "+49 (151) 23456789"}, "contact_taken"),
        ({"email": "IRINA@example.org"}, "contact_taken"),
        ({"external_id": "4711"}, "customer_number_taken"),
        ({"card": CardOrder(number="a 17")}, "card_taken"),
        ({"card": CardOrder(number="B18", secret="abc")}, "secret_taken"),
        ({"phone": "12"}, "bad_phone"),
        ({"phone": "call me"}, "bad_phone"),
        ({"email": "irina"}, "bad_email"),
        ({"name": "  "}, "nobody"),
        ({"name": "x" * 201}, "bad_text"),
        ({"name": "Irina\0"}, "bad_text"),
        ({"note": "\ud83d"}, "bad_text"),
        ({"email": "irina\ud83d@example.org"}, "bad_email"),
        ({"email": "irina@\ud83d.org"}, "bad_email"),
        ({"phone": "0151 2345\ud83d678\0"}, "bad_phone"),
        ({"card": CardOrder(number="\ud83d")}, "bad_card_number"),
        ({"card": CardOrder(secret="abcd")}, "no_card"),
        ({"card": CardOrder(number="4111 1111 1111 1111")}, "payment_card"),
    ],
)
def test_refuses_what_belongs_to_somebody_else_or_makes_no_sense(
    cinema: House, order: dict[str, object], why: str
) -> None:
    cinema.enrol(
        phone="0151 23456789",
        email="irina@example.org",
        external_id="4711",
        card=CardOrder(number="A17", secret="ABC"),
    )

    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        cinema.enrol(**order)  # type: ignore[arg-type]

    assert refused.value.why == why


@pytest.mark.row("C15")
def test_a_customer_has_one_open_account_and_what_is_named_must_exist(cinema: House) -> None:
    joined = cinema.enrol()
    other = a_house("salon").enrol()

    with nothing_changes():
        with pytest.raises(EnrolmentRefused) as refused:
            cinema.enrol(customer_id=joined.customer_id)
        for unknown in (
            {"customer_id": other.customer_id},
            {"group_ids": (new_id(),)},
            {"consents": ("pigeon",)},
        ):
            with pytest.raises(NotFound):
                cinema.enrol(**unknown)
        with pytest.raises(NotFound):
            enrol(cinema.id, EnrolOrder(new_id(), "till", name="Irina"), request=asked())
    assert refused.value.why == "already_member"


@pytest.mark.row("C15")
def test_somebody_who_is_a_customer_already_becomes_a_member(cinema: House) -> None:
    with scope(business=cinema.business):
        customer = Customer.objects.create(
            business=cinema.business, name="Irina", created_at=NOON - days(9)
        )
        Contact.objects.create(
            business=cinema.business, customer=customer, kind="email", value="irina@example.org"
        )

    joined = cinema.enrol(
        customer_id=customer.pk, name="", email="irina@example.org", phone="0151 23456789"
    )

    assert joined.customer_id == customer.pk
    with scope(business=cinema.business):
        assert Contact.objects.filter(customer=customer).count() == 2
        assert Customer.objects.count() == 1


@pytest.mark.row("C8")
def test_who_joins_in_a_group_holds_its_level_at_once(cinema: House) -> None:
    group_id = cinema.a_group()
    friends = replace(
        cinema.levels[0], id=new_id(), name="Friends of the house", priority=4, group_id=group_id
    )
    cinema.change_terms(*cinema.levels, friends)

    joined = cinema.enrol(group_ids=(group_id,))

    level_id = cinema.levels[-1].id
    assert cinema.member(joined.member_id).level_id == level_id
    assert cinema.level_changes(joined.member_id) == [("joined", level_id)]


@pytest.mark.row("C18")
def test_a_card_with_a_secret_code_is_generated_and_told_again_to_a_repeated_request(
    cinema: House,
) -> None:
    order = EnrolOrder(cinema.programme.pk, "till", name="Irina", card=GENERATED)
    request = asked()

    first = enrol(cinema.id, order, request=request)
    again = enrol(cinema.id, order, request=request)

    assert first == again
    assert (len(first.card_number), len(first.secret)) == (13, 12)
    with scope(business=cinema.business):
        card = Card.objects.get()
    assert (card.number, card.is_virtual) == (first.card_number, True)
    assert first.secret.encode() not in bytes(card.secret_hash or b"")


def test_an_account_that_was_closed_is_not_activated(cinema: House) -> None:
    cinema.change_terms(needs_confirmation=True)
    waiting = cinema.enrol()
    cinema.close(waiting.member_id)

    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        activate(cinema.id, waiting.member_id, request=asked())

    assert refused.value.why == "closed"


@pytest.mark.row("C15")
def test_who_has_left_one_programme_may_join_again(cinema: House) -> None:
    first = cinema.enrol()
    cinema.close(first.member_id)

    again = cinema.enrol(customer_id=first.customer_id, at=NOON + days(1))

    assert again.customer_id == first.customer_id
    assert again.member_id != first.member_id


def test_nobody_joins_in_a_way_that_does_not_exist(cinema: House) -> None:
    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        cinema.enrol(how="carrier pigeon")

    assert refused.value.why == "not_this_way"


def test_the_same_request_with_other_content_is_refused(cinema: House) -> None:
    order = EnrolOrder(cinema.programme.pk, "till", name="Irina")
    request = asked()
    enrol(cinema.id, order, request=request)

    with nothing_changes(), pytest.raises(RequestIdReused):
        enrol(cinema.id, replace(order, name="Olga"), request=request)


def test_a_blocked_account_is_unblocked_again(cinema: House) -> None:
    joined = cinema.enrol()

    block(cinema.id, joined.member_id, request=asked(NOON + timedelta(hours=1)))
    block(cinema.id, joined.member_id, request=asked(NOON + timedelta(hours=2)))
    assert cinema.member(joined.member_id).blocked_at == NOON + timedelta(hours=1)
    unblock(cinema.id, joined.member_id, request=asked(NOON + timedelta(hours=3)))

    assert cinema.member(joined.member_id).blocked_at is None


def test_joining_takes_few_statements(cinema: House) -> None:
    cinema.enrol()

    with counted() as plain:
        cinema.enrol(phone="0151 23456789")
    with counted() as with_card:
        cinema.enrol(card=GENERATED)

    # One of them makes repeats of the request wait for each other: there is no account yet.
    assert (len(plain), len(with_card)) == (5, 6)
