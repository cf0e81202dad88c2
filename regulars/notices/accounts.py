"""What a message says of somebody's own account: where it was signed in to, and what changed."""

from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from django.utils.translation import gettext as _

from regulars.notices.models import Message
from regulars.notices.texts import time_of_day


def of_account(message: Message, zone: ZoneInfo, locale: Locale) -> dict[str, str]:
    """The variables day, time, device and change, where the message has them.

    No contact is named: the message may reach somebody who is not to learn of it.
    """
    if message.template == "new_device":
        day = message.created_at.astimezone(zone).date()
        return {
            "day": format_date(day, "long", locale=locale),
            "time": time_of_day(message.created_at, zone, locale),
            "device": message.data.get("device") or _("a device"),
        }
    if message.template == "contacts_changed":
        return {"change": _changed(message.data["kind"], is_added=message.data["is_added"])}
    return {}


def _changed(kind: str, *, is_added: bool) -> str:
    if kind == "email":
        if is_added:
            return _("An e-mail address was added to your account")
        return _("This e-mail address was taken away from your account")
    if is_added:
        return _("A phone number was added to your account")
    return _("This phone number was taken away from your account")
