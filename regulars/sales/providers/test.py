"""The test provider: takes no money, and does everything else that a provider does.

Its pages are Regulars' own (``site.pay_test``): somebody presses *Pay* or *Decline* there, and it
tells by a signed webhook, like any other. What it knows stands in the cache, as at a stranger's.
"""

import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.encoding import force_bytes

from regulars.sales.providers import (
    BadEventError,
    Charge,
    Event,
    GivingBack,
    ProviderError,
    Started,
    What,
    WhyNotBelieved,
)
from regulars.sales.providers.signing import check_signed, signed

NAME = "test"
TIMEOUT_SECONDS = 5
RESTS_SECONDS = (0, 0.5, 1, 2, 5, 10, 30)
"""Before each try to tell; who did not hear then asks."""


@dataclass(frozen=True, slots=True)
class TestPayment:
    """A payment as the test provider knows it."""

    __test__ = False

    reference: str
    payment_id: str
    business: str
    slug: str
    amount_minor: int
    currency: str
    words: str
    back_url: str


def start(charge: Charge, *, back_url: str, words: str) -> Started:
    """A page of ours; the same charge gets the same one."""
    reference = _keyed("reference", charge.id.hex)[:32]
    payment = TestPayment(
        reference=reference,
        payment_id=str(charge.id),
        business=charge.business,
        slug=charge.slug,
        amount_minor=charge.amount_minor,
        currency=charge.currency,
        words=words,
        back_url=back_url,
    )
    cache.set(_key(reference), asdict(payment), None)
    return Started(reverse("site:pay_test", args=[reference]), reference)


def find(reference: str) -> TestPayment | None:
    """A payment by its reference."""
    kept = cache.get(_key(reference))
    return TestPayment(**kept) if kept else None


def outcome_of(reference: str) -> What | None:
    """What became of a payment; None where nothing did yet."""
    told = cache.get(_key(reference, "ended"))
    return What(told) if told else None


def end(reference: str, what: What) -> What:
    """Note what became of a payment; the first one counts. Gives which one that is."""
    cache.add(_key(reference, "ended"), str(what), None)
    return outcome_of(reference) or what


def tell(event: tuple[str, bytes], url: str, *, clock: Callable[[], datetime]) -> bool:
    """Tell an event of ``event_of`` until it is heard; whether it was.

    ``url`` is that of the webhook. Each try is a request of its own, signed anew. It needs no
    database: a thread may do it.
    """
    import httpx  # noqa: PLC0415 - slow, and only some need it

    event_id, body = event
    for rest in RESTS_SECONDS:
        time.sleep(rest)
        headers = signed(_secret(), event_id, body, at=clock())
        headers["content-type"] = "application/json"
        try:
            answer = httpx.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError:
            continue
        if answer.is_success:
            return True
    return False


def read_event(headers: Mapping[str, str], body: bytes, *, now: datetime) -> Event | None:
    """What the test provider tells.

    Raises BadEventError.
    """
    event_id = check_signed(_secret(), headers, body, now=now)
    try:
        return _event(event_id, json.loads(body))
    except (ValueError, KeyError, TypeError) as problem:
        raise BadEventError(WhyNotBelieved.MALFORMED) from problem


def ask(charge: Charge) -> Event | None:
    """What became of a payment."""
    payment = find(charge.reference)
    event = event_of(payment) if payment else None
    if event is None:
        return None
    event_id, body = event
    return _event(event_id, json.loads(body))


def give_back(back: GivingBack) -> None:
    """Give money back, never more than was paid.

    Raises ProviderError (not_paid, too_much).
    """
    payment = find(back.reference)
    if payment is None or outcome_of(back.reference) is not What.PAID:
        raise ProviderError("not_paid")
    key = _key(back.reference, "back")
    given: dict[str, int] = cache.get(key, {})
    given[str(back.id)] = back.amount_minor
    if sum(given.values()) > payment.amount_minor:
        raise ProviderError("too_much")
    cache.set(key, given, None)


def given_back(reference: str) -> int:
    """What was given back of a payment so far, in minor units."""
    given: dict[str, int] = cache.get(_key(reference, "back"), {})
    return sum(given.values())


def event_of(payment: TestPayment) -> tuple[str, bytes] | None:
    """The id and the body of what is told of a payment; None while there is nothing to tell."""
    what = outcome_of(payment.reference)
    if what is None:
        return None
    body = {
        "type": f"payment.{what}",
        "payment": payment.payment_id,
        "reference": payment.reference,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
    }
    return f"evt_{payment.reference}", json.dumps(body).encode()


def _event(event_id: str, told: Any) -> Event | None:  # noqa: ANN401 - whatever was posted
    kind = told["type"]
    if kind not in {f"payment.{what}" for what in What}:
        return None
    amount, reference, currency = told["amount_minor"], told["reference"], told["currency"]
    if type(amount) is not int or not isinstance(reference, str) or not isinstance(currency, str):
        raise TypeError("an event has another form")
    what = What(kind.removeprefix("payment."))
    return Event(event_id, NAME, what, UUID(told["payment"]), reference, amount, currency)


def _key(reference: str, what: str = "payment") -> str:
    return f"pay-test:{what}:{quote(reference[:64], safe='')}"


def _secret() -> bytes:
    """Follows from the key of the installation: nobody has to set it up."""
    return bytes.fromhex(_keyed("secret", ""))


def _keyed(what: str, text: str) -> str:
    content = f"test payments\n{what}\n{text}".encode()
    return hmac.new(force_bytes(settings.LOOKUP_KEY), content, sha256).hexdigest()
