"""Browser tests use the system's Chromium, and are left out where there is none."""

import os
from shutil import which
from typing import Any

import pytest

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")

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
