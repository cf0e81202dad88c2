"""Messages to customers: waiting, sent, held back or failed."""

from typing import ClassVar

from django.db import models
from django.db.models import Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness
from regulars.members.models import Customer


class MessageSetting(OfBusiness):
    """How a business wants the messages of one occasion: whether at all, and in which words.

    Without a row they are sent, in the usual words.
    """

    template = models.CharField(max_length=40)
    is_on = models.BooleanField(default=True)
    subject = models.CharField(
        max_length=200, blank=True, default="", help_text="Of an e-mail; empty = the usual one."
    )
    text = models.TextField(blank=True, default="", help_text="Empty = the usual text.")
    sms_text = models.TextField(
        blank=True, default="", help_text="For text messages; empty = the same as by e-mail."
    )

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["business", "template"], name="message_setting_once"),
        ]

    def __str__(self) -> str:
        return self.template


class Message(OfBusiness):
    """One message, written in the transaction that causes it and sent after it.

    ``data`` holds ids and numbers only: no person's data, no code in clear. What a message says
    and whom it reaches is looked up when it is sent. An address told for one message alone is
    encrypted in it, and forgotten when the message has ended.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        NONE = "none", _("No channel")

    class Class(models.TextChoices):
        ASKED_FOR = "asked_for", _("Asked for")
        LOYALTY = "loyalty", _("Loyalty")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        HELD = "held", _("Held back")
        FAILED = "failed", _("Failed")

    class HeldWhy(models.TextChoices):
        NO_CONSENT = "no_consent", _("No consent to messages on this channel")
        NO_CONTACT = "no_contact", _("No phone or e-mail to send it to")
        TOO_OLD = "too_old", _("Could not be sent in time")
        CODE_EXPIRED = "code_expired", _("The code in it no longer holds")
        SWITCHED_OFF = "switched_off", _("Messages of this kind are switched off")
        NOTHING_LEFT = "nothing_left", _("There was nothing left to tell of")

    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel)
    message_class = models.CharField(max_length=16, choices=Class)
    template = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    held_why = models.CharField(max_length=40, choices=HeldWhy, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Those that began.")
    next_try_at = models.DateTimeField(null=True, help_text="While it is waiting.")
    last_error = models.TextField(
        blank=True, default="", help_text="A code; nothing of whom, nothing secret."
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    operation = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            Index(
                fields=["business", "message_class", "next_try_at"],
                condition=Q(state="waiting"),
                name="message_due",
            ),
            Index(fields=["business", "customer"], name="message_by_customer"),
            Index(fields=["business", "-created_at", "-id"], name="message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.state}"
