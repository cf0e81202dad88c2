"""What messages say, in the business's own words, and how they arrive."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.requests import Request
from regulars.actions.setup.wordings import message_setting
from regulars.notices.texts import TEMPLATES
from regulars.reports.occasions import OCCASIONS
from regulars.rows import new_id
from tests.actions.samples import House, a_house
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of
from tests.doors.office.loyalty import well_made
from tests.notices.mailbox import Mailbox, a_gateway, a_mailbox
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

PATH = "/office/messages/texts/"


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def studio(client: Client) -> House:
    house = a_house("studio")
    come_in(client, house, "manager")
    return house


def save(client: Client, template: str, status: int = 200, /, **told: str) -> Page:
    answer = client.post(f"{PATH}{template}/", told, follow=True)
    assert answer.status_code == status, answer.content.decode()
    return well_made(answer)


def deduct_and_add(house: House, name: str, note: str) -> None:
    """Somebody who agreed to e-mail gets points by hand."""
    person = house.enrol(name=name, email="irina@example.org", consents=("email",))
    order = AdjustOrder(person.member_id, 30, note)
    adjust(house.id, order, request=Request(new_id(), timezone.now(), house.owner))


@pytest.mark.row("B4", door="web")
def test_a_changed_template_arrives_as_it_was_written(
    studio: House, client: Client, mailbox: Mailbox
) -> None:
    saved = save(
        client,
        "balance_changed",
        is_on="on",
        subject="{name}: 100 % {points}",
        text="<b>Hallo {name}</b> & %(points)s\r\n{balance}, {description}",
    )
    deduct_and_add(studio, "{{ 7 * 7 }} {balance} {name.__class__}", "{% now %} {business}")

    send_next(studio.id, at=timezone.now() + timedelta(seconds=1))

    assert "Saved. It holds from the next message on." in saved.said
    (letter,) = mailbox.letters
    name = "{{ 7 * 7 }} {balance} {name.__class__}"
    assert letter["Subject"] == f"{name}: 100 % +30 points"
    assert letter.get_content().splitlines() == [
        f"<b>Hallo {name}</b> & %(points)s",
        "30 points, {% now %} {business}",
    ]


@pytest.mark.row("B4", door="web")
@pytest.mark.parametrize("template", ["points_credited", "balance_changed"])
def test_the_page_lists_the_variables_that_fit_and_previews(
    studio: House, client: Client, template: str
) -> None:
    page = page_of(client, f"{PATH}{template}/")

    assert "{balance} how many can be used now, with the word for them" in page.said
    assert ("{description}" in page.said) == (template == "balance_changed")
    assert "What somebody would read" in page.said
    assert "Studio: " in page.said


@pytest.mark.row("B4", door="web")
def test_the_preview_follows_what_is_typed_with_script_and_without(
    studio: House, client: Client
) -> None:
    typed = {"subject": "Oh, {name}", "text": "{points}! <script>{unit}</script>"}
    with nothing_changes():
        live = client.post(f"{PATH}points_credited/preview/", typed, headers=HTMX)
        plain = save(client, "points_credited", 200, **typed, do="preview")
        wrong = client.post(f"{PATH}points_credited/preview/", {"text": "{nmae}"}, headers=HTMX)

    for page in (Page(live.content.decode()), plain):
        assert "Oh, Heike" in page.said
        assert "30 points! <script>points</script>" in page.said
    assert "There is no variable {nmae}. Use {balance}" in Page(wrong.content.decode()).said


@pytest.mark.row("B4", door="web")
@pytest.mark.parametrize(
    "wrong",
    [
        ("points_credited", {"text": "{vorname}"}, "There is no variable {vorname}."),
        ("points_credited", {"text": "{name.__class__}"}, "no variable {name.__class__}."),
        ("points_credited", {"text": "{{ 7 }}"}, "There is no variable {."),
        ("points_credited", {"subject": "{description}"}, "no variable {description}."),
        ("points_credited", {"subject": "a" * 151}, "This is too long for a subject: 150 letters"),
        ("points_credited", {"text": "a" * 4_001}, "This is too long: 4,000 letters at most."),
        ("points_credited", {"text": "a" * 481}, "A text message has 480 letters at most."),
        ("points_credited", {"sms_text": "a" * 481}, "This is too long: 480 letters at most."),
        ("points_credited", {"sms_text": "{nmae}"}, "There is no variable {nmae}."),
        ("referral_thanks", {"text": "a" * 481}, "This is too long: 480 letters at most."),
        ("login_code", {"sms_text": "Hello"}, "Without {code} this message is for nothing."),
        ("login_code", {"text": "Hello {name}"}, "Without {code} this message is for nothing."),
        ("receipt", {"text": "Thanks"}, "Without {receipt} this message is for nothing."),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    studio: House, client: Client, wrong: tuple[str, dict[str, str], str]
) -> None:
    template, told, said = wrong
    with nothing_changes():
        page = save(client, template, 422, is_on="on", **told)

    assert said in page.said
    assert page.every("aria-invalid") == ["true"]


@pytest.mark.row("B4", door="web")
def test_a_long_text_goes_by_e_mail_and_a_short_one_by_text_message(
    studio: House, client: Client, settings: Settings
) -> None:
    long, short = "{name}, " + "a" * 3_000, "{name}: {points}"
    by_phone = studio.enrol(name="Olga", phone="0151 23456789", consents=("sms",))
    by_mail = studio.enrol(name="Nora", email="nora@example.org", consents=("email",))

    save(client, "balance_changed", 200, is_on="on", text=long, sms_text=short)
    for person in (by_phone, by_mail):
        order = AdjustOrder(person.member_id, 30, "Thanks")
        adjust(studio.id, order, request=Request(new_id(), timezone.now(), studio.owner))
    with a_mailbox(settings) as mailbox, a_gateway(settings) as gateway:
        while send_next(studio.id, at=timezone.now() + timedelta(seconds=1)):
            pass

    (letter,), (text,) = mailbox.letters, gateway.asked
    assert letter.get_content().strip() == "Nora, " + "a" * 3_000
    assert parse_qs(urlsplit(text.path).query)["text"] == ["Olga: +30 points"]


@pytest.mark.row("B4", door="web")
def test_the_preview_tells_what_a_text_message_costs(studio: House, client: Client) -> None:
    def preview(template: str = "welcome", **typed: str) -> str:
        answer = client.post(f"{PATH}{template}/preview/", typed, headers=HTMX)
        return Page(answer.content.decode()).said

    with nothing_changes():
        usual, odd = preview(), preview(text="Ж" * 71)
        both = preview(text="a" * 481, sms_text="a" * 161)
        by_mail_only = preview("receipt")

    assert "it is sent in 1 part." in usual
    assert "sent in 2 parts; each is charged as one. “Ж” is none of the usual letters" in odd
    assert "What somebody would read, 481 characters" in both
    assert "The text message, 161 characters" in both
    assert "in 2 parts" in both
    assert "part" not in by_mail_only


@pytest.mark.row("B4", door="web")
def test_words_for_text_messages_stay_their_own(studio: House, client: Client) -> None:
    usual = message_setting(studio.id, "welcome").usual_text
    save(client, "welcome", is_on="on", text="Hi {name}!", sms_text=usual)
    kept = message_setting(studio.id, "welcome")
    save(client, "welcome", is_on="on", text="Hi {name}!", sms_text=" Hi {name}!\r\n")
    same = message_setting(studio.id, "welcome")

    assert (kept.text, kept.sms_text) == ("Hi {name}!", usual)
    assert (same.text, same.sms_text) == ("Hi {name}!", "")


@pytest.mark.row("B4", door="web")
def test_the_usual_words_come_back(studio: House, client: Client) -> None:
    save(client, "welcome", is_on="on", subject="Hi!", text="Hi {name}!")
    own = message_setting(studio.id, "welcome")

    shown = save(client, "welcome", subject="Hi!", text="Hi {name}!", do="reset")
    usual = {"subject": own.usual_subject, "text": own.usual_text}
    save(client, "welcome", 200, is_on="on", **usual)

    assert own.is_own
    assert "Welcome to {business}! You start with {points}." in shown.text.replace("&#x27;", "'")
    assert not message_setting(studio.id, "welcome").is_own


@pytest.mark.row("B3", door="web")
def test_loyalty_messages_are_switched_off_and_those_asked_for_never(
    studio: House, client: Client
) -> None:
    save(client, "points_credited", text="")
    save(client, "gift_card", text="")

    page = page_of(client, f"{PATH}gift_card/")
    listed = page_of(client, PATH)

    assert not message_setting(studio.id, "points_credited").is_on
    assert message_setting(studio.id, "gift_card").is_on
    assert "Always sent: somebody asked for it" in page.said
    assert "Points credited automatically When a visit or a purchase has earned points." in (
        listed.said
    )


def test_every_occasion_has_words(studio: House, client: Client) -> None:
    assert set(OCCASIONS) == set(TEMPLATES)
    for template in TEMPLATES:
        page = page_of(client, f"{PATH}{template}/")
        assert str(OCCASIONS[template].named("points").label) in page.said
        with scope(business=studio.business):
            assert "There is no variable" not in page.said
    assert client.get(f"{PATH}nothing/").status_code == 404
    assert client.post(f"{PATH}nothing/preview/").status_code == 404
