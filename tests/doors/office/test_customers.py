"""The list of customers: its order, its pages, who is found in it, groups for many (C14, C15)."""

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from regulars.actions.members.cards import CardOrder
from regulars.actions.members.customers import CustomerOrder, create_customer
from regulars.members.models import Customer, GroupMember
from regulars.programmes.models import Group
from regulars.reports.customers import Cut, Sort, list_customers
from tests.actions.samples import NOON, House, a_house, asked, counted
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of

pytestmark = pytest.mark.django_db

LIST = "/office/customers/"

MOST_STATEMENTS = 5
"""Session, user, gate, groups, list."""


@pytest.fixture
def house() -> House:
    return a_house("cinema", welcome_points=50, welcome_days=0)


def names_on(house: House, cut: Cut, most: int = 3) -> list[str]:
    listed = list_customers(house.business, cut, at=NOON, most=most)
    return [person.name for person in listed.people]


@pytest.mark.row("C15", door="web")
def test_the_list_shows_everybody_with_level_points_and_state(client: Client, house: House) -> None:
    house.enrol(name="Irina Sokolova", phone="0151 23456789")
    create_customer(house.id, CustomerOrder(name="Nobody Yet"), request=asked())
    come_in(client, house)

    said = page_of(client, LIST).said

    assert f"IS Irina Sokolova +49 ··· ··· 67 89 {house.levels[0].name} 50" in said
    assert "NY Nobody Yet" in said
    assert "No account" in said


def test_an_empty_list_offers_the_first_step(client: Client, house: House) -> None:
    come_in(client, house)

    page = page_of(client, LIST)

    assert "Nobody yet" in page.said
    assert page.addresses.count("/office/customers/new/") == 2


def test_names_stand_as_people_look_for_them(house: House) -> None:
    for name in ("Öz Demir", "zoe", "Anna", "", "olga", "Peter"):
        house.enrol(name=name, email=f"{len(name)}{name[:1].encode().hex()}@example.org")

    assert names_on(house, Cut(), most=9) == ["Anna", "olga", "Öz Demir", "Peter", "zoe", ""]


@pytest.mark.parametrize("sort", Sort)
def test_pages_lead_through_everybody_and_back(house: House, sort: Sort) -> None:
    names = [f"Person {letter}" for letter in "abcdefgh"]
    ids = {house.enrol(name=name).customer_id: name for name in names}
    in_order = names if sort is Sort.NAME else names[::-1]

    first = list_customers(house.business, Cut(sort), at=NOON, most=3)
    second = list_customers(
        house.business, Cut(sort, after=first.people[-1].customer_id), at=NOON, most=3
    )
    third = list_customers(
        house.business, Cut(sort, after=second.people[-1].customer_id), at=NOON, most=3
    )
    back = list_customers(
        house.business, Cut(sort, before=third.people[0].customer_id), at=NOON, most=3
    )

    shown = [ids[one.customer_id] for part in (first, second, third) for one in part.people]
    assert shown == in_order
    assert [(part.has_before, part.has_after) for part in (first, second, third, back)] == [
        (False, True),
        (True, True),
        (True, False),
        (True, True),
    ]
    assert back.people == second.people


def test_two_of_the_same_name_stand_on_one_page_each(house: House) -> None:
    twins = {house.enrol(name="Anna").customer_id for _ in range(4)}

    first = list_customers(house.business, Cut(), at=NOON, most=2)
    rest = list_customers(house.business, Cut(after=first.people[-1].customer_id), at=NOON, most=2)

    assert {one.customer_id for one in (*first.people, *rest.people)} == twins


def test_who_was_merged_or_erased_or_is_elsewhere_is_left_out(house: House) -> None:
    kept = house.enrol(name="Kept")
    merged, erased = house.enrol(name="Merged"), house.enrol(name="Erased")
    a_house("cinema").enrol(name="Elsewhere")
    with scope(business=house.business):
        Customer.objects.filter(pk=merged.customer_id).update(merged_into=kept.customer_id)
        Customer.objects.filter(pk=erased.customer_id).update(erased_at=NOON)

    assert names_on(house, Cut()) == ["Kept"]


def test_a_page_costs_the_same_whatever_stands_on_it(client: Client, house: House) -> None:
    come_in(client, house)
    for number in range(12):
        house.enrol(name=f"Person {number}")
    client.get(LIST)

    with counted() as statements:
        client.get(LIST)

    assert len(statements) == MOST_STATEMENTS


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("end", ["", "after", "before"])
def test_a_page_is_read_by_an_index_and_reads_no_more_than_it_shows(
    house: House, sort: Sort, end: str
) -> None:
    many(house)
    with scope(business=house.business):
        middle = Customer.objects.order_by("id")[1_500].pk
    cut = Cut(sort, **({end: middle} if end else {}))

    plan = plan_of_page(house, cut)

    index = "customer_by_name" if sort is Sort.NAME else "customer_of_business"
    assert f"using {index} on members_customer c" in plan


def many(house: House) -> None:
    """Customers enough that reading the whole table does not pay, nor those of others with them."""
    other = a_house("studio")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_customer (id, business_id, name, language, note, created_at,"
            " source, reward_rule_lifted, external_id)"
            " SELECT gen_random_uuid(), b.id, 'Person ' || n, '', '', now(), '', false, ''"
            " FROM generate_series(1, 3000) n, unnest(%s::uuid[]) b(id)",
            [[house.id, other.id]],
        )
        cursor.execute("ANALYZE members_customer")


