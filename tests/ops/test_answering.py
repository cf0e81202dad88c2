"""Answers as the web server gets them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse

from regulars.ops import keys
from regulars.ops.answering import whole


@pytest.mark.django_db
def test_an_answer_known_whole_is_given_whole_and_its_request_is_over() -> None:
    answer = HttpResponse(["a", "b"])

    given = whole(answer)

    assert given == [b"ab"]
    assert answer.closed


def test_what_comes_piece_by_piece_is_left_to_the_web_server() -> None:
    answer = StreamingHttpResponse(["a", "b"])

    assert whole(answer) is answer
    assert not answer.closed


def test_a_web_server_has_read_all_addresses_before_anybody_asks() -> None:
    look = "import sys, regulars.wsgi; print('regulars.office.urls' in sys.modules)"
    own = {**os.environ, **keys.fresh(), keys.LOOKUP_KEY: settings.LOOKUP_KEY.hex()}

    said = subprocess.run(
        [sys.executable, "-c", look], env=own, check=True, capture_output=True, text=True
    )

    assert said.stdout == "True\n"
