"""Messages in a business's own words: whether they are sent, and what they say (S11)."""

from dataclasses import dataclass
from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.domain.wordings import check_text
from regulars.notices.models import MessageSetting
from regulars.notices.texts import TEMPLATES

THANKS = "referral_thanks"
"""The text message that thanks who brought a customer."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a business wants the messages of one occasion."""

    template: str
    is_on: bool = True
    text: str = ""
    """In its own words; "" = the usual text."""

    @property
    def usual_text(self) -> str:
        """In the language that is active."""
        return str(TEMPLATES[self.template].text)

    @property
    def variables(self) -> list[str]:
        """What may stand in braces."""
        return sorted(TEMPLATES[self.template].variables)


def message_setting(business_id: UUID, template: str) -> Setting:
    """What holds now."""
    with scope(business=business_id):
        found = MessageSetting.objects.filter(template=template).first()
    return Setting(template, found.is_on, found.text) if found else Setting(template)


@action
def set_message(
    business_id: UUID, template: str, *, is_on: bool | None = None, text: str | None = None
) -> Setting:
    """Switch the messages of an occasion, or put them into words of one's own.

    None leaves a part as it is; an empty text, or the usual one, brings the usual one back. Doing
    it twice is doing it once.

    Raises TextRefused.
    """
    now = message_setting(business_id, template)
    if text is not None:
        text = text.replace("\r\n", "\n").strip()
        check_text(text, now.variables)
        text = "" if text == now.usual_text else text
    wanted = Setting(
        template,
        now.is_on if is_on is None else is_on,
        now.text if text is None else text,
    )
    with scope(business=business_id):
        rows = MessageSetting.objects.filter(template=template)
        columns = {"is_on": wanted.is_on, "text": wanted.text}
        if not rows.update(**columns):
            MessageSetting.objects.create(business_id=business_id, template=template, **columns)
    return wanted
