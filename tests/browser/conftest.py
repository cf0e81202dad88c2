"""Browser tests use the system's Chromium, and are left out where there is none."""

import os
from collections.abc import Iterator
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from tests.browser.offices import OpenOffice
    from tests.browser.sites import OpenSite
    from tests.browser.tills import OpenTill

# Debian has one without a window, which computes a quarter less.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(which, PROGRAMS)), None)

# Many tests share the machine: a page may be slow, and is no worse for it.
expect.set_options(timeout=20_000)

# The browser's driver runs an event loop in the test's thread, where Django then sees danger.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        missing = pytest.mark.skip(reason="there is no Chromium on this machine")
        for item in items:
            if "page" in getattr(item, "fixturenames", ()):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture
def open_till(page: Page, live_server: LiveServer, settings: Settings) -> Iterator["OpenTill"]:
    """Opens tills, by a sign-in made before; fails the test for what their pages must not do."""
    from tests.browser.tills import BrowserTill, opener  # noqa: PLC0415 - once Django is set up

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    opened: list[BrowserTill] = []
    yield opener(page, live_server.url, opened.append)
    assert [problem for till in opened for problem in till.watch.problems] == []


@pytest.fixture
def open_office(page: Page, live_server: LiveServer, settings: Settings) -> Iterator["OpenOffice"]:
    """Opens offices, by a sign-in made beforehand; fails the test as ``open_till`` does."""
    from tests.browser.offices import opener  # noqa: PLC0415 - once Django is set up
    from tests.browser.tills import BrowserTill  # noqa: PLC0415 - see above

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    opened: list[BrowserTill] = []
    yield opener(page, live_server.url, opened.append)
    assert [problem for office in opened for problem in office.watch.problems] == []


@pytest.fixture
def open_site(page: Page, live_server: LiveServer) -> Iterator["OpenSite"]:
    """Opens sites of businesses, as a stranger or signed in; fails the test as ``open_till``."""
    from tests.browser.sites import BrowserSite, opener  # noqa: PLC0415 - once Django is set up

    opened: list[BrowserSite] = []
    yield opener(page, live_server.url, opened.append)
    assert [problem for site in opened for problem in site.watch.problems] == []
