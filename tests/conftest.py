"""One throw-away PostgreSQL for a run of tests, and the guards every test runs under.

With ``DATABASE_URL`` set, the tests run on that server instead.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from regulars.ops import embedded
from tests.guards import let_tests_clean_up, refuse_unscoped

THREADS_IN_RACES = 40

TEMPLATE = "REGULARS_TESTS_TEMPLATE"

hypothesis.settings.register_profile(
    "small", max_examples=50, stateful_step_count=25, deadline=None, print_blob=True
)
hypothesis.settings.register_profile(
    "few", parent=hypothesis.settings.get_profile("small"), max_examples=10
)
hypothesis.settings.register_profile(
    "large",
    parent=hypothesis.settings.get_profile("small"),
    max_examples=5_000,
    stateful_step_count=100,
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "small"))

_server = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before Django looks for it; processes of the same run inherit its URL."""
    settings.SECRET_KEY = "a key for tests, which protects nothing at all"
    settings.LOOKUP_KEY = bytes(range(32))
    settings.ENCRYPTION_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    settings.PAYMENTS = "test"
    settings.WHITENOISE_AUTOREFRESH = True  # Else each test's client looks through all files.
    database = connections.settings["default"]
    if "DATABASE_URL" not in os.environ:
        data = _server.enter_context(_throw_away_directory())
        settings.DATA_DIRECTORY = data
        os.environ["DATABASE_URL"] = _server.enter_context(embedded.running(data, for_tests=True))
        database["HOST"] = str(embedded.socket_directory(data))
    database["OPTIONS"]["pool"]["max_size"] = THREADS_IN_RACES
    if config.getoption("numprocesses", None):
        _server.enter_context(_a_template(config.stash[blocking_manager_key]))
    database["TEST"]["TEMPLATE"] = os.environ.get(TEMPLATE)
    connection_created.connect(_guard, dispatch_uid="guards of the tests")


@contextmanager
def _a_template(access: DjangoDbBlocker) -> Iterator[None]:
    """A database with all tables, of which each process that tests begins with a copy."""
    connection, name = connections["default"], f"regulars_template_{os.getpid()}"
    real_name = connection.settings_dict["NAME"]
    with access.unblock():
        _in_no_database(f"CREATE DATABASE {name}")
        connection.settings_dict["NAME"] = name
        call_command("migrate", verbosity=0)
        _hang_up(connection)
        connection.settings_dict["NAME"] = real_name
    os.environ[TEMPLATE] = name
    try:
        yield
    finally:
        del os.environ[TEMPLATE]
        with access.unblock():
            _in_no_database(f"DROP DATABASE {name}")


def _in_no_database(statement: str) -> None:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(statement)


def pytest_unconfigure(config: pytest.Config) -> None:
    for connection in connections.all(initialized_only=True):
        _hang_up(connection)
    _server.close()


def _hang_up(connection: BaseDatabaseWrapper) -> None:
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


@pytest.fixture
def verified(db: None) -> Iterator[None]:
    """The books are right when the test is over."""
    from tests.books import assert_books_are_right  # noqa: PLC0415 - once Django is set up

    yield
    assert_books_are_right()


@contextmanager
def _throw_away_directory() -> Iterator[Path]:
    data = Path(mkdtemp(prefix="regulars-tests-", dir="/tmp"))
    try:
        yield data
    finally:
        rmtree(data)
        os.environ.pop("DATABASE_URL", None)


def _guard(connection: BaseDatabaseWrapper, **_: object) -> None:
    for guard in (refuse_unscoped, let_tests_clean_up):
        if guard not in connection.execute_wrappers:
            connection.execute_wrappers.append(guard)
