"""The text message that thanks who brought a customer: to whom it goes, and in which words."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.referrals import Thanked, credit_referral, note_referral
from regulars.actions.setup.wordings import THANKS, message_setting, set_message
from regulars.domain.errors import TextRefused
from regulars.notices.models import MessageSetting
from tests.actions.samples import NOON, House, a_house, asked
from tests.notices.mailbox import Gateway, a_gateway
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

PHONE = "0151 23456789"


@pytest.fixture
def salon() -> House:
    return a_house("salon")


@pytest.fixture(autouse=True)
def gateway(settings: Settings) -> Iterator[Gateway]:
    with a_gateway(settings) as gateway:
        yield gateway


def heike_of(salon: House, *, consents: tuple[str, ...] = ("sms",), **rest: object) -> Enrolment:
    given = {"name": "Heike", "phone": PHONE, "card": CardOrder("A1"), "consents": consents}
    return salon.enrol(**(given | rest))  # type: ignore[arg-type]


def thank(salon: House, referrer_id: UUID, name: str = "Jana") -> Thanked:
    brought = salon.enrol(name=name).customer_id
    noted = note_referral(salon.id, brought, referrer_id, request=asked())
    return credit_referral(salon.id, noted.id, request=asked(NOON, salon.owner))


def sent_text(gateway: Gateway) -> tuple[str, str]:
    """To whom the only message went, and what it said."""
    (got,) = gateway.asked
    query = parse_qs(urlsplit(got.path).query)
    return query["to"][0], query["text"][0]


@pytest.mark.row("S11")
@pytest.mark.row("S12")
def test_the_usual_text_names_both_people_the_points_and_the_salon(
    salon: House, gateway: Gateway
) -> None:
    heike = heike_of(salon)
    thanked = thank(salon, heike.customer_id, "Jana {balance}")

    send_next(salon.id, at=NOON)

    assert (thanked.message, thanked.held_why) == ("waiting", "")
    said = (
        "Thank you, Heike! Jana {balance} came to Salon because of you, and you got 100 points."
        " You have 100 points now."
    )
    assert sent_text(gateway) == ("+4915123456789", said)


@pytest.mark.row("S11")
def test_the_text_is_the_salons_own_if_it_wrote_one(salon: House, gateway: Gateway) -> None:
    set_message(
        salon.id, THANKS, text="Danke, {name}!\r\n{referred}: {points} ({unit}). {business}"
    )
    thank(salon, heike_of(salon).customer_id, "{name}%(points)s")

    send_next(salon.id, at=NOON)

    said = "Danke, Heike!\n{name}%(points)s: 100 points (points). Salon"
    assert sent_text(gateway)[1] == said


@pytest.mark.row("S11")
def test_without_the_switch_the_points_come_and_nobody_is_texted(salon: House) -> None:
    set_message(salon.id, THANKS, is_on=False)
    heike = heike_of(salon)

    thanked = thank(salon, heike.customer_id)

    assert (thanked.points, thanked.message, thanked.held_why) == (100, "", "")
    assert salon.balance(heike.member_id) == 100
    assert salon.messages(heike.customer_id) == []


@pytest.mark.row("B3")
@pytest.mark.row("S12")
@pytest.mark.parametrize(
    ("person", "why"),
    [
        ({"consents": ()}, "no_consent"),
        ({"phone": "", "email": "heike@example.org", "consents": ("email",)}, "no_contact"),
        ({"email": "heike@example.org", "consents": ("email",)}, "no_consent"),
    ],
)
def test_without_consent_to_text_messages_the_thanks_are_held_back_and_it_is_said(
    salon: House, gateway: Gateway, person: dict[str, object], why: str
) -> None:
    heike = heike_of(salon, **person)  # type: ignore[arg-type]

    thanked = thank(salon, heike.customer_id)
    sent = send_next(salon.id, at=NOON)

    assert (thanked.points, thanked.message, thanked.held_why) == (100, "held", why)
    (message,) = salon.messages(heike.customer_id)
    assert (message.channel, message.state, message.held_why) == ("sms", "held", why)
    assert sent is None
    assert gateway.asked == []


@pytest.mark.row("S11")
@pytest.mark.parametrize(
    ("text", "why", "found"),
    [
        ("Thank you, {nmae}!", "unknown_variable", "{nmae}"),
        ("{description}", "unknown_variable", "{description}"),
        ("{Name}", "unknown_variable", "{Name}"),
        ("{0}{1}", "unknown_variable", "{0}"),
        ("{name.__class__}", "unknown_variable", "{name.__class__}"),
        ("{{ 7 * 7 }}", "unknown_variable", "{"),
        ("50 points}", "unknown_variable", "}"),
        ("a" * 481, "too_long", ""),
        ("bell\x07", "no_text", ""),
    ],
)
def test_a_text_is_kept_only_with_variables_that_there_are(
    salon: House, text: str, why: str, found: str
) -> None:
    with nothing_changes(), pytest.raises(TextRefused) as refused:
        set_message(salon.id, THANKS, text=text)

    said = refused.value
    assert (said.why, said.found) == (why, found)
    if found:
        wanted = ["{balance}", "{business}", "{name}", "{points}", "{referred}", "{unit}"]
        assert said.allowed == wanted


@pytest.mark.row("S11")
def test_an_empty_text_or_the_usual_one_brings_the_usual_one_back(salon: House) -> None:
    usual = message_setting(salon.id, THANKS).usual_text

    own = set_message(salon.id, THANKS, text="Thank you, {name}!")
    for back in ("", "  \n", usual):
        set_message(salon.id, THANKS, text="Thank you!")
        assert set_message(salon.id, THANKS, text=back, is_on=False).text == ""

    assert own.is_on
    with scope(business=salon.business):
        kept = MessageSetting.objects.get()
    assert (kept.text, kept.is_on) == ("", False)
