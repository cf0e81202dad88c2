"""Logs: one line per event on standard error; JSON unless a person is watching.

Addresses, bodies, headers and people's data stay out: a request is named by its route.
"""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from django.http import HttpRequest, HttpResponse

_CALLERS_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request_name: ContextVar[str | None] = ContextVar("request_name", default=None)
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request"}

logger = logging.getLogger("regulars.requests")


class RequestLog:
    """Give every request an id, answer it in ``X-Request-Id``, and log how the request ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        name = given if _CALLERS_ID.fullmatch(given) else secrets.token_hex(10)
        began = time.perf_counter()
        token = _request_name.set(name)
        request.META["regulars.request_name"] = name
        try:
            response = self.get_response(request)
            match = request.resolver_match
            facts = {
                "method": request.method,
                "route": f"/{match.route}" if match else None,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            }
            logger.info("answered", extra=facts)
        finally:
            _request_name.reset(token)
        response["X-Request-Id"] = name
        return response


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to standard error as it is at the moment, not as it was when logging was set up."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class Lines(logging.Formatter):
    """One event, one line: ``key=value`` for a person, JSON for a machine."""

    def __init__(self) -> None:
        super().__init__()
        self.for_a_person = sys.stderr.isatty()

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        extra = {key: value for key, value in vars(record).items() if key not in _USUAL}
        if name := _request_name.get():
            extra["request"] = name
        trace = self.formatException(record.exc_info) if record.exc_info else None
        message = record.getMessage()
        if self.for_a_person:
            words = " ".join(f"{key}={value}" for key, value in extra.items())
            line = f"{at:%H:%M:%S} {record.levelname.lower()} {record.name}: {message} {words}"
            return f"{line.rstrip()}\n{trace}" if trace else line.rstrip()
        facts = {
            "at": at.isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": message,
            **extra,
        }
        return json.dumps(facts | ({"trace": trace} if trace else {}), default=str)


def configuration(level: str) -> dict[str, object]:
    """The ``LOGGING`` setting: everything from ``level`` on goes to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "regulars.ops.logs.Lines"}},
        "handlers": {"stderr": {"class": "regulars.ops.logs.Stderr", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Of refusals "answered" tells already, and without the address and what is in it.
            "django.request": {"level": "ERROR"},
            "psycopg.pool": {"level": "ERROR"},
            "httpx": {"level": "WARNING"},  # It tells addresses, with what is in them.
        },
    }
