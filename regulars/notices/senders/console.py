"""Prints messages instead of sending them: for trying out and for development."""

import sys

from regulars.notices.senders import Letter


def send(letter: Letter) -> None:
    """Print a message with everything in it, codes too."""
    lines = [f"To {letter.to}, from {letter.sender}: {letter.subject}", letter.text]
    bar = "-" * 40
    sys.stdout.write("\n".join([bar, *lines, bar, ""]))
    sys.stdout.flush()
