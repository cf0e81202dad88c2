"""What every test of an action ends with."""

from collections.abc import Iterator

import pytest

from tests.books import assert_books_are_right


@pytest.fixture(autouse=True)
def _books(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever moved value left the books right."""
    yield
    if request.node.get_closest_marker("django_db") and "verified" not in request.fixturenames:
        assert_books_are_right()
