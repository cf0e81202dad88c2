"""Businesses and who works where in them."""

from datetime import timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_precision, list_currencies
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness
from regulars.rows import new_id


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None) -> "User":
        user = self.create_user(email, password)
        user.is_staff = user.is_superuser = True
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in with an e-mail address; may work for several businesses."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the operator's admin.")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


def check_timezone(name: str) -> None:
    """Raises ValidationError for a name that is no time zone."""
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone “%(name)s”."), params={"name": name})


def check_currency(code: str) -> None:
    """Raises ValidationError for a code that is no currency."""
    if code not in list_currencies():
        raise ValidationError(_("There is no currency “%(code)s”."), params={"code": code})


def check_locale(tag: str) -> None:
    """Raises ValidationError for a tag that names no language known here: de, pt-BR."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError) as problem:
        message = _("There is no language “%(tag)s”.")
        raise ValidationError(message, params={"tag": tag}) from problem


class Business(models.Model):
    """A studio, a salon, a cinema: everything else belongs to one."""

    class Kind(models.TextChoices):
        STUDIO = "studio", _("Studio")
        SALON = "salon", _("Salon")
        CINEMA = "cinema", _("Cinema")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True)
    city = models.CharField(_("city"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[check_currency])
    timezone = models.CharField(_("time zone"), max_length=64, validators=[check_timezone])
    locale = models.CharField(
        _("language and region"), max_length=35, default="en", validators=[check_locale]
    )
    accent_hue = models.PositiveSmallIntegerField(default=250)
    accent_chroma_milli = models.PositiveSmallIntegerField(default=100)
    kind = models.CharField(max_length=16, choices=Kind, help_text="The template it was made from.")
    closed_until = models.DateField(
        null=True, blank=True, help_text="The books are closed up to and including this day."
    )
    credit_after_minutes = models.PositiveSmallIntegerField(
        default=180, help_text="How long after its end a visit is credited (B6)."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(accent_hue__lt=360, accent_chroma_milli__lte=120),
                name="business_accent_is_a_colour",
            ),
            CheckConstraint(
                condition=Q(credit_after_minutes__lte=230),
                name="business_credits_before_four_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def credit_after(self) -> timedelta:
        """Elapsed time from the end of a visit to its credit."""
        return timedelta(minutes=self.credit_after_minutes)

    @property
    def minor_per_major(self) -> int:
        """How many minor units make one major unit: 100 for euros, 1 for yen."""
        return int(10 ** get_currency_precision(self.currency))


class FeatureCode(models.TextChoices):
    """What an owner can switch on for a business."""

    LOYALTY = "loyalty", _("Loyalty")
    PAYMENTS = "payments", _("Accepting payments")
    CUSTOMER_LOGIN = "customer_login", _("Customer login")
    COUPONS = "coupons", _("Coupons")
    GIFT_CARDS = "gift_cards", _("Gift cards")
    CLEAR_HISTORY = "clear_history", _("Clear history")
    MARKETING = "marketing", _("Marketing messages")


class Feature(OfBusiness):
    """A switch as it stands. A feature without a row is off."""

    code = models.CharField(max_length=24, choices=FeatureCode)
    on = models.BooleanField(default=False)
    since = models.DateTimeField(help_text="When it was last switched.")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "code"], name="feature_once"),
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class FeatureChange(OfBusiness):
    """One turn of a switch; only grows."""

    code = models.CharField(max_length=24, choices=FeatureCode)
    on = models.BooleanField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["business", "code", "at"], name="feature_change_history"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'on' if self.on else 'off'}"


class Place(OfBusiness):
    """Where customers come to."""

    name = models.CharField(_("name"), max_length=200)
    address = models.TextField(_("address"), blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="place_of_business"),
        ]

    def __str__(self) -> str:
        return self.name


class Method(models.TextChoices):
    """How a payment is made."""

    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    GIFT_CARD = "gift_card", _("Gift card")
    POINTS = "points", _("Points")
    DEPOSIT = "deposit", _("Deposit")
    ONLINE = "online", _("Online")
    TRANSFER = "transfer", _("Bank transfer")


class Till(OfBusiness):
    """A point of sale, and the payment methods that are attached to it (C16)."""

    place = models.ForeignKey(Place, models.PROTECT, db_constraint=False, db_index=False)
    name = models.CharField(_("name"), max_length=200)
    takes = ArrayField(models.CharField(max_length=16, choices=Method), default=list)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="till_of_business"),
        ]

    def __str__(self) -> str:
        return self.name


class Staff(OfBusiness):
    """A user's place in a business."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MANAGER = "manager", _("Manager")
        CASHIER = "cashier", _("Cashier")

    user = models.ForeignKey(User, models.PROTECT)
    role = models.CharField(max_length=16, choices=Role)
    name = models.CharField(_("name"), max_length=200)
    adjust_limit_points = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="The most points in one change by hand; empty = no limit, for a cashier none.",
    )
    refund_limit_minor = models.BigIntegerField(
        null=True, blank=True, help_text="The most money in one refund; empty = no limit."
    )
    is_active = models.BooleanField(default=True)
    pin_hash = models.CharField(
        max_length=128, blank=True, help_text="By it they take over at a till; empty = by none."
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="staff_of_business"),
            UniqueConstraint(fields=["business", "user"], name="staff_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiKey(OfBusiness):
    """Lets another system in, for one business, to do what its scopes say.

    Of the key itself only a hash is kept. Its id is the part of it that finds the row.
    """

    name = models.CharField(max_length=200, help_text="What it is for, such as the till's maker.")
    secret_hash = models.BinaryField(max_length=32, help_text="HMAC of the secret part.")
    scopes = ArrayField(models.CharField(max_length=32), default=list)
    staff = models.ForeignKey(
        Staff,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        help_text="In whose name it acts, where a limit or a role matters.",
    )
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="api_key_of_business"),
        ]

    def __str__(self) -> str:
        return self.name


class DoneRequest(OfBusiness):
    """A request that changed something and moved no value: who repeats it gets its first answer.

    What moves value has its operation in the books, which knows its request itself.
    """

    request_id = models.UUIDField()
    request_hash = models.BinaryField(
        max_length=32, help_text="Keyed HMAC of what was asked: it may hold an address."
    )
    answer = models.JSONField(help_text="Ids, codes and whole numbers; nothing of a person.")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="done_request_of_business"),
            UniqueConstraint(fields=["business", "request_id"], name="done_request_once"),
        ]

    def __str__(self) -> str:
        return str(self.request_id)


class FailureCount(models.Model):
    """How often somebody got something secret wrong lately; see ``actions.staff.throttling``.

    Above businesses: who sends a wrong key belongs to none.
    """

    id = models.UUIDField(
        primary_key=True,
        editable=False,
        help_text="Half of a keyed hash of who it is, and of what they got wrong.",
    )
    failures = models.PositiveIntegerField()
    until = models.DateTimeField(help_text="Then counting begins anew.")

    def __str__(self) -> str:
        return f"{self.failures} until {self.until}"
