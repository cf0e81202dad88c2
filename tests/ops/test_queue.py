"""Operators see what waits and why; the worker sends it, and may be killed at any moment."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import rest_after, send_next
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.notices.models import Message
from regulars.ops import keys, working
from regulars.ops.working import Worker
from tests.actions.samples import NOON, House, a_house, asked
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.running import COMMAND

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


def a_message(house: House, *, at: datetime = NOON, consents: tuple[str, ...] = ("email",)) -> None:
    """A message that waits, or is held without consent."""
    email = f"{house.business.slug}-{time.monotonic_ns()}@example.org"
    joined = house.enrol(email=email, consents=consents, at=at)
    order = AdjustOrder(joined.member_id, 30, "A gift")
    adjust(house.id, order, request=asked(at, house.owner))


def states(house: House) -> list[tuple[str, int]]:
    with scope(business=house.business):
        listed = Message.objects.order_by("id")
        return [(message.state, message.attempts) for message in listed]


def test_the_worker_sends_what_is_due_in_all_businesses(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "regulars.worker")
    cinema, salon = a_house("cinema", welcome_points=0), a_house("salon")
    for house in (cinema, cinema, cinema, salon):
        a_message(house)

    Worker(lambda: NOON).messages()

    assert states(cinema) == [("sent", 1)] * 3
    assert states(salon) == [("sent", 1)]
    senders = [letter["From"].addresses[0].display_name for letter in mailbox.letters]
    assert senders == ["Cinema", "Salon", "Cinema", "Cinema"]
    said = [vars(record) for record in caplog.records if record.message == "message"]
    assert [record["state"] for record in said] == ["sent"] * 4
    assert "example.org" not in str(said)


def test_one_broken_message_keeps_back_nobody_elses(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    cinema, salon = a_house("cinema", welcome_points=0), a_house("salon")
    a_message(cinema)
    a_message(salon)
    with scope(business=cinema.business):
        Message.objects.update(template="unheard_of")
    worker = Worker(lambda: NOON)

    worker.messages()

    assert worker.failures == 1
    assert states(cinema) == [("waiting", 1)]
    assert states(salon) == [("sent", 1)]


def test_a_slow_mail_server_keeps_no_visit_waiting(mailbox: Mailbox) -> None:
    cinema = a_house("cinema", welcome_points=0)
    for _ in range(3):
        a_message(cinema)

    Worker(lambda: NOON).messages(until=time.monotonic())

    assert mailbox.letters == []


def test_messages_go_out_between_the_rounds(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "MESSAGES_PAUSE", timedelta(seconds=0.01))
    cinema = a_house("cinema", welcome_points=0)
    a_message(cinema)
    worker = Worker(lambda: NOON)
    mailbox.on_letter = worker.stop.set

    worker.run()

    assert len(mailbox.letters) == 1


def test_workers_side_by_side_send_each_message_once(mailbox: Mailbox) -> None:
    cinema = a_house("cinema", welcome_points=0)
    for _ in range(20):
        a_message(cinema)
    together = Barrier(4)

    def work() -> None:
        together.wait()
        while send_next(cinema.id, at=NOON):
            pass
        close_old_connections()
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mailbox.letters) == len({letter["To"] for letter in mailbox.letters}) == 20
    assert states(cinema) == [("sent", 1)] * 20


def test_killed_between_sending_and_noting_it_the_message_is_sent_again(
    mailbox: Mailbox, tmp_path: Path
) -> None:
    """Invariant 17: at least once, under the same id."""
    cinema, now = a_house("cinema", welcome_points=0), timezone.now()
    a_message(cinema, at=now)
    started: list[subprocess.Popen[bytes]] = []
    mailbox.on_letter = lambda: started[0].send_signal(signal.SIGKILL)
    database = connection.settings_dict
    host = quote(str(database["HOST"]), safe="")
    environment = {
        **os.environ,
        **keys.fresh(),
        "REGULARS_DATA": str(tmp_path),
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={host}"
        f"&port={database['PORT']}",
        "REGULARS_EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "REGULARS_EMAIL_FROM": "hello@regulars.example",
    }

    started.append(subprocess.Popen([sys.executable, "-c", COMMAND, "worker"], env=environment))
    assert started[0].wait(60) == -signal.SIGKILL

    assert states(cinema) == [("waiting", 1)]
    mailbox.on_letter = lambda: None
    assert send_next(cinema.id, at=now) is None
    sent = send_next(cinema.id, at=timezone.now() + rest_after(1))
    assert sent is not None
    assert states(cinema) == [("sent", 2)]
    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_the_command_tells_what_waits_what_was_held_and_what_went_wrong(mailbox: Mailbox) -> None:
    cinema = a_house("cinema", welcome_points=0)
    mailbox.answer = "451 Later"
    a_message(cinema)
    send_next(cinema.id, at=NOON)
    mailbox.answer = "250 Kept"
    a_message(cinema)
    send_next(cinema.id, at=NOON)
    a_message(cinema, consents=())
    a_house("salon")
    said = StringIO()

    call_command("queue", "--business", cinema.business.slug, stdout=said)

    lines = said.getvalue().splitlines()
    assert lines[:2] == ["E-mail: smtp", "Text message: console"]
    assert lines[3] == f"{cinema.business.slug}: waiting 1, sent 1, held back 1, failed 0"
    assert lines[4].startswith("  The oldest has waited for ")
    assert lines[5:] == ["  held back: no_consent (1)", "  waiting: smtp_451 (1)"]
    assert "example.org" not in said.getvalue()


def test_the_command_knows_only_businesses_that_there_are() -> None:
    with pytest.raises(CommandError, match="no business “nowhere”"):
        call_command("queue", "--business", "nowhere")
