"""One field for everything: whom or what somebody means who scans, or has typed so far."""

from datetime import timedelta

import pytest
from django_scopes import scope

from regulars.actions.members.cards import CardOrder, assign_card
from regulars.actions.members.customers import CustomerOrder, change_customer, create_customer
from regulars.actions.members.enrolment import block
from regulars.actions.members.people import ContactsOrder, change_contacts
from regulars.members.models import Customer
from regulars.reports.finding import By, Found, Person, State, find_people, here_today, resolve
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.actions.selling_builders import a_shop, bar
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def cinema() -> House:
    return a_house("cinema", welcome_points=50, welcome_days=30)


@pytest.fixture
def moscow(cinema: House) -> House:
    cinema.business.timezone = "Europe/Moscow"
    cinema.business.save()
    return cinema


def found(house: House, text: str) -> list[str]:
    return [person.name for person in find_people(house.business, text, at=NOON)]


def exactly(house: House, text: str) -> Found:
    named = resolve(house.business, text, at=NOON)
    assert isinstance(named, Found)
    return named


def listed(house: House, text: str) -> tuple[Person, ...]:
    named = resolve(house.business, text, at=NOON)
    assert isinstance(named, tuple)
    return named


# What is named exactly.


@pytest.mark.row("C4")
@pytest.mark.row("C17")
@pytest.mark.row("C18")
@pytest.mark.parametrize(
    ("text", "by"),
    [
        (" ka-17 ", By.CARD),
        ("correct horse", By.SECRET),
        ("0151 23456789", By.PHONE),
        ("+49 (151) 234-567 89", By.PHONE),
        ("004915123456789", By.PHONE),
        ("Irina@Example.org", By.EMAIL),
    ],
)
def test_names_a_member_by_whatever_is_scanned_or_typed(cinema: House, text: str, by: By) -> None:
    joined = cinema.enrol(
        phone="0151 23456789",
        email="irina@example.org",
        card=CardOrder("KA17", secret="CorrectHorse"),
    )

    assert exactly(cinema, text) == Found(by, joined.customer_id, joined.member_id)


def test_an_item_is_named_by_its_number(cinema: House) -> None:
    popcorn = cinema.an_item("product", sku="4006381333931")
    gone = cinema.an_item("product", sku="A-7", archived_at=NOON)

    assert exactly(cinema, "4006381333931\r\n") == Found(
        By.ITEM, item_id=popcorn.pk, item_name=popcorn.name
    )
    assert exactly(cinema, "A-7") == Found(
        By.ITEM, item_id=gone.pk, item_name=gone.name, is_archived=True
    )


def test_a_card_comes_first_then_its_secret_then_a_phone_then_an_item(cinema: House) -> None:
    text = "015123456789"
    item = cinema.an_item("product", sku=text)
    order = [exactly(cinema, text)]
    phone = cinema.enrol(phone=text)
    order.append(exactly(cinema, text))
    secret = cinema.enrol(card=CardOrder("S1", secret=text))
    order.append(exactly(cinema, text))
    card = cinema.enrol(card=CardOrder(text))
    order.append(exactly(cinema, text))

    assert [named.by for named in order] == [By.ITEM, By.PHONE, By.SECRET, By.CARD]
    assert order[0].item_id == item.pk
    members = [joined.member_id for joined in (phone, secret, card)]
    assert [named.member_id for named in order[1:]] == members


@pytest.mark.row("C18")
def test_a_short_secret_code_names_nobody(cinema: House) -> None:
    cinema.enrol(card=CardOrder("KA17", secret="1234567"))

    assert listed(cinema, "1234567") == ()


def test_a_card_that_was_replaced_and_an_account_that_was_closed_are_not_named(
    cinema: House,
) -> None:
    lost = cinema.enrol(card=CardOrder("OLD1"))
    assign_card(cinema.id, lost.member_id, CardOrder("NEW1"), request=asked())
    closed = cinema.enrol(card=CardOrder("SHUT"), phone="0151 23456789")
    cinema.close(closed.member_id)

    assert listed(cinema, "OLD1") == ()
    assert listed(cinema, "SHUT") == ()
    assert exactly(cinema, "0151 23456789") == Found(By.PHONE, closed.customer_id, None)


def test_what_names_nobody_exactly_lists_whom_it_may_mean(cinema: House) -> None:
    cinema.enrol(name="Anna Schmidt")

    assert [person.name for person in listed(cinema, "schm")] == ["Anna Schmidt"]


