"""The sale screen over HTTP: eight cashiers at work, each pressing something twice a second."""

import os
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from random import Random
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.crew import Result
from benchmarks.http import CALLING
from benchmarks.people import MEMBER, nth
from benchmarks.place import Town
from benchmarks.table import TILL, Measured, say
from benchmarks.till import BEGINNINGS, MOST_MILLISECONDS
from regulars.actions.staff.limits import add_staff
from regulars.business.models import Business, Staff, User
from regulars.till.basket import Basket, BasketLine

CASHIERS = 8
EVERY_SECONDS = 0.5
"""How often each of them presses something: about as fast as hands are."""

TOKEN = "benchmarksbenchmarksbenchmarksbe"  # noqa: S105 - sent as cookie and as header alike
"""Against forged forms: whoever sends the same twice came from a page of ours."""

_SEEN = re.compile(r'name="seen" value="([^"]*)"')


def sign_in(town: Town) -> str:
    """The session of a cashier at the till, made like any other; leaves the database alone."""
    business = Business.objects.get(pk=town.business_id)
    add_staff(business.pk, "cashier@benchmarks.example", Staff.Role.CASHIER, name="Pavel Kuznetsov")
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(email="cashier@benchmarks.example"))
    client.post(reverse("till:choose"))
    session = client.cookies["sessionid"].value
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    return session


@dataclass(slots=True)
class Cashier:
    """One browser at a till."""

    town: Town
    members: int
    http: HTTPConnection
    session: str
    chance: Random

    def post(self, name: str, **fields: str) -> tuple[str, float]:
        """What the page gets, and the seconds until it has all of it."""
        body = urlencode(fields)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
        }
        begun = time.perf_counter()
        self.http.request("POST", reverse(f"till:{name}"), body, headers)
        answer = self.http.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - begun
        assert answer.status == 200, f"{answer.status}: {text[:2000]}"
        return text, seconds

    def press(self, basket: Basket, do: str = "", **fields: str) -> tuple[str, float]:
        return self.post("press", basket=basket.model_dump_json(), do=do, **fields)

    def basket(self) -> Basket:
        """A ticket for somebody."""
        return Basket(
            stage="sale",
            member_id=nth(MEMBER, self.chance.randint(1, self.members)),
            lines=(BasketLine(item_id=self.town.ticket_id),),
        )


def identify(cashier: Cashier) -> float:
    """A card is scanned."""
    number = f"C{cashier.chance.randint(1, cashier.members)}"
    text, seconds = cashier.press(Basket(), "scan", q=number)
    assert "till-account" in text, text
    return seconds


def find(cashier: Cashier) -> float:
    """A few letters of a name are typed."""
    return cashier.post("find", q=cashier.chance.choice(BEGINNINGS))[1]


def quote(cashier: Cashier) -> float:
    """Popcorn is added to a ticket."""
    text, seconds = cashier.press(cashier.basket(), f"add:{cashier.town.popcorn_id}")
    assert _SEEN.search(text), text
    return seconds


def pay(cashier: Cashier) -> float:
    """A ticket is paid by card, as it was quoted just before."""
    basket = cashier.basket()
    seen = _SEEN.search(cashier.press(basket)[0])
    assert seen is not None, "there is something to pay"
    text, seconds = cashier.press(basket, "pay", seen=seen[1])
    assert "till-done" in text, text
    return seconds


STEPS: Mapping[str, Callable[[Cashier], float]] = {
    "screen: scan a card": identify,
    "screen: letters of a name": find,
    "screen: add and quote": quote,
    "screen: pay": pay,
}


def against_patience(
    path: str, town: Town, members: int, *, session: str, rounds: int, seconds: int
) -> Measured:
    """What 95 of 100 presses keep below, from the request to the last byte of the answer."""
    results = []
    with ThreadPoolExecutor(CASHIERS) as pool:
        cashiers = [_a_cashier(town, members, session, number) for number in range(CASHIERS)]
        for cashier in cashiers:
            STEPS[path](cashier)
        for number in range(rounds):
            begun = time.perf_counter()
            taken = pool.map(lambda each: _work(STEPS[path], each, begun, seconds), cashiers)  # noqa: B023 - used up within the round
            times = tuple(sorted(took for some in taken for took in some))
            results.append(Result(len(times) / seconds, times))
            slow = results[-1].percentile(95) * 1000
            say(f"{path} {number + 1}/{rounds}: 95 of 100 below {slow:.1f} ms")
    return Measured(
        path=path,
        unit="ms",
        ours=tuple(result.percentile(95) * 1000 for result in results),
        floor=(float(MOST_MILLISECONDS),) * rounds,
        goal=TILL,
    )


def _a_cashier(town: Town, members: int, session: str, number: int) -> Cashier:
    port = int(os.environ[CALLING].split()[0])
    return Cashier(town, members, HTTPConnection("127.0.0.1", port), session, Random(number))


def _work(
    step: Callable[[Cashier], float], cashier: Cashier, begun: float, seconds: int
) -> list[float]:
    """Press at fixed times, each cashier a little after the one before."""
    times: list[float] = []
    start = begun + cashier.chance.random() * EVERY_SECONDS
    turns = int((begun + seconds - start) / EVERY_SECONDS)
    for turn in range(turns):
        time.sleep(max(start + turn * EVERY_SECONDS - time.perf_counter(), 0))
        times.append(step(cashier))
    return times
