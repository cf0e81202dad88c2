"""The books are right: asked at the end of whatever moves value."""

from regulars.business.models import Business
from regulars.reports.verifying import verify


def assert_books_are_right() -> None:
    """Every invariant holds in every business."""
    assert breaches() == {}


def breaches() -> dict[str, tuple[str, ...]]:
    """The invariants that do not hold, with examples of where."""
    businesses = list(Business.objects.values_list("pk", flat=True))
    return {
        verdict.invariant.code: tuple(text for found in verdict.found for text in found.examples)
        for verdict in verify(businesses)
        if verdict.found
    }
