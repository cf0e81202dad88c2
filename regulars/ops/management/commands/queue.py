"""Shows the messages to customers, business by business: ``regulars queue``."""

from typing import Any

from babel.dates import format_timedelta
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.business.models import Business
from regulars.notices.models import Message
from regulars.notices.queries import Queue, read_queue


class Command(BaseCommand):
    help = "Show what messages wait, were sent, held back or failed, and why. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--business", metavar="SLUG", help="Only this one.")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's shape
        slug = options["business"]
        found = Business.objects.order_by("slug")
        if slug is not None:
            found = found.filter(slug=slug)
            if not found:
                raise CommandError(_("There is no business “%(slug)s”.") % {"slug": slug})
        for channel in (Message.Channel.EMAIL, Message.Channel.SMS):
            sender = settings.SENDERS[channel] or _("nothing: it is not set up")
            self.stdout.write(f"{channel.label}: {sender}")
        for business in found:
            self._show(business.slug, read_queue(business.pk))

    def _show(self, slug: str, queue: Queue) -> None:
        counts = [f"{state.label} {queue.counts.get(state, 0)}".lower() for state in Message.State]
        self.stdout.write(f"\n{slug}: {', '.join(counts)}")
        if queue.oldest is not None:
            waited = format_timedelta(timezone.now() - queue.oldest, locale="en")
            self.stdout.write("  " + _("The oldest has waited for %(time)s.") % {"time": waited})
        for state, why, count in queue.reasons:
            self.stdout.write(f"  {Message.State(state).label.lower()}: {why} ({count})")
