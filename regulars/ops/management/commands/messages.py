from django.conf import settings
from django.core.management.base import BaseCommand

from regulars.ops import messages


class Command(BaseCommand):
    help = "Collect the texts people see, for the translators, and compile the translations."
    requires_system_checks = []

    def handle(self, **_options: object) -> None:
        catalog = messages.update(settings.PACKAGE)
        self.stdout.write(f"{len(catalog)} texts in {messages.TEMPLATE}.")
