"""Messages in a business's own words: whether they are sent, and what they say (B4, S11)."""

from dataclasses import dataclass, replace
from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.domain.errors import NotFound, TextRefused
from regulars.domain.wordings import (
    MOST_IN_EMAIL,
    MOST_IN_SMS,
    WhyNot,
    check_says,
    check_subject,
    check_text,
)
from regulars.notices.models import MessageSetting
from regulars.notices.texts import TEMPLATES, Template

THANKS = "referral_thanks"
"""The text message that thanks who brought a customer."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a business wants the messages of one occasion."""

    template: str
    is_on: bool = True
    subject: str = ""
    """Of an e-mail, in its own words; "" = the usual one."""
    text: str = ""
    """In its own words; "" = the usual text."""
    sms_text: str = ""
    """Its own words for text messages; "" = the same as by e-mail."""

    @property
    def usual(self) -> Template:
        return TEMPLATES[self.template]

    @property
    def usual_subject(self) -> str:
        """In the language that is active."""
        return str(self.usual.subject)

    @property
    def usual_text(self) -> str:
        """In the language that is active."""
        return str(self.usual.text)

    @property
    def variables(self) -> list[str]:
        """What may stand in braces."""
        return sorted(self.usual.variables)

    @property
    def can_be_off(self) -> bool:
        """What somebody asked for is always sent (B3)."""
        return self.usual.is_loyalty

    @property
    def goes_by_email(self) -> bool:
        return "email" in self.usual.channels

    @property
    def goes_by_sms(self) -> bool:
        return "sms" in self.usual.channels

    @property
    def has_both(self) -> bool:
        """Whether text messages may have words of their own."""
        return self.goes_by_email and self.goes_by_sms

    @property
    def said_by_sms(self) -> str:
        return self.sms_text or self.text or self.usual_text

    @property
    def most_letters(self) -> int:
        """In ``text``: where only text messages go, it is one."""
        return MOST_IN_EMAIL if self.goes_by_email else MOST_IN_SMS

    @property
    def is_own(self) -> bool:
        """Whether any of it is in the business's own words."""
        return bool(self.subject or self.text or self.sms_text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to change of a setting; None leaves a part as it is.

    An empty text or subject, or the usual one, brings the usual one back.
    """

    is_on: bool | None = None
    subject: str | None = None
    text: str | None = None
    sms_text: str | None = None


def message_setting(business_id: UUID, template: str) -> Setting:
    """What holds now.

    Raises NotFound.
    """
    if template not in TEMPLATES:
        raise NotFound("message template")
    with scope(business=business_id):
        found = MessageSetting.objects.filter(template=template).first()
    return _setting(found) if found else Setting(template)


def message_settings(business_id: UUID) -> list[Setting]:
    """What holds now, of every occasion."""
    with scope(business=business_id):
        kept = {row.template: _setting(row) for row in MessageSetting.objects.all()}
    return [kept.get(template, Setting(template)) for template in TEMPLATES]


def check_wanted(now: Setting, wanted: Wanted) -> Setting:
    """What would hold; writes nothing.

    Raises TextRefused.
    """
    if wanted.is_on is False and not now.can_be_off:
        raise TextRefused(WhyNot.ALWAYS_SENT)
    held = now if wanted.is_on is None else replace(now, is_on=wanted.is_on)
    if wanted.subject is not None:
        subject = wanted.subject.strip()
        check_subject(subject, now.variables)
        held = replace(held, subject="" if subject == now.usual_subject else subject)
    if wanted.text is not None:
        held = replace(held, text=_checked_text(wanted.text, now))
    if wanted.sms_text is not None:
        held = replace(held, sms_text=_checked_sms(wanted.sms_text, held))
    if held.goes_by_sms and not held.sms_text and len(held.text) > MOST_IN_SMS:
        raise TextRefused(WhyNot.SHORT_TEXT_MISSING, most=MOST_IN_SMS)
    return held


def _checked_text(typed: str, now: Setting) -> str:
    text = _lines(typed)
    return "" if text == now.usual_text else _checked(text, now, now.most_letters)


def _checked_sms(typed: str, held: Setting) -> str:
    """Words for text messages alone; none where they are the same as by e-mail."""
    text = _lines(typed)
    if not held.has_both or text == (held.text or held.usual_text):
        return ""
    return _checked(text, held, MOST_IN_SMS)


def _lines(typed: str) -> str:
    return typed.replace("\r\n", "\n").strip()


def _checked(text: str, setting: Setting, most: int) -> str:
    if text:
        check_text(text, setting.variables, most=most)
        check_says(text, setting.usual.needed)
    return text


@action
def set_message(
    business_id: UUID,
    template: str,
    *,
    is_on: bool | None = None,
    subject: str | None = None,
    text: str | None = None,
    sms_text: str | None = None,
) -> Setting:
    """Switch the messages of an occasion, or put them into words of one's own.

    None leaves a part as it is; an empty text, or the usual one, brings the usual one back. Doing
    it twice is doing it once.

    Raises NotFound, TextRefused.
    """
    asked = Wanted(is_on, subject, text, sms_text)
    wanted = check_wanted(message_setting(business_id, template), asked)
    columns = {
        "is_on": wanted.is_on,
        "subject": wanted.subject,
        "text": wanted.text,
        "sms_text": wanted.sms_text,
    }
    with scope(business=business_id):
        rows = MessageSetting.objects.filter(template=template)
        if not rows.update(**columns):
            MessageSetting.objects.create(business_id=business_id, template=template, **columns)
    return wanted


def _setting(row: MessageSetting) -> Setting:
    return Setting(row.template, row.is_on, row.subject, row.text, row.sms_text)
