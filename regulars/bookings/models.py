"""Who works when, sessions of classes, and what is booked of both."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.models import Place
from regulars.business.scoped import OfBusiness
from regulars.catalogue.models import Item
from regulars.members.models import Customer
from regulars.programmes.models import Reward


class BookingRules(OfBusiness):
    """What a business asks of customers who book by themselves. Without a row: the defaults."""

    step_minutes = models.PositiveSmallIntegerField(
        default=15, help_text="Times are offered in steps of so many minutes."
    )
    notice_minutes = models.PositiveIntegerField(
        default=60, help_text="How long before its start something can still be booked."
    )
    days_ahead = models.PositiveSmallIntegerField(
        default=60, help_text="How many days ahead something can be booked."
    )
    change_until_minutes = models.PositiveIntegerField(
        default=1440, help_text="How long before the start customers may move or cancel."
    )
    clear_after_days = models.PositiveSmallIntegerField(
        default=365, help_text="Clear history erases bookings that ended so many days ago (B2)."
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business"], name="booking_rules_once"),
            CheckConstraint(
                condition=Q(step_minutes__gte=5, clear_after_days__gte=1),
                name="booking_rules_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business_id}"


class Provider(OfBusiness):
    """Somebody, or something, that services are booked with: one appointment at a time."""

    name = models.CharField(_("name"), max_length=200)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="provider_of_business"),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderService(OfBusiness):
    """A provider does a service."""

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="services", db_constraint=False, db_index=False
    )
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="providers", db_constraint=False, db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["business", "provider", "item"], name="provider_does_service_once"
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "item"], name="providers_of_service"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.item_id}"


class OpeningHours(OfBusiness):
    """From when to when on a day of the week, by the clock on the wall.

    The business's own where no provider is named. A provider who has hours keeps those instead.
    """

    provider = models.ForeignKey(
        Provider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hours",
        db_constraint=False,
        db_index=False,
    )
    weekday = models.PositiveSmallIntegerField(help_text="0 = Monday.")
    opens_at = models.TimeField()
    closes_at = models.TimeField(help_text="Exclusive; midnight = the end of the day.")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_of_a_weekday"),
            CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")) | Q(closes_at="00:00"),
                name="opening_hours_end_after_they_begin",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "provider", "weekday"], name="opening_hours_of_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_at}"


class Closure(OfBusiness):
    """Days on which nothing is booked: of the business, or with one provider."""

    provider = models.ForeignKey(
        Provider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="closures",
        db_constraint=False,
        db_index=False,
    )
    first_day = models.DateField()
    last_day = models.DateField()
    why = models.CharField(max_length=200, blank=True, default="", help_text="Customers see it.")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="closure_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "last_day"], name="closures_to_come"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} {self.last_day}"


class ClassSession(OfBusiness):
    """One time at which a class is held, with so many seats."""

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="sessions", db_constraint=False, db_index=False
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="class_session_of_business"),
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_takes_time"),
            CheckConstraint(condition=Q(seats__gte=1), name="session_for_somebody"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "starts_at"], name="session_by_start"),
            Index(fields=["business", "item", "starts_at"], name="session_of_class"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at}"


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
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    session = models.ForeignKey(
        ClassSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        db_constraint=False,
        db_index=False,
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField(default=1)
    changes = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was moved or cancelled, for calendars."
    )
    by_customer = models.BooleanField(default=False, help_text="Made by the customer, online.")
    state = models.CharField(max_length=16, choices=State, default=State.BOOKED)
    credited_operation = models.UUIDField(null=True)
    credit_checked_at = models.DateTimeField(
        null=True, blank=True, help_text="Looked at and earned nothing."
    )
    reward = models.ForeignKey(
        Reward, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    gives_back_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Cancelled, and what was paid online goes back: when it is tried next.",
    )
    gives_back_tries = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was tried to give back what was paid."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="booking_of_business"),
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_takes_time"),
            CheckConstraint(condition=Q(seats__gte=1), name="booking_for_somebody"),
            CheckConstraint(
                condition=Q(gives_back_at=None) | Q(state="cancelled"),
                name="booking_gives_back_cancelled",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "ends_at"], name="booking_by_end"),
            Index(
                fields=["business", "ends_at"],
                condition=Q(credited_operation=None, credit_checked_at=None),
                name="booking_to_credit",
            ),
            Index(fields=["business", "customer"], name="booking_by_customer"),
            Index(fields=["business", "starts_at"], name="booking_by_start"),
            Index(
                fields=["business", "provider", "starts_at"],
                condition=Q(provider__isnull=False),
                name="booking_with_provider",
            ),
            Index(
                fields=["business", "session"],
                condition=Q(session__isnull=False),
                name="booking_in_session",
            ),
            Index(
                fields=["business", "gives_back_at"],
                condition=Q(gives_back_at__isnull=False),
                name="booking_gives_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}"
