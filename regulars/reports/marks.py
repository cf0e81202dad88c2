"""The sign that stands for a business beside its name."""

_MARKS = {"kiln-lane": "amphora", "salon-linde": "leaf", "zarya": "haze"}
"""Of the demonstration's businesses, by their slugs; names of lucide."""


def mark_of(slug: str) -> str:
    """The name of an icon; empty where the stamp of the house stands."""
    return _MARKS.get(slug, "")
