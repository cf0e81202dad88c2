"""Signed events, as Standard Webhooks has them: HMAC-SHA256 over id, time and body.

See https://www.standardwebhooks.com: the headers ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature``, the last one a list of ``v1,<base64>``.
"""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from regulars.sales.providers import BadEventError, WhyNotBelieved

TOLERANCE = timedelta(minutes=5)
"""How far apart the clocks may be; an event that is older may be a replay."""


def signed(secret: bytes, event_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The headers of an event."""
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{_signature(secret, event_id, stamp, body)}",
    }


def check_signed(secret: bytes, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """Check the headers of an event; gives its id. ``headers`` have their names in lower case.

    Raises BadEventError (malformed, bad_signature, too_old).
    """
    event_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    told = headers.get("webhook-signature", "")
    if not (event_id and len(event_id) <= 200 and event_id.isascii()):
        raise BadEventError(WhyNotBelieved.MALFORMED)
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise BadEventError(WhyNotBelieved.MALFORMED)
    right = f"v1,{_signature(secret, event_id, stamp, body)}".encode()
    signatures = [one.encode() for one in told.split()]
    if not any([hmac.compare_digest(one, right) for one in signatures]):  # noqa: C419 - each one
        raise BadEventError(WhyNotBelieved.BAD_SIGNATURE)
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise BadEventError(WhyNotBelieved.TOO_OLD)
    return event_id


def _signature(secret: bytes, event_id: str, stamp: str, body: bytes) -> str:
    content = f"{event_id}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(secret, content, sha256).digest()).decode()
