"""Contacts, consents, groups."""

from dataclasses import replace
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.members.people import (
    ConsentOrder,
    ContactsOrder,
    change_contacts,
    lift_first_time_rule,
    note_consent,
    put_into_group,
    take_out_of_group,
)
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.members.models import Consent, Contact, GroupMember
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, counted, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cinema() -> House:
    return a_house("cinema", welcome_points=0)


def contacts_of(house: House, customer_id: UUID) -> set[str]:
    with scope(business=house.business):
        open_ones = Contact.objects.filter(customer=customer_id, released_at__isnull=True)
        return set(open_ones.values_list("value", flat=True))


@pytest.mark.row("C15")
def test_a_phone_number_is_replaced_and_then_free_for_others(cinema: House) -> None:
    irina = cinema.enrol(phone="0151 23456789", email="irina@example.org").customer_id
    olga = cinema.enrol().customer_id

    order = ContactsOrder(irina, phone="0151 99999999")
    for _ in range(2):
        change_contacts(cinema.id, order, request=asked(NOON + days(1)))
    change_contacts(cinema.id, ContactsOrder(olga, phone="0151 23456789"), request=asked())

    assert contacts_of(cinema, irina) == {"+4915199999999", "irina@example.org"}
    assert contacts_of(cinema, olga) == {"+4915123456789"}


@pytest.mark.row("C15")
def test_refuses_a_contact_of_another_open_customer(cinema: House) -> None:
    cinema.enrol(email="irina@example.org")
    olga = cinema.enrol(phone="0151 23456789").customer_id

    with nothing_changes():
        for order, why in (
            (ContactsOrder(olga, phone="0151 1", email="olga@example.org"), "bad_phone"),
            (ContactsOrder(olga, phone="", email="Irina@example.org"), "contact_taken"),
        ):
            with pytest.raises(EnrolmentRefused) as refused:
                change_contacts(cinema.id, order, request=asked())
            assert refused.value.why == why
        with pytest.raises(NotFound):
            change_contacts(cinema.id, ContactsOrder(new_id(), email=""), request=asked())


@pytest.mark.row("B3")
def test_what_a_customer_said_about_messages_stays_noted(cinema: House) -> None:
    irina = cinema.enrol(email="irina@example.org", consents=("email",)).customer_id

    order = ConsentOrder(irina, "email", granted=True, source="profile")
    for later, granted in enumerate([True, False, False, True]):
        said_so = replace(order, granted=granted)
        note_consent(cinema.id, said_so, request=asked(NOON + days(later)))

    with scope(business=cinema.business):
        said = list(Consent.objects.order_by("at").values_list("granted", "source"))
    assert said == [(True, "till"), (False, "profile"), (True, "profile")]
    with nothing_changes(), pytest.raises(NotFound):
        note_consent(cinema.id, replace(order, channel="pigeon"), request=asked())
    with nothing_changes(), pytest.raises(EnrolmentRefused):
        note_consent(cinema.id, replace(order, source="\0"), request=asked())


@pytest.mark.row("S8")
def test_the_first_time_rule_is_lifted_for_one_customer(cinema: House) -> None:
    irina = cinema.enrol().customer_id

    lift_first_time_rule(cinema.id, irina, lifted=True)
    assert cinema.customer(irina).reward_rule_lifted
    lift_first_time_rule(cinema.id, irina, lifted=False)
    assert not cinema.customer(irina).reward_rule_lifted


def with_a_level_for(cinema: House, group_id: UUID) -> None:
    """Add a level without a condition, above all others, that is open to a group."""
    top = replace(cinema.levels[0], id=new_id(), name="Staff", priority=4, group_id=group_id)
    cinema.change_terms(*cinema.levels, top)


@pytest.mark.row("C8")
@pytest.mark.row("C9")
@pytest.mark.row("C14")
def test_many_are_put_into_a_group_and_get_its_level_at_once_and_lose_it_again(
    cinema: House,
) -> None:
    group_id = cinema.a_group()
    with_a_level_for(cinema, group_id)
    lowest, below, top = cinema.levels[0].id, cinema.levels[-2].id, cinema.levels[-1].id
    people = [cinema.enrol() for _ in range(3)]
    ids = [person.customer_id for person in people]

    assert put_into_group(cinema.id, group_id, [*ids, ids[0]], request=asked(NOON + days(1))) == 3
    assert put_into_group(cinema.id, group_id, ids, request=asked(NOON + days(2))) == 0
    held = cinema.member(people[0].member_id)
    assert (held.level_id, held.level_since) == (top, (NOON + days(1)).date())
    assert take_out_of_group(cinema.id, group_id, ids[:2], request=asked(NOON + days(3))) == 2

    assert [cinema.member(person.member_id).level_id for person in people] == [below, below, top]
    assert cinema.level_changes(people[0].member_id) == [
        ("joined", lowest),
        ("group", top),
        ("group", below),
    ]


@pytest.mark.row("C14")
def test_customers_are_put_into_groups_one_by_one(cinema: House) -> None:
    irina, group_id = cinema.enrol().customer_id, cinema.a_group()

    put_into_group(cinema.id, group_id, [irina], request=asked())

    with scope(business=cinema.business):
        assert list(GroupMember.objects.values_list("group_id", "customer_id")) == [
            (group_id, irina)
        ]


@pytest.mark.row("C14")
def test_one_unknown_customer_or_group_and_nobody_is_put_anywhere(cinema: House) -> None:
    irina, group_id = cinema.enrol().customer_id, cinema.a_group()
    other = a_house("cinema")

    with nothing_changes():
        with pytest.raises(NotFound):
            put_into_group(cinema.id, group_id, [irina, new_id()], request=asked())
        with pytest.raises(NotFound):
            put_into_group(cinema.id, new_id(), [irina], request=asked())
        with pytest.raises(NotFound):
            take_out_of_group(other.id, group_id, [irina], request=asked())


@pytest.mark.row("C14")
def test_a_hundred_are_put_into_a_group_with_as_few_statements_as_one(cinema: House) -> None:
    group_id = cinema.a_group()
    with_a_level_for(cinema, group_id)
    ids = [cinema.enrol().customer_id for _ in range(8)]

    with counted() as one:
        put_into_group(cinema.id, group_id, ids[:1], request=asked())
    with counted() as many:
        put_into_group(cinema.id, group_id, ids, request=asked())

    assert len(one) == len(many) == 10
