"""The guide's example runs as it stands there."""

import re
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.doors.api.houses import a_cinema, level
from tests.house.test_api import GUIDE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("verified")]


def test_from_a_key_to_the_first_sale(live_server: LiveServer) -> None:
    cinema = a_cinema()
    cinema.promise(level(ticket=(5, 1)), welcome_points=0)
    member = cinema.enrol(points=100, card={"number": "440211870936"})
    [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    code = code.replace("http://127.0.0.1:8000", live_server.url)
    known: dict[str, Any] = {}

    exec(code.replace("rk_…", cinema.api.key), known)  # noqa: S102 - our own guide

    assert (known["quote"]["most_points"], known["quote"]["earned"]) == (7, 36)
    assert known["sale"].json()["earned"] == 35
    assert cinema.api.get(f"/members/{member}")["available"] == 100 - 7 + 35
    known["api"].close()
