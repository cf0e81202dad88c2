"""``python -m benchmarks``: a server, people on it, and the table of ratios."""

import sys

from benchmarks.arguments import parse
from benchmarks.server import throw_away_server


def main() -> None:
    """Measure what the command line asks for."""
    arguments = parse(sys.argv[1:])
    with throw_away_server() as data:
        import django  # noqa: PLC0415 - settings need the server's directory

        django.setup()
        from benchmarks.run import run  # noqa: PLC0415 - needs Django

        run(arguments, data)


if __name__ == "__main__":
    main()
