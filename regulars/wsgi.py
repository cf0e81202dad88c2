"""What a WSGI server loads: requests wait only so long, for a lock and for an answer."""

import os
import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import resolve

from regulars.ops import keys, places
from regulars.ops.answering import whole

LOCK_TIMEOUT = "4s"
"""How long a request waits for a row that another one holds; then it is told to try again."""

STATEMENT_TIMEOUT = "25s"

_CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")

keys.require(keys.read(places.data_directory(os.environ), os.environ))
_pages = get_wsgi_application()

from regulars.api.handler import PREFIX, ApiHandler  # noqa: E402 - needs Django set up

_api = ApiHandler()
# Django reads the addresses when it is first asked for one: seconds, which nobody waits for now.
resolve("/healthz")


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request: the API's take a shorter way.

    Everything is read as UTF-8, whatever it says it is written in: Django knows charsets that are
    none, and falls over them before anybody could answer.
    """
    if "charset" in environ.get("CONTENT_TYPE", "").lower():
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ["CONTENT_TYPE"])
    handler = _api if environ["PATH_INFO"].startswith(PREFIX) else _pages
    return whole(handler(environ, start_response))


# Set when a connection is made: what a request set on one would stay behind in the pool.
_options = connections.settings["default"]["OPTIONS"]
_options["options"] = (
    f"{_options.get('options', '')} -c lock_timeout={LOCK_TIMEOUT}"
    f" -c statement_timeout={STATEMENT_TIMEOUT}"
).strip()
