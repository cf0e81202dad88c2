"""What a message says of somebody's own account: where it was signed in to, and what changed."""

from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.domain.days import day_of
from regulars.notices.models import Message


def of_account(message: Message, formats: Formats) -> dict[str, str]:
    """The variables day, time, device and change, where the message has them.

    No contact is named: the message may reach somebody who is not to learn of it.
    """
    if message.template == "new_device":
        return {
            "day": formats.long_day(day_of(message.created_at, formats.zone)),
            "time": formats.clock(message.created_at),
            "device": message.data.get("device") or _("a device"),
        }
    if message.template == "contacts_changed":
        if message.data.get("is_others"):
            return {"change": _lost(message.data["kind"])}
        return {"change": _changed(message.data["kind"], is_added=message.data["is_added"])}
    return {}


def _lost(kind: str) -> str:
    if kind == "email":
        return _(
            "An e-mail address was taken off your account: somebody else has shown it to be theirs"
        )
    return _("A phone number was taken off your account: somebody else has shown it to be theirs")


def _changed(kind: str, *, is_added: bool) -> str:
    if kind == "email":
        if is_added:
            return _("An e-mail address was added to your account")
        return _("This e-mail address was taken away from your account")
    if is_added:
        return _("A phone number was added to your account")
    return _("This phone number was taken away from your account")
