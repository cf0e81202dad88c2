"""What is entered about people at more than one door: who they are, their card, points by hand."""

from typing import Any, cast
from uuid import UUID

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from regulars.actions.members.adjusting import BY_LEVEL, MOST_NOTE, Lasting
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.enrolment import MOST_TEXT, EnrolOrder
from regulars.business.formats import MINUS, Formats
from regulars.business.models import Business
from regulars.domain import cards
from regulars.domain.amounts import MOST_POINTS
from regulars.domain.errors import BadAmount, EnrolmentRefused, PinRefused, Refusal
from regulars.domain.joining import How, WhyNot
from regulars.members.models import Consent
from regulars.reports import refusing
from regulars.rows import new_id

MOST_TYPED = 254

GET_OR_POST = ["GET", "HEAD", "POST"]
"""What a page with a form is asked by."""

_FIELD_OF = {
    WhyNot.BAD_PHONE: "phone",
    WhyNot.BAD_EMAIL: "email",
    WhyNot.CARD_TAKEN: "card_number",
    WhyNot.NO_CARD: "card_number",
    WhyNot.SECRET_TAKEN: "secret",
    cards.WhyNot.BAD_NUMBER: "card_number",
    cards.WhyNot.PAYMENT_CARD: "card_number",
    cards.WhyNot.BAD_SECRET: "secret",
}
"""Beside which field a refusal is said, by its ``why``."""


class OnceForm(forms.Form):
    """A form that is done once, however often it is sent."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        kwargs["initial"] = {"request_id": new_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    @property
    def id(self) -> UUID:
        """Of the request; only after ``is_valid``."""
        return cast("UUID", self.cleaned_data["request_id"])

    def refuse(self, refusal: Refusal, formats: Formats) -> None:
        """Say a refusal beside the field that it is about."""
        name = self.field_of(refusal)
        self.add_error(name if name in self.fields else None, refusing.say(refusal, formats))

    def field_of(self, refusal: Refusal) -> str | None:
        if isinstance(refusal, EnrolmentRefused):
            return _FIELD_OF.get(refusal.why)  # type: ignore[call-overload, no-any-return]
        return None

    def say(self, text: str, name: str | None = None) -> None:
        self.add_error(name, text)


def _text(most: int = MOST_TEXT) -> forms.CharField:
    return forms.CharField(max_length=most, required=False)


class SecretForm(OnceForm):
    """A secret code for a card: typed or scanned, or made."""

    secret = _text(64)
    make_secret = forms.BooleanField(required=False)

    @property
    def typed_secret(self) -> str:
        return cast("str", self.cleaned_data["secret"]).strip()


class CardForm(SecretForm):
    """A card: of plastic, or a number for the phone; with a secret code or without."""

    card_number = _text(64)
    make_number = forms.BooleanField(required=False)

    def card_order(self) -> CardOrder:
        """What is typed comes before what would be made."""
        told = self.cleaned_data
        number = told["card_number"].strip()
        return CardOrder(
            number=number,
            generate_number=told["make_number"] and not number,
            secret=self.typed_secret,
            generate_secret=told["make_secret"] and not self.typed_secret,
        )


class PersonForm(CardForm):
    """Somebody who becomes a member."""

    name = _text()
    phone = _text(MOST_TYPED)
    email = _text(MOST_TYPED)
    language = _text(35)
    born = forms.DateField(required=False)
    code_word = _text()
    consent_email = forms.BooleanField(required=False)
    consent_sms = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Nobody agrees to messages where nothing reaches them."""
        told: dict[str, Any] = self.cleaned_data
        if told.get("consent_email") and not told.get("email"):
            self.say(_("Enter the e-mail address, or take the tick out."), "email")
        if told.get("consent_sms") and not told.get("phone"):
            self.say(_("Enter the phone number, or take the tick out."), "phone")
        if told.get("born") and told["born"] > localdate():
            self.say(_("This day is still to come. Check it."), "born")
        return told

    @property
    def consents(self) -> tuple[str, ...]:
        """The channels on which they want messages."""
        ticks = {Consent.Channel.EMAIL: "consent_email", Consent.Channel.SMS: "consent_sms"}
        return tuple(channel.value for channel, tick in ticks.items() if self.cleaned_data[tick])

    def order(self, programme_id: UUID, how: How) -> EnrolOrder:
        told = self.cleaned_data
        return EnrolOrder(
            programme_id=programme_id,
            how=how,
            name=told["name"],
            phone=told["phone"],
            email=told["email"],
            consents=self.consents,
            card=self.card_order(),
            code_word=told["code_word"],
            language=told["language"],
            born=told["born"],
        )


def languages(business: Business) -> list[tuple[str, str]]:
    """In which somebody can be written to, by name: those of the texts, and the business's own."""
    reader = Locale.parse(get_language() or "en", sep="-")
    home = Locale.parse(business.locale, sep="-").language
    codes = dict.fromkeys([home, *(code for code, _name in settings.LANGUAGES)])
    named = [(code, Locale.parse(code, sep="-").get_display_name(reader)) for code in codes]
    return [(code, name or code) for code, name in named]


class PointsForm(OnceForm):
    """Points added or taken by hand."""

    points = forms.CharField(
        max_length=20, error_messages={"required": gettext_lazy("Type how many.")}
    )
    note = forms.CharField(
        max_length=MOST_NOTE,
        error_messages={"required": gettext_lazy("Write down why. The customer reads it too.")},
    )
    last_day = forms.DateField(required=False)
    forever = forms.BooleanField(required=False)
    approver = forms.UUIDField(required=False)
    pin = forms.CharField(max_length=8, required=False)

    def clean_points(self) -> int:
        points = read_points(self.cleaned_data["points"])
        if not points:
            raise forms.ValidationError(_("Type a whole number, with “-” in front to take."))
        return points

    @property
    def lasting(self) -> Lasting:
        """Only points that are added last."""
        told = self.cleaned_data
        if told["points"] < 0 or not (told["forever"] or told["last_day"]):
            return BY_LEVEL
        return Lasting(forever=True) if told["forever"] else Lasting(told["last_day"])

    def field_of(self, refusal: Refusal) -> str | None:
        if isinstance(refusal, PinRefused):
            return "pin"
        why = getattr(refusal, "why", "")
        if why in {"note_missing", "bad_note"}:
            return "note"
        if why == "already_over":
            return "last_day"
        if why in {"above_limit", "own_approval", "no_approver", "approver_role", "approver_limit"}:
            return "approver"
        is_number = isinstance(refusal, BadAmount) or refusal.code == "not_enough_points"
        return "points" if is_number else None


def read_points(text: str) -> int | None:
    """A whole number as somebody typed it: "20", "-20", "1 000"; None where it is none."""
    text = "".join(text.split()).replace(MINUS, "-").replace("\N{EN DASH}", "-")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MOST_POINTS))):
        return None
    return sign * int(digits)
