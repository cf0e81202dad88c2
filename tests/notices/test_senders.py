"""Each way for a message to leave, against a real server."""

import json
import logging
from dataclasses import replace

import pytest
from pytest_django import Settings

from regulars.notices.senders import Letter, NotSentError, console, sender_of, smtp
from regulars.rows import new_id
from tests.notices.mailbox import Gateway, Mailbox
from tests.running import free_port

LETTER = Letter(
    id=new_id(),
    to="irina@example.org",
    sender='Kino "Zarya", Ост',
    subject="30 бонусов",
    text="You got 30 bonuses.\n.\nÀ bientôt",
)
SMS = replace(LETTER, to="+4915123456789", text="50 % & more? Ja: {to}")


def test_the_console_prints_everything(capsys: pytest.CaptureFixture[str]) -> None:
    console.send(LETTER)

    said = capsys.readouterr().out
    for part in (LETTER.to, LETTER.sender, LETTER.subject, LETTER.text):
        assert part in said


def test_e_mail_arrives_in_the_name_of_the_business(mailbox: Mailbox) -> None:
    smtp.send(LETTER)

    (letter,) = mailbox.letters
    assert letter["To"] == "irina@example.org"
    assert letter["Subject"] == LETTER.subject
    (sender,) = letter["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (LETTER.sender, "hello@regulars.example")
    assert letter.get_content().splitlines() == LETTER.text.splitlines()
    assert letter["Auto-Submitted"] == "auto-generated"


def test_the_same_message_has_the_same_id_at_every_try(mailbox: Mailbox) -> None:
    smtp.send(LETTER)
    smtp.send(LETTER)

    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"] == f"<{LETTER.id}@127.0.0.1>"


def test_what_the_mail_server_refuses_is_told_without_whom(mailbox: Mailbox) -> None:
    mailbox.answer = "451 Later, irina@example.org"
    with pytest.raises(NotSentError) as later:
        smtp.send(LETTER)
    mailbox.refuses = "550 No irina@example.org here"
    with pytest.raises(NotSentError) as never:
        smtp.send(LETTER)

    assert (later.value.code, never.value.code) == ("smtp_451", "smtp_550")
    assert later.value.__cause__ is None


def test_a_mail_server_that_is_not_there_is_told(mailbox: Mailbox, settings: Settings) -> None:
    settings.EMAIL_PORT = free_port()

    with pytest.raises(NotSentError) as refused:
        smtp.send(LETTER)

    assert refused.value.code == "ConnectionRefusedError"


def test_nothing_can_be_slipped_into_the_head_of_a_message(mailbox: Mailbox) -> None:
    with pytest.raises(NotSentError) as refused:
        smtp.send(replace(LETTER, subject="Hello\nBcc: everybody@example.org"))

    assert refused.value.code == "BadHeaderError"
    assert mailbox.letters == []


def test_a_gateway_is_asked_by_get_with_everything_encoded(gateway: Gateway) -> None:
    sender_of("sms")(SMS)

    (asked,) = gateway.asked
    assert (asked.method, asked.authorization) == ("GET", None)
    text = "50%20%25%20%26%20more%3F%20Ja%3A%20%7Bto%7D"
    assert asked.path == f"/send?to=%2B4915123456789&text={text}"


def test_a_gateway_is_asked_by_post_with_a_body_of_ones_own(
    gateway: Gateway, settings: Settings
) -> None:
    settings.SMS_URL = f"{gateway.url}/messages"
    settings.SMS_BODY = json.dumps(
        {"messages": [{"to": "{to}", "body": "{sender}: {text}"}], "ref": "{id}", "flash": False}
    )
    settings.SMS_AUTHORIZATION = "Bearer abc"

    sender_of("sms")(SMS)

    (asked,) = gateway.asked
    assert (asked.method, asked.path, asked.authorization) == ("POST", "/messages", "Bearer abc")
    assert json.loads(asked.body) == {
        "messages": [{"to": SMS.to, "body": f"{SMS.sender}: {SMS.text}"}],
        "ref": str(SMS.id),
        "flash": False,
    }


def test_what_a_gateway_refuses_is_told_without_whom(gateway: Gateway, settings: Settings) -> None:
    gateway.status = 503
    with pytest.raises(NotSentError) as busy:
        sender_of("sms")(SMS)
    settings.SMS_URL = f"http://127.0.0.1:{free_port()}/{{to}}"
    with pytest.raises(NotSentError) as away:
        sender_of("sms")(SMS)

    assert (busy.value.code, away.value.code) == ("http_503", "ConnectError")
    assert away.value.__cause__ is None


def test_a_channel_that_is_not_set_up_says_so(settings: Settings) -> None:
    settings.SENDERS = {"email": "", "sms": ""}

    with pytest.raises(NotSentError) as refused:
        sender_of("email")

    assert refused.value.code == "not_set_up"


def test_the_log_says_nothing_of_what_a_gateway_is_asked() -> None:
    """httpx tells whole addresses at INFO."""
    assert logging.getLogger("httpx").getEffectiveLevel() >= logging.WARNING
