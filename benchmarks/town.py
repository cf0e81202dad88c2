"""The business that is measured: founded by the same actions as any other."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from benchmarks.place import Town
from regulars.actions.setup.setting_up import new_business
from regulars.business.models import Till
from regulars.catalogue.models import Item
from regulars.ledger.posting import Purpose, system_account
from regulars.programmes.models import Programme
from regulars.programmes.queries import versions_of

TICKET_MINOR = 350_00
POPCORN_MINOR = 420_00


def found_town() -> Town:
    """Make the tables and, in them, the business."""
    call_command("migrate", verbosity=0)
    business = new_business(
        name="Zarya",
        slug="zarya",
        template="cinema",
        currency="RUB",
        timezone="Europe/Moscow",
        locale="en",
        city="Moscow",
        accent=(12, 105),
        at=timezone.now() - timedelta(days=1000),
    )
    with scope(business=business):
        ticket = Item.objects.create(
            business=business, kind="ticket", name="Evening", price_minor=TICKET_MINOR
        )
        popcorn = Item.objects.create(
            business=business, kind="product", name="Popcorn", price_minor=POPCORN_MINOR
        )
        programme = Programme.objects.get()
        terms = versions_of(programme.pk)[0]
        till = Till.objects.get()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    return Town(
        business_id=business.pk,
        programme_id=programme.pk,
        version_id=terms.version_id,
        level_ids=tuple(level.id for level in terms.levels),
        issued_id=system_account(business.pk, str(programme.pk), Purpose.ISSUED),
        till_id=till.pk,
        ticket_id=ticket.pk,
        popcorn_id=popcorn.pk,
    )
