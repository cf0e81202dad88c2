"""Appointments and places in classes."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.models import Place
from regulars.business.scoped import OfBusiness
from regulars.catalogue.models import Item
from regulars.members.models import Customer
from regulars.programmes.models import Reward


class Booking(OfBusiness):
    """A customer has booked a service or a class."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        DONE = "done", _("Done")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="bookings", db_constraint=False, db_index=False
    )
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="bookings", db_constraint=False, db_index=False
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=State, default=State.BOOKED)
    credited_operation = models.UUIDField(null=True)
    credit_checked_at = models.DateTimeField(
        null=True, blank=True, help_text="Looked at and earned nothing."
    )
    reward = models.ForeignKey(
        Reward, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="booking_of_business"),
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_takes_time"),
            CheckConstraint(condition=Q(seats__gte=1), name="booking_for_somebody"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "ends_at"], name="booking_by_end"),
            Index(
                fields=["business", "ends_at"],
                condition=Q(credited_operation=None, credit_checked_at=None),
                name="booking_to_credit",
            ),
            Index(fields=["business", "customer"], name="booking_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"
