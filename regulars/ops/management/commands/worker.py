"""Does what is due: ``regulars worker``."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.ops.serving import missing_migrations
from regulars.ops.working import Worker


class Command(BaseCommand):
    help = (
        "Credit visits, book burned points and dropped levels, seal the books, send messages;"
        " until told to end."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due now, and end.")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        if missing_migrations():
            raise CommandError(_("The database is behind this release. Run “regulars migrate”."))
        worker = Worker(timezone.now)
        with _ending_gently(worker):
            if options["once"]:
                worker.round()
                worker.messages()
            else:
                worker.run()
        if options["once"] and worker.failures:
            raise CommandError(_("Some of the work failed; the log says what."))


@contextmanager
def _ending_gently(worker: Worker) -> Iterator[None]:
    """Let a signal end the worker after the piece at hand, instead of in the middle of it."""

    def end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's shape
        worker.stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
