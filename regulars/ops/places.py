"""Where Regulars keeps its files on this machine."""

import os
from collections.abc import Mapping, MutableMapping, Sequence
from itertools import pairwise
from pathlib import Path

ROOT = 0


def data_directory(environ: Mapping[str, str]) -> Path:
    """The directory for the database and the keys; it may not exist yet.

    Root gets a system directory: its home is closed to the user PostgreSQL then runs as.
    """
    chosen = environ.get("REGULARS_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if home := environ.get("XDG_DATA_HOME"):
        return Path(home).absolute() / "regulars"
    if os.geteuid() == ROOT:
        return Path("/var/lib/regulars")
    return Path("~/.local/share/regulars").expanduser()


def make_data_directory(directory: Path) -> None:
    """Make the directory, closed to everyone else. An existing one keeps its mode."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def lead_to_port(environ: MutableMapping[str, str], arguments: Sequence[str]) -> None:
    """Let links in messages lead to the port that is asked for, unless an origin is set."""
    parts = [part for argument in arguments for part in argument.split("=", 1)]
    for flag, port in pairwise(parts):
        if flag == "--port" and port.isdecimal() and not environ.get("REGULARS_ORIGIN"):
            environ["REGULARS_ORIGIN"] = f"http://127.0.0.1:{port}"


def demonstrate(environ: MutableMapping[str, str]) -> None:
    """Let everything that follows be the demonstration: open to all, with data of its own."""
    environ["REGULARS_DATA"] = str(data_directory(environ) / "demo")
    environ["REGULARS_DEMO"] = "yes"
    environ.setdefault("REGULARS_PAYMENTS", "test:")
