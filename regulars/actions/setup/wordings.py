"""Messages in a business's own words: whether they are sent, and what they say (B4, S11)."""

from dataclasses import dataclass, replace
from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.domain.errors import NotFound, TextRefused
from regulars.domain.wordings import WhyNot, check_says, check_subject, check_text
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
    def is_own(self) -> bool:
        """Whether any of it is in the business's own words."""
        return bool(self.subject or self.text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to change of a setting; None leaves a part as it is.

    An empty text or subject, or the usual one, brings the usual one back.
    """

    is_on: bool | None = None
    subject: str | None = None
    text: str | None = None


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
        held = replace(held, text=_checked_text(now, wanted.text))
    return held


def _checked_text(now: Setting, typed: str) -> str:
    text = typed.replace("\r\n", "\n").strip()
    if text in {"", now.usual_text}:
        return ""
    check_text(text, now.variables)
    check_says(text, now.usual.needed)
    return text


@action
def set_message(
    business_id: UUID,
    template: str,
    *,
    is_on: bool | None = None,
    subject: str | None = None,
    text: str | None = None,
) -> Setting:
    """Switch the messages of an occasion, or put them into words of one's own.

    None leaves a part as it is; an empty text, or the usual one, brings the usual one back. Doing
    it twice is doing it once.

    Raises NotFound, TextRefused.
    """
    wanted = check_wanted(message_setting(business_id, template), Wanted(is_on, subject, text))
    columns = {"is_on": wanted.is_on, "subject": wanted.subject, "text": wanted.text}
    with scope(business=business_id):
        rows = MessageSetting.objects.filter(template=template)
        if not rows.update(**columns):
            MessageSetting.objects.create(business_id=business_id, template=template, **columns)
    return wanted


def _setting(row: MessageSetting) -> Setting:
    return Setting(row.template, row.is_on, row.subject, row.text)