# Names, as one types.


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "Жанна Фёдоровна Йовович",
            ["жан", "ЖАННА", "федор", "ФЁДОР", "йов", "жан йов", "йов жан"],
        ),
        ("Jürgen Müller-Lüdenscheidt", ["jürg", "jurg", "juerg", "mueller", "LÜD", "mü jü"]),
        ("Heike Mueller", ["müller", "muller", "mue"]),
        ("Käthe Strauß", ["kathe", "kaethe", "strauss", "STRAUẞ", "strauß"]),
        ("Siobhán O'Brien", ["siobhan", "o'br", "brien"]),
        ("Søren Łukasz", ["soren", "lukasz", "Søren", "ŁUK"]),
        ("Νίκος Παππάς", ["νικος", "ΝΊΚΟΣ", "παππ"]),
    ],
)
def test_finds_people_by_the_first_letters_of_any_words(
    cinema: House, name: str, texts: list[str]
) -> None:
    cinema.enrol(name=name)
    cinema.enrol(name="Xaver Quitt")

    assert {text: found(cinema, text) for text in texts} == {text: [name] for text in texts}


def test_every_word_typed_must_begin_a_word_of_the_name(cinema: House) -> None:
    for name in ("Иван Петров", "Иван Смирнов", "Пётр Иванов"):
        cinema.enrol(name=name)

    assert found(cinema, "иван петров") == ["Иван Петров"]
    assert sorted(found(cinema, "ив п")) == ["Иван Петров", "Пётр Иванов"]
    assert found(cinema, "вано") == []
    assert found(cinema, "тров") == []


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a", "%", "%%", "_", "' OR 1=1 --", "\\", "an' & !x:*", "a:* | b", "an\x00na",
        "\ud800\udfff", "\x00\x00\x00", "💇💇💇", "ﷺ" * 300, "(((", "+", "++49", "12", "@", "@@@",
        "x" * 5_000, "1" * 5_000, "%(text)s", "{found}", "\u202e\u200b",
    ],
)  # fmt: skip
def test_odd_texts_find_nobody_and_break_nothing(cinema: House, text: str) -> None:
    cinema.enrol(name="Irina", phone="0151 23456789", email="irina@example.org")

    with nothing_changes():
        assert listed(cinema, text) == ()


def test_a_name_of_odd_letters_is_kept_and_found(cinema: House) -> None:
    cinema.enrol(name="ﷺ" * 200)
    cinema.enrol(name="Ann\\ ' & | :* 'Quote'")

    assert len(found(cinema, "ﷺﷺ")) == 1
    assert found(cinema, "quo an") == ["Ann\\ ' & | :* 'Quote'"]


def test_a_changed_name_is_found_at_once_and_the_old_one_no_longer(cinema: House) -> None:
    joined = cinema.enrol(name="Anna Schmidt")

    change_customer(cinema.id, joined.customer_id, name="Anna Weber")

    assert found(cinema, "web") == ["Anna Weber"]
    assert found(cinema, "schm") == []


# Contacts and cards, as one types.


@pytest.mark.parametrize(
    "text",
    ["+4915", "+49 151 23", "0049151", "0151", "0151 234 567", "151 23", "4915123", "6789",
     "456789"],
)  # fmt: skip
def test_finds_people_by_a_part_of_their_phone_number(cinema: House, text: str) -> None:
    cinema.enrol(name="Irina", phone="0151 23456789")
    cinema.enrol(name="Timur", phone="+49 30 987654")

    assert found(cinema, text) == ["Irina"]


@pytest.mark.parametrize("text", ["8 916", "8(916)123", "+7 916 1", "7916", "916 123", "4107"])
def test_finds_people_by_a_part_of_a_russian_number(moscow: House, text: str) -> None:
    moscow.enrol(name="Ирина", phone="8 (916) 123-41-07")
    moscow.enrol(name="Тимур", phone="8 (903) 999-99-99")

    assert found(moscow, text) == ["Ирина"]


def test_who_has_a_number_that_begins_so_comes_before_one_that_ends_so(cinema: House) -> None:
    cinema.enrol(name="Ends", phone="0170 5551512")
    cinema.enrol(name="Begins", phone="0151 2345678")

    assert found(cinema, "1512") == ["Begins", "Ends"]


def test_finds_people_by_the_beginning_of_an_email_address_or_a_card(cinema: House) -> None:
    cinema.enrol(name="Anna", email="i.sokolova@example.org", card=CardOrder("2031 8841"))
    cinema.enrol(name="Timur", email="timur@example.org", card=CardOrder("2031 9999"))

    for text in ("I.Sok", "i.sokolova@exa", "2031-88", "20318841"):
        assert found(cinema, text) == ["Anna"], text


