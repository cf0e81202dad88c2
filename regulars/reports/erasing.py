"""What erasing a customer comes to, in words: for the office and for the customer's own page."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.actions.members.erasing import Goes, what_goes
from regulars.business.formats import Formats
from regulars.domain.errors import EraseRefused
from regulars.reports import refusing


def outcome(
    business_id: UUID, customer_id: UUID, formats: Formats, *, at: datetime
) -> tuple[list[str], str]:
    """What goes, sentence by sentence; and why it cannot be done yet, "" if it can.

    Raises NotFound.
    """
    goes = what_goes(business_id, customer_id, at=at)
    why = refusing.say(EraseRefused(goes.why), formats) if goes.why else ""
    return _sentences(goes, formats), why


def _sentences(goes: Goes, formats: Formats) -> list[str]:
    told = [_("Name, contacts, code word, notes and signed-in devices are erased everywhere.")]
    if goes.points:
        points = formats.points(goes.points)
        told.append(_("The account closes, and its %(points)s are given up.") % {"points": points})
    if goes.gift_cards:
        number = formats.number(goes.gift_cards)
        told.append(
            ngettext(
                "%(number)s gift card keeps its money: whoever has its code can pay with it.",
                "%(number)s gift cards keep their money: whoever has a code can pay with it.",
                goes.gift_cards,
            )
            % {"number": number}
        )
    told.append(_("Purchases and visits stay in the books, as nobody's in particular."))
    return [*told, _("This cannot be undone.")]
