"""Customers, how to reach them, and their memberships."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import CheckConstraint, F, Func, Index, Q, UniqueConstraint
from django.db.models.functions import Collate, Reverse
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness
from regulars.ledger.models import Account, Operation
from regulars.programmes.models import Group, Level, Programme


class Customer(OfBusiness):
    """A person a business knows, member or not."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True, default="")
    code_word_encrypted = models.BinaryField(null=True, help_text="Identifies on the phone.")
    note = models.TextField(_("note"), blank=True, default="")
    born = models.DateField(_("birthday"), null=True, blank=True)
    created_at = models.DateTimeField()
    source = models.CharField(max_length=40, blank=True, default="", help_text="Where from.")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_constraint=False, db_index=False
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    reward_rule_lifted = models.BooleanField(
        default=False, help_text="May take first-time rewards any time (S8)."
    )
    external_id = models.CharField(
        max_length=200, blank=True, default="", help_text="The number in the system imported from."
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="customer_of_business"),
            UniqueConstraint(
                fields=["business", "external_id"],
                condition=~Q(external_id=""),
                name="customer_imported_once",
            ),
            CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="customer_not_merged_into_itself",
            ),
        ]
        indexes: ClassVar = [
            # By the beginning of any word of the name: docs/decisions/0008. Kept current at once,
            # so that nobody who searches pays for what others have written.
            GinIndex(
                Func(F("business"), F("name"), function="members_named"),
                fastupdate=False,
                condition=~Q(name="") & Q(merged_into__isnull=True, erased_at__isnull=True),
                name="customer_by_words",
            ),
            # In the order of names, as people look for them in a list: without accents and
            # capitals, those without a name last.
            Index(
                F("business"),
                Collate(Func(F("name"), function="members_in_order"), "C"),
                F("id"),
                condition=Q(merged_into__isnull=True, erased_at__isnull=True),
                name="customer_by_name",
            ),
            Index(
                fields=["business", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="customer_merged",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(OfBusiness):
    """A phone (E.164) or e-mail (lower case); belongs to one open customer of a business."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="contacts", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(
        max_length=254, db_collation="C", help_text="By its bytes: found by its beginning too."
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(
        null=True, blank=True, help_text="No longer this customer's since."
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="contact_of_business"),
            UniqueConstraint(
                fields=["business", "kind", "value"],
                condition=Q(released_at__isnull=True),
                name="contact_of_one_customer",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "customer"], name="contact_by_customer"),
            Index(
                F("business"),
                Reverse("value"),
                condition=Q(kind="phone", released_at__isnull=True),
                name="contact_by_last_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Consent(OfBusiness):
    """A yes or no to marketing messages on one channel; the latest holds. Only grows."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="consents", db_constraint=False, db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel)
    granted = models.BooleanField()
    at = models.DateTimeField()
    source = models.CharField(max_length=40, blank=True, default="", help_text="Where it was said.")

    class Meta:
        indexes: ClassVar = [
            Index(fields=["business", "customer", "channel", "at"], name="consent_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {'yes' if self.granted else 'no'}"


class GroupMember(OfBusiness):
    """A customer is in a group."""

    group = models.ForeignKey(
        Group, models.PROTECT, related_name="members", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="groups", db_constraint=False, db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "customer", "group"], name="group_member_once"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "group"], name="group_members"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.customer_id}"


class Member(OfBusiness):
    """A customer's part in a programme: the account, the level and since when."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="memberships", db_constraint=False, db_index=False
    )
    programme = models.ForeignKey(Programme, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)
    joined_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    level = models.ForeignKey(Level, models.PROTECT, db_constraint=False, db_index=False)
    level_since = models.DateField()
    windows_from = models.DateField(
        null=True, blank=True, help_text="After a drop, nothing before this day counts."
    )
    raised_by = models.UUIDField(null=True, help_text="The sale that raised the level.")
    level_before = models.UUIDField(null=True, help_text="The level held before that rise.")
    last_visit = models.DateField(null=True, blank=True)
    joined_by = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="member_of_business"),
            UniqueConstraint(
                fields=["business", "customer"],
                condition=Q(closed_at__isnull=True),
                name="member_one_open_account",
            ),
            UniqueConstraint(fields=["business", "account"], name="member_own_account"),
        ]
        indexes: ClassVar = [
            Index(
                fields=["business", "customer"],
                condition=Q(closed_at__isnull=False),
                name="member_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class Card(OfBusiness):
    """A member's card, of plastic or only a number."""

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="cards", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=64, db_collation="C", help_text="Upper case, no spaces.")
    secret_hash = models.BinaryField(max_length=32, null=True, help_text="HMAC of the secret code.")
    is_virtual = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "number"], name="card_number_once"),
            UniqueConstraint(
                fields=["business", "secret_hash"],
                condition=Q(secret_hash__isnull=False, replaced_at__isnull=True),
                name="card_secret_once",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "member"], name="card_by_member"),
        ]

    def __str__(self) -> str:
        return self.number


