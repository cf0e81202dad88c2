"""Sales, how they were paid, and what of them was refunded."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.models import Method, Place, Staff, Till
from regulars.business.scoped import OfBusiness
from regulars.catalogue.models import Item
from regulars.giftcards.models import GiftCard
from regulars.ledger.models import Operation
from regulars.members.models import Customer, Member
from regulars.programmes.models import Reward


class Sale(OfBusiness):
    """A purchase, from its first payment to its last refund."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        VOID = "void", _("Voided")
        FORFEITED = "forfeited", _("Deposit forfeited")

    class Channel(models.TextChoices):
        TILL = "till", _("Till")
        ONLINE = "online", _("Online")
        IMPORT = "import", _("Import")
        BOOKING = "booking", _("Booking")

    place = models.ForeignKey(Place, models.PROTECT, null=True, db_constraint=False, db_index=False)
    till = models.ForeignKey(Till, models.PROTECT, null=True, db_constraint=False, db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, db_constraint=False, db_index=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    number = models.BigIntegerField(null=True, help_text="Of the receipt; empty for imports.")
    receipt = models.CharField(
        max_length=200, blank=True, default="", help_text="The receipt's id where imported from."
    )
    state = models.CharField(max_length=16, choices=State)
    channel = models.CharField(max_length=16, choices=Channel)
    opened_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    paid_day = models.DateField(null=True, help_text="By the business's calendar.")
    charged_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField(
        help_text="Goods only, less refunds: what counts for levels; as the two after it."
    )
    products_minor = models.BigIntegerField()
    tickets_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    version = models.UUIDField(null=True, help_text="The programme's version it was settled by.")
    level = models.UUIDField(null=True, help_text="The level it earned by.")
    rules = models.PositiveSmallIntegerField(default=1, help_text="The rule set it was settled by.")
    card_presented = models.BooleanField(
        default=False, help_text="The member's card, at any of its steps (S4)."
    )
    points_paid = models.BigIntegerField(default=0)
    points_returned = models.BigIntegerField(default=0)
    points_earned = models.BigIntegerField(default=0)
    points_taken_back = models.BigIntegerField(default=0)
    burned_counted = models.BigIntegerField(
        default=0, help_text="Earned points that burned unspent, counted as taken back so far."
    )
    lot = models.UUIDField(null=True, help_text="The lot it earned.")
    coupon = models.UUIDField(null=True)
    operation = models.UUIDField(help_text="The checkout's.")
    source = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="sale_of_business"),
            UniqueConstraint(
                fields=["business", "number"],
                condition=Q(number__isnull=False),
                name="sale_number_once",
            ),
            CheckConstraint(
                condition=Q(charged_minor__gte=0, refunded_minor__gte=0)
                & Q(refunded_minor__lte=models.F("charged_minor")),
                name="sale_refunded_within_charged",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "member", "paid_day"], name="sale_by_member"),
            Index(
                fields=["business", "customer"],
                condition=Q(customer__isnull=False, member__isnull=True),
                name="sale_of_no_member",
            ),
            Index(fields=["business", "opened_at"], condition=Q(state="open"), name="sale_open"),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.receipt}"


