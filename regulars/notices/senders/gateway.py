"""Sends text messages through an HTTP gateway, whoever runs it.

With a body in the settings it is a POST of JSON, else a GET; in both, ``{to}``, ``{text}``,
``{sender}`` and ``{id}`` stand for parts of the message.
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

from django.conf import settings

from regulars.notices.senders import Letter, NotSentError

TIMEOUT_SECONDS = 10
_PART = re.compile(r"\{(to|text|sender|id)\}")


def send(letter: Letter) -> None:
    """Send a text message.

    Raises NotSentError.
    """
    import httpx  # noqa: PLC0415 - slow, and only some need it

    parts = {"to": letter.to, "text": letter.text, "sender": letter.sender, "id": str(letter.id)}
    url = _filled(settings.SMS_URL, {name: quote(part, safe="") for name, part in parts.items()})
    body = filled_body(json.loads(settings.SMS_BODY), parts) if settings.SMS_BODY else None
    secret = settings.SMS_AUTHORIZATION
    try:
        answer = httpx.request(
            "POST" if body is not None else "GET",
            url,
            json=body,
            headers={"Authorization": secret} if secret else {},
            timeout=TIMEOUT_SECONDS,
        )
    except httpx.HTTPError as problem:
        raise NotSentError(type(problem).__name__) from None  # Its text may name the recipient.
    if not answer.is_success:
        raise NotSentError(f"http_{answer.status_code}")


def filled_body(body: object, parts: Mapping[str, str]) -> object:
    """A JSON body with the parts of the message in its texts."""
    if isinstance(body, dict):
        return {key: filled_body(value, parts) for key, value in body.items()}
    if isinstance(body, list):
        return [filled_body(value, parts) for value in body]
    return _filled(body, parts) if isinstance(body, str) else body


def _filled(template: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda found: parts[found[1]], template)