class ActivationCode(OfBusiness):
    """A code that was sent so that an account can be activated (C19).

    The code itself is nowhere: it follows from the row's id and the installation's key
    (``actions.members.activation``). Of several the newest holds.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was told wrong.")
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="activation_code_of_business"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "created_at"], name="activation_code_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class LoginCode(OfBusiness):
    """A code by which somebody signs in to a business's site, sent to the contact they named.

    The code itself is nowhere: like an activation code it follows from the row's id. Whoever
    tells it has that contact; a customer is made of it if it is nobody's yet.
    """

    kind = models.CharField(max_length=8, choices=Contact.Kind)
    to_hash = models.BinaryField(max_length=32, help_text="Keyed HMAC of the contact.")
    to_encrypted = models.BinaryField(help_text="The contact; emptied when the code has ended.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was told wrong.")
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="login_code_of_business"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "created_at"], name="login_code_by_time"),
            Index(fields=["business", "to_hash", "created_at"], name="login_code_by_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class CustomerSession(OfBusiness):
    """A customer is signed in on a device. Only a hash of what the device holds is kept."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="sessions", db_constraint=False, db_index=False
    )
    token_hash = models.BinaryField(max_length=32)
    device = models.CharField(
        max_length=100, blank=True, default="", help_text="In words: Firefox on Android."
    )
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="To the hour.")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "id"], name="customer_session_of_business"),
            UniqueConstraint(fields=["business", "token_hash"], name="customer_session_token_once"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "customer"], name="customer_session_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class LevelChange(OfBusiness):
    """A member got another level; only grows."""

    class Why(models.TextChoices):
        JOINED = "joined", _("Joined")
        SPENDING = "spending", _("Spent enough")
        VISITS = "visits", _("Came often enough")
        ABSENCE = "absence", _("Stayed away")
        REFUND = "refund", _("A purchase was refunded")
        GROUP = "group", _("Customer group")
        MOVED = "moved", _("Moved to another programme")
        MERGED = "merged", _("Two customers merged")

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="level_changes", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    from_level = models.ForeignKey(
        Level,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    to_level = models.ForeignKey(
        Level, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    why = models.CharField(max_length=16, choices=Why)
    operation = models.UUIDField(null=True)
    sale = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            Index(fields=["business", "member", "at"], name="level_history"),
        ]

    def __str__(self) -> str:
        return f"{self.from_level_id} {self.to_level_id}"


class Referral(OfBusiness):
    """Who brought a customer; one customer brings one referral."""

    referred = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    referrer = models.ForeignKey(
        Customer, models.PROTECT, related_name="referrals", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    operation = models.ForeignKey(
        Operation,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="The credit of its points, if they were added.",
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "referred"], name="referral_once"),
            CheckConstraint(condition=~Q(referred=F("referrer")), name="referral_of_another"),
        ]
        indexes: ClassVar = [
            Index(fields=["business", "referrer"], name="referral_by_referrer"),
        ]

    def __str__(self) -> str:
        return f"{self.referrer_id} {self.referred_id}"