class SaleLine(OfBusiness):
    """One line of a sale. What of it was refunded stands in the refunds' lines."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service")
        CLASS = "class", _("Class")
        PRODUCT = "product", _("Product")
        TICKET = "ticket", _("Ticket")
        GIFT_CARD = "gift_card", _("Gift card")
        TIP = "tip", _("Tip")

    sale = models.ForeignKey(
        Sale, models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    item = models.ForeignKey(Item, models.PROTECT, null=True, db_constraint=False, db_index=False)
    name = models.CharField(max_length=200)
    quantity = models.IntegerField()
    list_minor = models.BigIntegerField(help_text="Of the whole line, before any discount.")
    charged_minor = models.BigIntegerField()
    points_part_minor = models.BigIntegerField(default=0)
    earned_points = models.BigIntegerField(default=0)
    own_points = models.BigIntegerField(null=True)
    connected = models.BooleanField(default=True, help_text="To the programme, when sold.")
    memorandum = models.BooleanField(default=False)
    booking = models.UUIDField(null=True)
    gift_card = models.ForeignKey(
        GiftCard,
        models.PROTECT,
        null=True,
        related_name="sold_by",
        db_constraint=False,
        db_index=False,
        help_text="The card that is sold; it is active when the sale is paid.",
    )
    reward = models.ForeignKey(
        Reward, models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    reward_points = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="sale_line_of_business"),
            UniqueConstraint(fields=["business", "sale", "position"], name="sale_line_once"),
            CheckConstraint(condition=Q(quantity__gt=0), name="sale_line_of_something"),
            CheckConstraint(
                condition=Q(points_part_minor__gte=0)
                & Q(points_part_minor__lte=models.F("charged_minor")),
                name="sale_line_points_within_charged",
            ),
        ]
        indexes: ClassVar = [
            Index(
                fields=["business", "booking"],
                condition=Q(booking__isnull=False),
                name="sale_line_of_booking",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Payment(OfBusiness):
    """Part of what a sale costs, taken when it was accepted."""

    sale = models.ForeignKey(
        Sale, models.PROTECT, related_name="payments", db_constraint=False, db_index=False
    )
    position = models.SmallIntegerField()
    method = models.CharField(max_length=16, choices=Method)
    amount_minor = models.BigIntegerField()
    points = models.BigIntegerField(default=0)
    gift_card = models.ForeignKey(
        GiftCard, models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    operation = models.ForeignKey(Operation, models.PROTECT, db_constraint=False, db_index=False)
    is_deposit = models.BooleanField(default=False)
    removed_by = models.UUIDField(null=True, help_text="The operation that took it away again.")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="payment_of_business"),
            UniqueConstraint(fields=["business", "sale", "position"], name="payment_once"),
            CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_of_something"),
        ]
        indexes: ClassVar = [
            Index(
                fields=["business", "gift_card"],
                condition=Q(gift_card__isnull=False),
                name="payment_by_gift_card",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount_minor}"


class Refund(OfBusiness):
    """What was given back of a sale in one go."""

    sale = models.ForeignKey(
        Sale, models.PROTECT, related_name="refunds", db_constraint=False, db_index=False
    )
    operation = models.ForeignKey(Operation, models.PROTECT, db_constraint=False, db_index=False)
    at = models.DateTimeField()
    value_minor = models.BigIntegerField(help_text="Of the goods, however they were paid.")
    money_minor = models.BigIntegerField(help_text="Given back in money, gift cards included.")
    points_returned = models.BigIntegerField(default=0)
    points_taken_back = models.BigIntegerField(default=0)
    owed = models.BigIntegerField(default=0, help_text="Points that were missing.")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="refund_of_business"),
            CheckConstraint(
                condition=Q(value_minor__gte=0, money_minor__gte=0, owed__gte=0)
                & Q(points_returned__gte=0, points_taken_back__gte=0),
                name="refund_not_negative",
            ),
        ]
        indexes: ClassVar = [Index(fields=["business", "sale"], name="refund_by_sale")]

    def __str__(self) -> str:
        return f"{self.value_minor}"


class RefundLine(OfBusiness):
    """What of a sale's line was given back."""

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    line = models.ForeignKey(
        SaleLine, models.PROTECT, related_name="refunds", db_constraint=False, db_index=False
    )
    value_minor = models.BigIntegerField()
    quantity = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "refund", "line"], name="refund_line_once"),
            CheckConstraint(
                condition=Q(value_minor__gte=0, quantity__gte=0), name="refund_line_not_negative"
            ),
        ]
        indexes: ClassVar = [Index(fields=["business", "line"], name="refund_line_by_line")]

    def __str__(self) -> str:
        return f"{self.value_minor}"


class RefundPayment(OfBusiness):
    """How the money of a refund went back."""

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="payments", db_constraint=False, db_index=False
    )
    method = models.CharField(max_length=16, choices=Method)
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        related_name="refunds",
        db_constraint=False,
        db_index=False,
    )
    gift_card = models.ForeignKey(
        GiftCard, models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="refund_payment_of_business"),
            CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_payment_of_something"),
        ]
        indexes: ClassVar = [Index(fields=["business", "refund"], name="refund_payment_by_refund")]

    def __str__(self) -> str:
        return f"{self.method} {self.amount_minor}"


class OnlinePayment(OfBusiness):
    """What remains of an open sale, on a provider's page: a payment once the provider says so."""

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")
        RETURNED = "returned", _("Given back")

    sale = models.ForeignKey(
        Sale, models.PROTECT, related_name="online_payments", db_constraint=False, db_index=False
    )
    provider = models.CharField(max_length=24)
    reference = models.CharField(
        max_length=200, blank=True, default="", help_text="The provider's own id of it."
    )
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.STARTED)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Then it is given up, and the sale voided.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="online_payment_of_business"),
            UniqueConstraint(
                fields=["business", "provider", "reference"],
                condition=~Q(reference=""),
                name="online_payment_reference_once",
            ),
            CheckConstraint(condition=Q(amount_minor__gt=0), name="online_payment_of_something"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "sale"], name="online_payment_by_sale"),
            Index(
                fields=["business", "expires_at"],
                condition=Q(state="started"),
                name="online_payment_to_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.state}"


class ProviderEvent(OfBusiness):
    """Something a payment provider has told, once however often it tells it; only grows."""

    provider = models.CharField(max_length=24)
    event = models.CharField(max_length=200, help_text="The provider's own id of it.")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    online_payment = models.ForeignKey(
        OnlinePayment, models.PROTECT, related_name="events", db_constraint=False, db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "provider", "event"], name="provider_event_once"),
        ]

    def __str__(self) -> str:
        return self.kind


class OnlineRefund(OfBusiness):
    """Money that a payment provider has to give back: asked for until it has."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    online_payment = models.ForeignKey(
        OnlinePayment, models.PROTECT, related_name="refunds", db_constraint=False, db_index=False
    )
    refund_payment = models.ForeignKey(
        RefundPayment,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="Empty where what was paid came too late for its sale.",
    )
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, help_text="While it is waiting.")
    last_error = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="online_refund_of_business"),
            CheckConstraint(condition=Q(amount_minor__gt=0), name="online_refund_of_something"),
        ]
        indexes: ClassVar = [
            Index(
                fields=["business", "next_try_at"],
                condition=Q(state="waiting"),
                name="online_refund_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.state}"