def plan_of_page(house: House, cut: Cut) -> str:
    with counted() as statements:
        list_customers(house.business, cut, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statements[0]}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("query", ["?after=x", "?sort=colour", "?group=1", "?before=%00"])
def test_an_address_that_was_not_made_here_is_not_found(
    client: Client, house: House, query: str
) -> None:
    come_in(client, house)

    assert client.get(f"{LIST}{query}").status_code == 404


@pytest.mark.row("B13", door="web")
@pytest.mark.parametrize("text", ["irin", "sokol", "0151 2345", "irina@", "2031"])
def test_somebody_is_found_while_one_types(client: Client, house: House, text: str) -> None:
    house.enrol(
        name="Irina Sokolova",
        phone="0151 23456789",
        email="irina@example.org",
        card=CardOrder("20318841"),
    )
    house.enrol(name="Olga Lebedeva")
    come_in(client, house)

    answer = client.post(LIST, {"text": text}, headers=HTMX)

    said = Page(answer.content.decode()).said
    assert "Irina Sokolova" in said
    assert "Olga" not in said
    assert "<html" not in answer.content.decode()


@pytest.mark.row("C14", door="web")
def test_a_search_in_a_group_says_that_it_is_among_all_and_ends_in_the_group(
    client: Client, house: House
) -> None:
    group_id = house.a_group("Students")
    house.enrol(name="Irina Sokolova", group_ids=(group_id,))
    house.enrol(name="Olga Lebedeva")
    come_in(client, house)
    listed = f"{LIST}?group={group_id}"
    forms = [its for tag, its in page_of(client, listed).tags if tag == "form"]
    [address] = [its["hx-post"] for its in forms if its.get("hx-target") == "#people"]

    found = client.post(address, {"text": "Olga"}, headers=HTMX)
    emptied = client.post(address, {"text": ""}, headers=HTMX)

    assert "Olga Lebedeva" in Page(found.content.decode()).said
    assert "not only in the group Students." in Page(found.content.decode()).said
    assert "Irina Sokolova" in Page(emptied.content.decode()).said
    assert "Olga" not in Page(emptied.content.decode()).said


@pytest.mark.parametrize("text", ["x", "Nobody at all", "\0", "%", "'; --", "a" * 500, "😀😀"])
def test_whoever_is_not_found_is_said_with_what_to_type(
    client: Client, house: House, text: str
) -> None:
    come_in(client, house)

    answer = client.post(LIST, {"text": text})

    assert answer.status_code == 200
    assert "Two letters of a name" in Page(answer.content.decode()).said


@pytest.mark.row("C14", door="web")
def test_many_customers_are_put_into_a_group_at_once_and_taken_out(
    client: Client, house: House
) -> None:
    group_id = house.a_group("Students")
    three = [house.enrol().customer_id for _ in range(3)]
    come_in(client, house)
    told = {"group": group_id, "customer": three}

    into = client.post("/office/customers/groups/", told | {"do": "in"}, follow=True)
    again = client.post("/office/customers/groups/", told | {"do": "in"}, follow=True)
    listed = page_of(client, f"{LIST}?group={group_id}")
    out = client.post(
        "/office/customers/groups/", told | {"do": "out", "customer": three[:1]}, follow=True
    )

    assert "3 customers are new in the group." in Page(into.content.decode()).said
    assert "0 customers are new in the group." in Page(again.content.decode()).said
    assert sum(path.startswith(f"{LIST}{three[0]}") for path in listed.addresses) == 1
    assert "1 customer was taken out of the group." in Page(out.content.decode()).said
    with scope(business=house.business):
        assert GroupMember.objects.filter(group=group_id).count() == 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"customer": ["7b3f7f0e-0000-4000-8000-000000000000"]}, "Choose a group first."),
        ({"group": "x"}, "Choose a group first."),
        ({"group": "7b3f7f0e-0000-4000-8000-000000000000"}, "Tick somebody first."),
    ],
)
def test_what_is_missing_for_a_group_is_said(
    client: Client, house: House, told: dict[str, object], said: str
) -> None:
    come_in(client, house)

    answer = client.post("/office/customers/groups/", told, follow=True)

    assert said in Page(answer.content.decode()).said


def test_nobody_of_another_business_is_put_anywhere(client: Client, house: House) -> None:
    theirs = a_house("cinema")
    person, group_id = theirs.enrol().customer_id, theirs.a_group()
    come_in(client, house)
    mine, my_group = house.enrol().customer_id, house.a_group()

    answers = [
        client.post("/office/customers/groups/", {"group": group, "customer": [customer]})
        for group, customer in ((group_id, mine), (my_group, person))
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.row("C14", door="web")
def test_a_group_is_made_once_and_renamed(client: Client, house: House) -> None:
    come_in(client, house)
    path = "/office/customers/in-groups/"
    told = {"name": "Students", "request_id": value_of(page_of(client, path), "request_id")}

    made = [client.post(path, told).status_code for _ in range(2)]
    taken = client.post(path, told | {"request_id": "7b3f7f0e-0000-4000-8000-000000000000"})
    with scope(business=house.business):
        group_id = Group.objects.get().pk
    renamed = client.post(f"{path}{group_id}/", told | {"name": "Pupils"}, headers=HTMX)

    assert made == [302, 302]
    assert taken.status_code == 422
    assert "There is a group of this name already." in Page(taken.content.decode()).said
    assert renamed["HX-Redirect"] == path
    assert "Pupils" in page_of(client, path).said


def value_of(page: Page, name: str) -> str:
    """Of a hidden field."""
    return next(its["value"] for _, its in page.tags if its.get("name") == name)
