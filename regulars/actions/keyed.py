"""What the keys of an installation are for: looking secrets up, and reading some of them again."""

import hmac
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from uuid import UUID

from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.encoding import force_bytes


def lookup_hash(what: str, text: str) -> bytes:
    """The keyed HMAC by which a secret is found; ``what`` keeps kinds of secrets apart."""
    key = force_bytes(settings.LOOKUP_KEY)
    return hmac.new(key, f"{what}\n{text}".encode(), sha256).digest()


def drawn_by(request_id: UUID, what: str) -> Callable[[int], int]:
    """A source of numbers below n that nobody guesses, and that a repeated request draws again.

    So a code that is stored only as a hash can still be told once more to a caller whose first
    answer got lost.
    """
    draws = count()

    def below(n: int) -> int:
        digest = lookup_hash(what, f"{request_id}/{next(draws)}")
        return int.from_bytes(digest) % n

    return below


def encrypt(text: str) -> bytes:
    """What must be readable again, unreadable to whoever has only the database."""
    return Fernet(force_bytes(settings.ENCRYPTION_KEY)).encrypt(text.encode())


def decrypt(token: bytes | memoryview) -> str:
    """The text that was encrypted."""
    return Fernet(force_bytes(settings.ENCRYPTION_KEY)).decrypt(bytes(token)).decode()
