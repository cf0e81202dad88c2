from django.core.management.base import BaseCommand

from regulars.ops import keys


class Command(BaseCommand):
    help = "Print a fresh set of keys, for a new installation on a database of its own."
    requires_system_checks = []

    def handle(self, **_options: object) -> None:
        self.stdout.write(keys.as_lines(keys.fresh()), ending="")
