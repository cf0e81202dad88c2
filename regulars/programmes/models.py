"""Programmes, what each version of them promises, rewards and customer groups."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness
from regulars.catalogue.models import Item


class Group(OfBusiness):
    """Customers put together, such as staff or students; a level can be limited to one."""

    name = models.CharField(_("name"), max_length=200)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="group_of_business"),
            UniqueConstraint(fields=["business", "name"], name="group_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Programme(OfBusiness):
    """A loyalty programme. What it promises stands in its versions."""

    name = models.CharField(_("name"), max_length=200)
    unit_one = models.CharField(max_length=40, default="point", help_text="Its unit: 1 “point”.")
    unit_many = models.CharField(max_length=40, default="points", help_text="2 “points”.")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="programme_of_business"),
            UniqueConstraint(fields=["business", "name"], name="programme_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class JoinsBy(models.TextChoices):
    """How people become members (C5)."""

    BOOKING = "booking", _("Booking online")
    ONLINE = "online", _("Buying online")
    TILL = "till", _("At the till")
    STAFF = "staff", _("By staff")


class ConfirmBy(models.TextChoices):
    """How an account is activated where the programme asks for it (C19)."""

    CODE = "code", _("A code sent to the customer")
    CASHIER = "cashier", _("The cashier, on the spot")


class Version(OfBusiness):
    """Everything a programme promises from an instant on. Never changed: a change is a new one.

    The fields mean what those of ``domain.terms.Terms`` mean.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="versions", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField(help_text="1 for a programme's first version.")
    holds_from = models.DateTimeField()
    created_at = models.DateTimeField()
    author = models.UUIDField(null=True, help_text="Who of the staff saved it.")
    enabled = models.BooleanField(default=True)
    runs_from = models.DateTimeField(null=True, blank=True)
    runs_until = models.DateTimeField(null=True, blank=True, help_text="Exclusive.")
    point_value_minor = models.BigIntegerField(null=True, blank=True)
    earns_on_discounted = models.BooleanField(default=True)
    earns_on_memorandum = models.BooleanField(default=True)
    earns_beside_points = models.BooleanField(default=True)
    refund_returns_points = models.BooleanField(default=True)
    needs_card = models.BooleanField(default=False)
    needs_card_presented = models.BooleanField(default=False)
    needs_confirmation = models.BooleanField(default=False)
    welcome_points = models.BigIntegerField(default=0)
    welcome_days = models.PositiveIntegerField(default=0)
    returned_days = models.PositiveIntegerField(default=30)
    reward_factor = models.BigIntegerField(default=14)
    referral_points = models.BigIntegerField(default=100)
    terms_url = models.URLField(blank=True, max_length=500)
    joins_by = ArrayField(models.CharField(max_length=16, choices=JoinsBy), default=list)
    confirm_by = models.CharField(max_length=16, choices=ConfirmBy, default=ConfirmBy.CASHIER)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="version_of_business"),
            UniqueConstraint(fields=["business", "programme", "number"], name="version_once"),
            CheckConstraint(
                condition=Q(point_value_minor__isnull=True) | Q(point_value_minor__gt=0),
                name="version_point_worth_something",
            ),
            CheckConstraint(
                condition=Q(welcome_points__gte=0, referral_points__gte=0),
                name="version_points_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.number}"


class Level(OfBusiness):
    """What stays the same of a level through all versions of its programme."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="levels", db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="level_of_business"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class LevelTerms(OfBusiness):
    """What a version says of a level; the fields mean what those of ``domain.terms.Level`` mean."""

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="levels", db_constraint=False, db_index=False
    )
    level = models.ForeignKey(
        Level, models.PROTECT, related_name="terms", db_constraint=False, db_index=False
    )
    name = models.CharField(_("name"), max_length=200)
    priority = models.PositiveSmallIntegerField(default=1, help_text="1 is the lowest.")
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    spend_days = models.PositiveIntegerField(default=0)
    spend_minor = models.BigIntegerField(default=0)
    spend_products_minor = models.BigIntegerField(default=0)
    spend_tickets_minor = models.BigIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    visit_days = models.PositiveIntegerField(default=0)
    asks_for_both = models.BooleanField(default=False)
    cashback = models.BooleanField(default=True)
    burn_days = models.PositiveIntegerField(default=0)
    delay_days = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="level_terms_of_business"),
            UniqueConstraint(fields=["business", "version", "level"], name="level_terms_once"),
            UniqueConstraint(fields=["business", "version", "priority"], name="priority_once"),
            CheckConstraint(condition=Q(priority__gte=1), name="priority_from_one"),
            CheckConstraint(
                condition=Q(spend_products_minor__gte=0, spend_tickets_minor__gte=0)
                & Q(spend_minor__gte=F("spend_products_minor") + F("spend_tickets_minor")),
                name="level_parts_within_total",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KindTerms(OfBusiness):
    """What a kind of item earns at a level, and which share of it points may pay."""

    level_terms = models.ForeignKey(
        LevelTerms, models.PROTECT, related_name="kinds", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=16, choices=Item.Kind)
    earns_on = models.CharField(max_length=16)
    rate_ppm = models.BigIntegerField(default=0)
    rate_basis = models.CharField(max_length=16)
    payable_ppm = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "level_terms", "kind"], name="kind_terms_once"),
            CheckConstraint(condition=Q(rate_ppm__gte=0), name="kind_rate_not_negative"),
            CheckConstraint(condition=Q(payable_ppm__lte=1_000_000), name="kind_share_of_a_whole"),
        ]

    def __str__(self) -> str:
        return self.kind


class Reward(OfBusiness):
    """An item that can be taken for points. The number is stored: prices do not move it."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="rewards", db_constraint=False, db_index=False
    )
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="rewards", db_constraint=False, db_index=False
    )
    points = models.BigIntegerField()
    first_time_only = models.BooleanField(default=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="reward_of_business"),
            CheckConstraint(condition=Q(points__gt=0), name="reward_costs_points"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["business", "programme"], name="reward_by_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}"
