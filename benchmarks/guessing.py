"""Somebody guesses gift card codes at one business: how the business next door sells meanwhile."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from secrets import token_hex
from threading import Event, Thread
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from benchmarks.crew import Crew
from benchmarks.http import CALLING
from benchmarks.table import NEXT_DOOR, Measured, say
from regulars.actions.setup.setting_up import new_business

GUESSED = "guessed"
GUESSERS = 4
"""At once, each as often as it is answered."""


def found_guessed() -> None:
    """The business whose codes are guessed; leaves the database alone afterwards."""
    new_business(
        name="Guessed",
        slug=GUESSED,
        template="studio",
        currency="GBP",
        timezone="Europe/London",
        locale="en",
        city="Bristol",
        accent=(252, 95),
        at=timezone.now(),
    )
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def against_quiet(path: str, crew: Crew, *, rounds: int, seconds: int) -> Measured:
    """Quiet, guessed, quiet, guessed ...: what 95 of 100 sales next door keep below."""
    quiet, guessed = [], []
    for number in range(rounds):
        quiet.append(crew.round(path, seconds).percentile(95) * 1000)
        with guessers() as answers:
            guessed.append(crew.round(path, seconds).percentile(95) * 1000)
        say(
            f"{path} {number + 1}/{rounds}: 95 of 100 below {quiet[-1]:.1f} ms,"
            f" {guessed[-1]:.1f} ms beside {sum(answers.values()):,} guesses ({answers})"
        )
    return Measured(
        path="next door to a guesser", unit="ms", ours=tuple(guessed), floor=tuple(quiet),
        goal=NEXT_DOOR,
    )  # fmt: skip


@contextmanager
def guessers() -> Iterator[dict[int, int]]:
    """Let somebody guess; counts the answers by their status."""
    stop, answers = Event(), dict[int, int]()
    threads = [Thread(target=_guess, args=(stop, answers)) for _ in range(GUESSERS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _guess(stop: Event, answers: dict[int, int]) -> None:
    port = int(os.environ[CALLING].split()[0])
    path = f"/s/{GUESSED}/gift-cards/check/"
    caller = HTTPConnection("127.0.0.1", port)
    caller.request("GET", path)
    form = caller.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.read().decode())
    assert token is not None, "the page has a form"
    cookie = (form.getheader("Set-Cookie") or "").partition(";")[0]
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    while not stop.is_set():
        body = urlencode({"csrfmiddlewaretoken": token[1], "code": token_hex(8).upper()})
        caller.request("POST", path, body, headers)
        answer = caller.getresponse()
        answer.read()
        answers[answer.status] = answers.get(answer.status, 0) + 1
        time.sleep(0)
