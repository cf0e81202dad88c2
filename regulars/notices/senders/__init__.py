"""Ways for a message to leave. Each module has one function, ``send``, of the same shape.

Which one serves a channel is a setting; a new way is a new module and its name in ``settings``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from django.conf import settings


class NotSentError(Exception):
    """A message did not leave, or perhaps did; it is tried again.

    ``code`` is for operators: it holds nothing of whom, and nothing secret.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of text that goes along."""

    name: str
    content_type: str
    """Without parameters: it is sent as UTF-8."""
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves."""

    id: UUID
    """The same at every try, so that whoever gets it twice can tell."""
    to: str
    """An e-mail address, or a phone number as E.164."""
    sender: str
    """The business's name."""
    subject: str
    """One line; only e-mail has it."""
    text: str
    attached: Attached | None = None
    """Only e-mail has it."""


Send = Callable[[Letter], None]


def sender_of(channel: str) -> Send:
    """How messages of a channel (email, sms) leave: raises NotSentError when one does not.

    Raises NotSentError when nothing is set up for it.
    """
    name = settings.SENDERS[channel]
    if not name:
        raise NotSentError("not_set_up")
    send: Send = import_module(f"{__name__}.{name}").send
    return send
