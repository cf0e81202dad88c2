"""The command ``regulars``: the database up and the keys there, then Django's commands."""

import errno
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError, ProgrammingError

from regulars import __version__
from regulars.ops import embedded, keys, places

WITHOUT_DATABASE = {"help", "keys", "makemessages", "messages", "openapi", "version"}
"""Commands that leave the data directory alone."""


MOST_SECONDS_TO_CONNECT = 5

OF_THE_DISK = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EISDIR,
    errno.EIO,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
"""What an operator can solve: a place that is closed, full, or not there."""

INTERRUPTED = 128 + signal.SIGINT


def main() -> None:
    """Run one command; a problem an operator can solve ends in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    arguments = sys.argv[1:]
    try:
        if at_once := _answer_at_once(arguments):
            sys.stdout.write(at_once)
        else:
            _do(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("regulars: Interrupted.\n")
        sys.exit(INTERRUPTED)
    except Exception as problem:
        said = _said_of(problem)
        if not said:
            raise
        sys.exit(f"regulars: {said}")


def _do(arguments: Sequence[str]) -> None:
    if arguments[0] in {"demo", "serve"}:
        places.lead_to_port(os.environ, arguments)
    if arguments[0] == "demo":
        places.demonstrate(os.environ)
    signal.signal(signal.SIGTERM, _leave)
    _check_is_known(arguments)
    with _prepared(arguments):
        _run(["regulars", *arguments])


def _said_of(problem: Exception) -> str:
    """The sentence for an operator who can solve it; "" where nobody but us can."""
    match problem:
        case embedded.EmbeddedServerError() | keys.BadKeyError() | ImproperlyConfigured():
            return str(problem)
        case OperationalError():
            why = _why_out_of_reach()
            return f"The database cannot be reached: {why}" if why else ""
        case ProgrammingError() if _is_behind(problem):
            return _behind()
        case OSError() if problem.errno in OF_THE_DISK:
            return f"{_place_of(problem)}{os.strerror(problem.errno)}."
    return ""


def _behind() -> str:
    from regulars.ops import commanding  # noqa: PLC0415 - slow

    return commanding.BEHIND


def _place_of(problem: OSError) -> str:
    return f"{os.fsdecode(problem.filename)}: " if problem.filename else ""


def _is_behind(problem: ProgrammingError) -> bool:
    """Whether a statement met a table or column that is not there yet."""
    return getattr(problem.__cause__, "sqlstate", None) in {"42P01", "42703"}


def _answer_at_once(arguments: Sequence[str]) -> str:
    """What needs neither keys nor a database; "" where it takes more."""
    if arguments[:1] in (["version"], ["--version"]):
        return f"regulars {__version__}\n"
    if arguments in ([], ["help"], ["--help"], ["-h"]):
        from regulars.ops.helping import overview  # noqa: PLC0415 - slow

        return overview()
    return ""


def _why_out_of_reach() -> str:
    """What the database says to somebody who knocks once more; "" where it lets them in."""
    import psycopg  # noqa: PLC0415 - slow
    from django.db import connection  # noqa: PLC0415 - slow

    asked = {**connection.get_connection_params(), "connect_timeout": MOST_SECONDS_TO_CONNECT}
    try:
        psycopg.connect(**asked).close()
    except psycopg.OperationalError as problem:
        return str(problem).strip()
    return ""


def needs_database(arguments: Sequence[str]) -> bool:
    """Whether a command line is for one of the commands that use the database."""
    asks_for_help = not {"-h", "--help"}.isdisjoint(arguments)
    return bool(arguments) and not asks_for_help and arguments[0] not in WITHOUT_DATABASE


def _check_is_known(arguments: Sequence[str]) -> None:
    """Refuse what is no command before anything is made for it."""
    from regulars.ops import commanding  # noqa: PLC0415 - slow

    commanding.check(arguments)


@contextmanager
def _prepared(arguments: Sequence[str]) -> Iterator[None]:
    """Have the keys and a database for as long as the command runs."""
    if not needs_database(arguments):
        yield
        return
    data = places.data_directory(os.environ)
    try:
        places.make_data_directory(data)
    except OSError as error:
        said = f"{data} cannot be made: {error.strerror}. REGULARS_DATA names another place."
        raise embedded.EmbeddedServerError(said) from error
    own_server = not os.environ.get("DATABASE_URL")
    if own_server and not os.access(data, os.W_OK | os.X_OK):
        said = f"{data} cannot be written to. REGULARS_DATA names another place."
        raise embedded.EmbeddedServerError(said)
    if own_server and not embedded.cluster_directory(data).exists():
        keys.make_file(data)
    keys.require(keys.read(data, os.environ))
    if own_server:
        with embedded.running(data):
            yield
    else:
        yield


def _run(command_line: list[str]) -> None:
    from django.db import connections  # noqa: PLC0415 - slow

    from regulars.ops import commanding  # noqa: PLC0415 - slow

    try:
        commanding.run(command_line)
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


def _leave(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's shape
    sys.exit(128 + signum)
