"""A business's own colour, as the one thing that the style sheets do not know."""

import re

MOST_CHROMA_MILLI = 120
"""In thousandths; above it the lightness that we set would no longer hold its contrast."""


def accent_css(slug: str, hue: int, chroma_milli: int) -> str:
    """Give ``[data-accent="<slug>"]`` its colour; ``regulars/static/css/tokens.css`` does the rest.

    ``hue`` is in degrees, ``chroma_milli`` in thousandths; both are brought into their range,
    so that whatever was chosen can be read. ``slug`` is letters, digits, hyphens, underscores.
    """
    assert re.fullmatch(r"[-a-zA-Z0-9_]+", slug), "a slug needs no escaping"
    chroma_milli = min(max(chroma_milli, 0), MOST_CHROMA_MILLI)
    return f'[data-accent="{slug}"] {{ --H: {hue % 360}; --C: .{chroma_milli:03d}; }}\n'
