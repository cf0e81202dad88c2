"""Payment providers: who takes money online, on a page of their own, and tells us of it.

Each module is one provider, with the functions of ``Provider``. Which one takes payments is a
setting; a new one is a new module and its name in ``settings``. What a provider tells is believed
only if it is signed; what we ask of it carries our ids, so that it does it once however often we
ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings


class ProviderError(Exception):
    """A provider did not do what it was asked, or perhaps did; it is asked again.

    ``code`` is for operators: it holds nothing of whom, and nothing secret.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadEventError(Exception):
    """Something that claims to come from a provider, and is not believed.

    ``code`` is one of ``WhyNotBelieved``.
    """

    def __init__(self, code: "WhyNotBelieved") -> None:
        super().__init__(code)
        self.code = code


class WhyNotBelieved(StrEnum):
    """Why an event is not believed. The codes are public: providers' logs show them."""

    BAD_SIGNATURE = "bad_signature"
    TOO_OLD = "too_old"
    """Or from the future: its time is more than five minutes from ours."""
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment that a provider is asked to take."""

    id: UUID
    """Ours; the same at every try."""
    business: str
    """Its name, which the provider's page shows."""
    slug: str
    amount_minor: int
    currency: str
    reference: str = ""
    """The provider's own id of it, once there is one."""


@dataclass(frozen=True, slots=True)
class Started:
    """Where somebody pays, and the provider's own id of the payment."""

    url: str
    reference: str


class What(StrEnum):
    """What became of a payment."""

    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something a provider tells of a payment."""

    id: str
    """The provider's own, the same however often it tells it."""
    provider: str
    what: What
    payment_id: UUID
    """Ours, as it was asked to take it."""
    reference: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class GivingBack:
    """Money that a provider is asked to give back, whole or in part."""

    id: UUID
    """Ours, the same at every try: the provider does it once."""
    reference: str
    """The provider's own id of the payment."""
    amount_minor: int
    currency: str


class Provider(Protocol):
    """What every provider does."""

    def start(self, charge: Charge, *, back_url: str, words: str) -> Started:
        """Ask for a page on which somebody pays; the same charge gets the same page.

        ``back_url`` is where they go afterwards, ``words`` what they buy. Raises ProviderError.
        """

    def read_event(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Event | None:
        """What a provider tells, None where it is nothing that matters here.

        Raises BadEventError.
        """

    def ask(self, charge: Charge) -> Event | None:
        """What became of a payment, None where nothing did yet. Raises ProviderError."""

    def give_back(self, back: GivingBack) -> None:
        """Give money back. Raises ProviderError."""


NAMES = ("test",)
"""Every provider there is."""


def provider_in_use() -> str:
    """The name of the provider that takes payments; "" where none is set up."""
    return str(settings.PAYMENTS)


def provider_called(name: str) -> Provider | None:
    """A provider by its name, None where it is not set up here."""
    if name not in NAMES or name != provider_in_use():
        return None
    return cast("Provider", import_module(f"{__name__}.{name}"))
