"""The books: what every account holds, and every operation that ever changed it."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness


class Account(OfBusiness):
    """What one holder has of one unit: a programme's points, or a currency.

    Only members, gift cards and debts keep a balance; the rest would be hot rows and are summed
    when asked.
    """

    class Purpose(models.TextChoices):
        MEMBER = "member"
        GIFT_CARD = "gift_card"
        OWED = "owed"
        ISSUED = "issued"
        REDEEMED = "redeemed"
        BURNED = "burned"
        ADJUSTED = "adjusted"
        SOLD = "sold"
        CARRIED = "carried"
        WRITTEN_OFF = "written_off"

    unit = models.CharField(
        max_length=40, help_text="A programme's id for its points; a currency's code for money."
    )
    purpose = models.CharField(max_length=16, choices=Purpose)
    main = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        help_text="Of an account of what is owed: the member's account.",
    )
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="account_of_business"),
            UniqueConstraint(
                fields=["business", "unit", "purpose"],
                condition=Q(main__isnull=True) & ~Q(purpose__in=["member", "gift_card"]),
                name="account_one_for_each_purpose",
            ),
            UniqueConstraint(
                fields=["business", "main"],
                condition=Q(main__isnull=False),
                name="account_one_of_what_is_owed",
            ),
            CheckConstraint(
                condition=~Q(purpose__in=["member", "gift_card"]) | Q(balance__gte=0),
                name="account_not_below_zero",
            ),
            CheckConstraint(
                condition=~Q(purpose="owed") | Q(balance__lte=0, main__isnull=False),
                name="account_owed_not_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class Operation(OfBusiness):
    """One thing a caller asked for, done once however often it was sent."""

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        PAYMENT = "payment", _("Payment")
        REFUND = "refund", _("Refund")
        VOID = "void", _("Sale voided")
        FORFEIT = "forfeit", _("Deposit forfeited")
        ADJUST = "adjust", _("Changed by hand")
        ENROL = "enrol", _("Joined")
        ACTIVATE = "activate", _("Account activated")
        WELCOME = "welcome", _("Welcome bonus")
        BURN = "burn", _("Points burned")
        LEVEL = "level", _("Level changed")
        BOOKING = "booking", _("Visit")
        BOOKING_REVERSAL = "booking_reversal", _("Visit taken back")
        REFERRAL = "referral", _("Referral")
        REWARD = "reward", _("Reward taken")
        REWARD_REVERSAL = "reward_reversal", _("Reward given back")
        GIFT_CARD_ISSUE = "gift_card_issue", _("Gift card issued")
        GIFT_CARD_ACTIVATE = "gift_card_activate", _("Gift card activated")
        GIFT_CARD_REVERSAL = "gift_card_reversal", _("Gift card taken back")
        GIFT_CARD_BLOCK = "gift_card_block", _("Gift card blocked")
        GIFT_CARD_UNBLOCK = "gift_card_unblock", _("Gift card unblocked")
        GIFT_CARD_CLOSE = "gift_card_close", _("Gift card closed")
        CARRY_OVER = "carry_over", _("Carried over")
        MERGE = "merge", _("Two customers merged")
        WRITE_OFF = "write_off", _("Debt written off")
        ERASE = "erase", _("Customer erased")
        IMPORT = "import", _("Imported")

    kind = models.CharField(max_length=24, choices=Kind)
    at = models.DateTimeField(help_text="When it happened, by the caller.")
    recorded_at = models.DateTimeField(help_text="When it was written here.")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    actor = models.UUIDField(null=True, help_text="Who of the staff did it.")
    request_id = models.UUIDField()
    request_hash = models.BinaryField(
        max_length=32, null=True, help_text="SHA-256 of the parsed request."
    )
    note = models.TextField(blank=True, default="", help_text="The customer sees it too.")
    explanation = models.JSONField(default=dict, help_text="Codes and whole numbers only.")
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="operation_of_business"),
            UniqueConstraint(fields=["business", "request_id"], name="operation_once_per_request"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "account", "at", "id"], name="operation_history"),
            # For sealing: costs next to nothing, since rows are added in this order.
            BrinIndex(fields=["recorded_at"], autosummarize=True, name="operation_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Transfer(OfBusiness):
    """Value from one account to another: both legs in one row, so they cannot differ."""

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="transfers", db_constraint=False, db_index=False
    )
    from_account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    to_account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_something"),
            CheckConstraint(
                condition=~Q(from_account=F("to_account")), name="transfer_between_two_accounts"
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "operation"], name="transfer_by_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Lot(OfBusiness):
    """Points that came in together, usable from one instant to another, fixed when posted."""

    class Origin(models.TextChoices):
        SALE = "sale", _("Purchase")
        BOOKING = "booking", _("Visit")
        WELCOME = "welcome", _("Welcome bonus")
        ADJUST = "adjust", _("Added by hand")
        REFERRAL = "referral", _("Referral")
        RETURNED = "returned", _("Returned by a refund")
        CARRIED = "carried", _("Carried over")

    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)
    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="lots", db_constraint=False, db_index=False
    )
    origin = models.CharField(max_length=16, choices=Origin)
    amount = models.BigIntegerField()
    points_left = models.BigIntegerField()
    usable_from = models.DateTimeField()
    usable_until = models.DateTimeField(null=True, help_text="Exclusive; empty = never burns.")
    carried_from = models.UUIDField(
        null=True,
        help_text="The lot of an account merged into this one as which its points first came in.",
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="lot_of_business"),
            CheckConstraint(condition=Q(amount__gt=0), name="lot_holds_something"),
            CheckConstraint(
                condition=Q(points_left__gte=0, points_left__lte=F("amount")),
                name="lot_left_within_amount",
            ),
        ]
        # Not partial on points_left > 0: taking points would then rewrite index entries.
        indexes: ClassVar = [
            Index(fields=["business", "account", "usable_until"], name="lot_by_account"),
            Index(fields=["business", "usable_until"], name="lot_by_end"),
            BrinIndex(fields=["operation"], autosummarize=True, name="lot_by_operation"),
            Index(
                fields=["business", "carried_from"],
                condition=Q(carried_from__isnull=False),
                name="lot_by_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points_left} of {self.amount}"


class Draw(OfBusiness):
    """What an operation took from a lot, or gave back to it."""

    class Reason(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        REWARD = "reward", _("Reward")
        GIFT_CARD = "gift_card", _("Gift card")
        BURN = "burn", _("Burned")
        ADJUST = "adjust", _("Taken by hand")
        TAKEN_BACK = "taken_back", _("Taken back")
        OWED = "owed", _("Settled what was owed")
        RETURNED = "returned", _("Returned")
        CARRY_OVER = "carry_over", _("Carried over")

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="draws", db_constraint=False, db_index=False
    )
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="draws", db_constraint=False, db_index=False
    )
    points = models.BigIntegerField(help_text="Taken > 0; returned < 0.")
    reason = models.CharField(max_length=16, choices=Reason)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=~Q(points=0), name="draw_moves_points"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "lot"], name="draw_by_lot"),
            Index(fields=["business", "operation"], name="draw_by_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.points}"


class Seal(OfBusiness):
    """A hash over the seal before it and what a business did since; makes tampering show."""

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    recorded_until = models.DateTimeField(help_text="Covers what was recorded before this instant.")
    operations = models.PositiveBigIntegerField(help_text="How many it covers.")
    hash = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "number"], name="seal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