def test_a_contact_that_was_given_up_finds_nobody(cinema: House) -> None:
    joined = cinema.enrol(name="Irina", phone="0151 23456789", email="irina@example.org")
    order = ContactsOrder(joined.customer_id, phone="", email="new@example.org")

    change_contacts(cinema.id, order, request=asked(NOON + days(1)))

    assert [found(cinema, text) for text in ("0151", "6789", "irina@ex")] == [[], [], []]
    assert found(cinema, "new@") == ["Irina"]


# Who is found, and what is told.


@pytest.mark.row("B13")
def test_a_line_tells_enough_to_recognise_somebody_and_no_whole_contact(cinema: House) -> None:
    joined = cinema.enrol(
        name="Irina Sokolova",
        phone="+7 916 123 41 07",
        email="irina@example.org",
        card=CardOrder("20318841"),
    )
    block(cinema.id, cinema.enrol(name="Irina Blocked").member_id, request=asked())
    cinema.change_terms(at=NOON, needs_confirmation=True)
    cinema.enrol(name="Irina Waits", how="staff", at=NOON + days(1))
    create_customer(
        cinema.id, CustomerOrder(name="Irina Nobody", email="i@example.org"), request=asked()
    )

    people = {person.name: person for person in find_people(cinema.business, "irin", at=NOON)}

    assert people["Irina Sokolova"] == Person(
        customer_id=joined.customer_id,
        member_id=joined.member_id,
        name="Irina Sokolova",
        initials="IS",
        level=cinema.levels[0].name,
        available=50,
        contact="+7 ··· ··· 41 07",
        state=State.ACTIVE,
        card_ending="8841",
    )
    assert people["Irina Blocked"].state is State.BLOCKED
    nobody = people["Irina Nobody"]
    assert (nobody.member_id, nobody.state, nobody.contact) == (
        None,
        State.NONE,
        "i···@example.org",
    )
    assert list(people)[-1] == "Irina Nobody"


def test_points_are_those_of_the_instant(cinema: House) -> None:
    cinema.enrol(name="Irina")

    later = NOON + days(100)

    assert [person.available for person in find_people(cinema.business, "iri", at=later)] == [0]


def test_who_was_erased_or_merged_or_is_elsewhere_is_not_found(cinema: House) -> None:
    kept = cinema.enrol(name="Irina Kept")
    erased = cinema.enrol(name="Irina Erased", phone="0151 1111111")
    merged = cinema.enrol(name="Irina Merged", phone="0151 2222222")
    a_house("cinema").enrol(name="Irina Elsewhere", phone="0151 3333333", card=CardOrder("E1111"))
    closed = cinema.enrol(name="Irina Closed")
    cinema.close(closed.member_id)
    with scope(business=cinema.business):
        Customer.objects.filter(pk=erased.customer_id).update(erased_at=NOON)
        Customer.objects.filter(pk=merged.customer_id).update(merged_into_id=kept.customer_id)

    people = find_people(cinema.business, "irina", at=NOON)

    assert [(person.name, person.state) for person in people] == [
        ("Irina Kept", State.ACTIVE),
        ("Irina Closed", State.NONE),
    ]
    assert [found(cinema, text) for text in ("0151", "3333", "E1111")] == [[], [], []]


def test_shows_at_most_so_many_those_who_came_last_first(cinema: House) -> None:
    people = [cinema.enrol(name=f"Irina {letter}") for letter in "abcdefghij"]
    with scope(business=cinema.business):
        for number, joined in enumerate(people):
            member = cinema.member(joined.member_id)
            member.last_visit = (NOON + days(number)).date()
            member.save()

    assert found(cinema, "irina") == [f"Irina {letter}" for letter in "jihgfedc"]


# Here today.


def test_tells_who_paid_here_today_the_last_first() -> None:
    shop = a_shop()
    first, second, yesterday = (shop.a_member(points=5) for _ in range(3))
    shop.sell(bar(10_00), member_id=yesterday, at=NOON - timedelta(days=1))
    at = [NOON + timedelta(minutes=minute) for minute in range(5)]
    shop.sell(bar(10_00), member_id=first, at=at[0])
    shop.sell(bar(10_00), member_id=second, at=at[1])
    shop.sell(bar(10_00), at=at[2])
    shop.sell(bar(10_00), member_id=first, at=at[3])
    place = shop.till.place_id

    seen = here_today(shop.business, place, at=at[4])
    elsewhere = here_today(a_shop().business, place, at=at[4])

    assert [(one.person.member_id, one.paid_at) for one in seen] == [
        (first, at[3]),
        (second, at[1]),
    ]
    assert seen[0].person.available == 5
    assert len(here_today(shop.business, place, at=at[4], most=1)) == 1
    assert elsewhere == ()
