"""Gift cards: the kinds on offer, the cards themselves; and coupons."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness
from regulars.ledger.models import Account
from regulars.members.models import Customer


class GiftCardKind(OfBusiness):
    """A gift card on offer: of a fixed value, or of a value chosen within limits."""

    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(
        _("description"), max_length=200, blank=True, default="", help_text="Customers see it."
    )
    value_minor = models.BigIntegerField(
        null=True, blank=True, help_text="Empty = chosen between the least and the most."
    )
    least_minor = models.BigIntegerField(null=True, blank=True)
    most_minor = models.BigIntegerField(null=True, blank=True)
    price_minor = models.BigIntegerField(
        null=True, blank=True, help_text="What it costs in money; empty = its value."
    )
    points_price = models.BigIntegerField(null=True, blank=True)
    by_points = models.BooleanField(default=False, help_text="Customers get it for points (B7).")
    validity_days = models.PositiveIntegerField(default=0, help_text="0 = without end.")
    hue = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="In degrees; empty = the business's own."
    )
    picture = models.CharField(
        max_length=16, blank=True, default="", help_text="One of those that come with Regulars."
    )
    is_sold = models.BooleanField(default=True, help_text="Customers buy it on the booking site.")
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="gift_card_kind_of_business"),
            CheckConstraint(
                condition=Q(value_minor__isnull=True) | Q(value_minor__gt=0),
                name="gift_card_kind_worth_something",
            ),
            CheckConstraint(
                condition=Q(by_points=False) | Q(points_price__gt=0, value_minor__isnull=False),
                name="gift_card_kind_for_points_has_price",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sold_online(self) -> bool:
        """What costs nothing only staff give away: online anybody could take it without end."""
        return self.is_sold and self.price_minor != 0


class GiftCard(OfBusiness):
    """Money of a business's own, held by whoever knows the code."""

    class State(models.TextChoices):
        INACTIVE = "inactive", _("Not active yet")
        ACTIVE = "active", _("Active")
        BLOCKED = "blocked", _("Blocked")
        CLOSED = "closed", _("Closed")

    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)
    kind = models.ForeignKey(
        GiftCardKind, models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    code_hash = models.BinaryField(max_length=32, help_text="Keyed HMAC; finds the card.")
    code_encrypted = models.BinaryField(help_text="So that its owner may copy it again.")
    last_four = models.CharField(max_length=4)
    state = models.CharField(max_length=16, choices=State, default=State.INACTIVE)
    issued_minor = models.BigIntegerField()
    valid_until = models.DateTimeField(null=True, blank=True, help_text="Exclusive.")
    owner = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gift_cards",
        db_constraint=False,
        db_index=False,
    )
    bought_by_operation = models.UUIDField(null=True)
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="gift_card_of_business"),
            UniqueConstraint(fields=["business", "code_hash"], name="gift_card_code_once"),
            UniqueConstraint(fields=["business", "account"], name="gift_card_own_account"),
            CheckConstraint(condition=Q(issued_minor__gt=0), name="gift_card_worth_something"),
        ]
        indexes: ClassVar = [
            Index(
                fields=["business", "owner"],
                condition=Q(owner__isnull=False),
                name="gift_card_by_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"… {self.last_four}"


class GiftCardSending(OfBusiness):
    """A gift card given to somebody else by e-mail, at once or on a day, with a greeting (B11)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", _("Cancelled")

    card = models.ForeignKey(
        GiftCard, models.PROTECT, related_name="sendings", db_constraint=False, db_index=False
    )
    sender = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    to_name = models.CharField(max_length=200, blank=True, default="")
    to_email = models.CharField(max_length=254, help_text="Forgotten when its sender is erased.")
    from_name = models.CharField(max_length=200, blank=True, default="")
    greeting = models.CharField(max_length=1000, blank=True, default="")
    send_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State, default=State.PLANNED)
    message = models.UUIDField(null=True, help_text="The message by which it went.")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="gift_card_sending_of_business"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "card"], name="gift_card_sending_by_card"),
            Index(
                fields=["business", "sender"],
                condition=Q(sender__isnull=False),
                name="gift_card_sending_by_sender",
            ),
            Index(
                fields=["business", "send_at"],
                condition=Q(state="planned"),
                name="gift_card_sending_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.state}"


class Coupon(OfBusiness):
    """A code that lowers a price, by a share or by an amount."""

    code = models.CharField(_("code"), max_length=64, help_text="Upper case.")
    name = models.CharField(_("name"), max_length=200)
    percent_ppm = models.PositiveIntegerField(null=True, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True, help_text="Exclusive.")
    least_purchase_minor = models.BigIntegerField(default=0)
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    kinds = ArrayField(
        models.CharField(max_length=16), default=list, blank=True, help_text="Empty = all."
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="coupon_of_business"),
            UniqueConstraint(fields=["business", "code"], name="coupon_code_once"),
            CheckConstraint(
                condition=Q(percent_ppm__gt=0, percent_ppm__lte=1_000_000, amount_minor=None)
                | Q(amount_minor__gt=0, percent_ppm=None),
                name="coupon_share_or_amount",
            ),
            CheckConstraint(
                condition=Q(most_uses__isnull=True) | Q(uses__lte=models.F("most_uses")),
                name="coupon_not_overused",
            ),
        ]

    def __str__(self) -> str:
        return self.code
