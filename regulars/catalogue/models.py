"""What a business sells and what can be booked."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness


class Item(OfBusiness):
    """A service, a class, a product or a ticket."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service")
        CLASS = "class", _("Class")
        PRODUCT = "product", _("Product")
        TICKET = "ticket", _("Ticket")

    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    sku = models.CharField(_("item number"), max_length=64, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    price_minor = models.BigIntegerField()
    own_points = models.BigIntegerField(
        null=True, blank=True, help_text="Replaces the rate; empty = the rate, 0 = none."
    )
    earns = models.BooleanField(default=True, help_text="Connected to the programme.")
    memorandum = models.BooleanField(
        default=False, help_text="A distributor's ban on special prices holds for this film."
    )
    memorandum_until = models.DateField(
        null=True, blank=True, help_text="The last day of the ban; empty = the whole run."
    )
    description = models.CharField(
        _("description"), max_length=500, blank=True, default="", help_text="Customers see it."
    )
    online = models.BooleanField(
        default=False, help_text="Booked or bought by customers on the booking site."
    )
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="item_of_business"),
            UniqueConstraint(
                fields=["business", "sku"], condition=~Q(sku=""), name="item_number_once"
            ),
            CheckConstraint(
                condition=Q(price_minor__gte=0)
                & (Q(own_points__isnull=True) | Q(own_points__gte=0)),
                name="item_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def memorandum_on(self, day: date) -> bool:
        """Whether the distributor's ban holds on a day of the business's calendar."""
        until = self.memorandum_until
        return self.memorandum and (until is None or day <= until)
