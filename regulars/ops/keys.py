"""The keys of an installation: from the environment, or a file made at the first start."""

import base64
import binascii
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "secrets.env"
SECRET_KEY = "REGULARS_SECRET_KEY"  # noqa: S105 - the name of a variable
LOOKUP_KEY = "REGULARS_LOOKUP_KEY"
ENCRYPTION_KEY = "REGULARS_ENCRYPTION_KEY"
NAMES = (SECRET_KEY, LOOKUP_KEY, ENCRYPTION_KEY)

_KEY_BYTES = 32
_FEWEST_CHARACTERS = 40
_FEWEST_DISTINCT = 12


class BadKeyError(Exception):
    """A key is missing or too weak to protect anything."""


def read(directory: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The keys that are there; the environment goes before the file. May be incomplete.

    Raises BadKeyError when there is a file that cannot be read.
    """
    path = directory / FILE_NAME
    try:
        stored = read_file(path) if path.exists() else {}
    except OSError as error:  # The directory is somebody else's.
        raise BadKeyError(f"{path} cannot be read: {error.strerror}.") from error
    found = {name: environ.get(name) or stored.get(name, "") for name in NAMES}
    return {name: value for name, value in found.items() if value}


def read_file(path: Path) -> dict[str, str]:
    """The keys in a file.

    Raises BadKeyError when it cannot be read.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise BadKeyError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadKeyError(f"{path} is no file of keys.") from error
    return dict(line.split("=", 1) for line in lines if "=" in line)


def fresh() -> dict[str, str]:
    """A new set of keys, each from 32 random bytes or more."""
    return {
        SECRET_KEY: secrets.token_urlsafe(64),
        LOOKUP_KEY: secrets.token_hex(_KEY_BYTES),
        ENCRYPTION_KEY: base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode(),
    }


def as_lines(keys: Mapping[str, str]) -> str:
    """The keys as lines of an environment file."""
    return "".join(f"{name}={value}\n" for name, value in keys.items())


def make_file(directory: Path) -> None:
    """Write a fresh set, readable by the owner alone, unless there is one already.

    Two first starts at once are fine: the file appears whole, and the second one keeps it.
    """
    path = directory / FILE_NAME
    if path.exists():
        return
    descriptor, draft = tempfile.mkstemp(dir=directory, prefix=f".{FILE_NAME}-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(as_lines(fresh()))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # Another first start was quicker; its keys are as good.
    finally:
        Path(draft).unlink()


def check(keys: Mapping[str, str]) -> None:
    """Raise BadKeyError when a key that is there is weak or of the wrong form."""
    secret_key = keys.get(SECRET_KEY)
    if secret_key is not None and _is_weak(secret_key):
        msg = f"{SECRET_KEY} is too weak: give {_FEWEST_CHARACTERS} random characters or more."
        raise BadKeyError(msg)
    lookup_key = keys.get(LOOKUP_KEY)
    if lookup_key is not None and not _is_key(_from_hex(lookup_key)):
        msg = f"{LOOKUP_KEY} must be 32 random bytes, written as 64 hexadecimal digits."
        raise BadKeyError(msg)
    encryption_key = keys.get(ENCRYPTION_KEY)
    if encryption_key is not None and not _is_key(_from_base64(encryption_key)):
        msg = f"{ENCRYPTION_KEY} must be 32 random bytes in URL-safe base 64 (a Fernet key)."
        raise BadKeyError(msg)


def require(keys: Mapping[str, str]) -> None:
    """Raise BadKeyError when a key is missing."""
    missing = [name for name in NAMES if name not in keys]
    if missing:
        msg = (
            f"{', '.join(missing)} must be set: what a database holds can only be read with the"
            f" keys it began with. For a new database, `regulars keys` prints a fresh set."
        )
        raise BadKeyError(msg)


def _is_weak(text: str) -> bool:
    return (
        len(text) < _FEWEST_CHARACTERS
        or len(set(text)) < _FEWEST_DISTINCT
        or text.startswith("django-insecure")
    )


def _is_key(value: bytes) -> bool:
    return len(value) == _KEY_BYTES and len(set(value)) >= _FEWEST_DISTINCT


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
