"""A gift card given to somebody else, as the message with it says it (B11)."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.giftcards.models import GiftCardSending


@dataclass(frozen=True, slots=True)
class Given:
    """To whom a card goes, and what comes with it."""

    to: str
    """An e-mail address; "" = it was forgotten with its sender."""
    values: dict[str, str]
    """The variables of the message that are of the gift, not of the card."""


def read_given(sending_id: UUID, formats: Formats) -> Given:
    """Read what somebody gives; what is on the card is what is left of it by now.

    Asked inside ``scope(business=...)``. A greeting brings the empty line after it along.
    """
    sendings = GiftCardSending.objects.select_related("card__account", "sender")
    sending = sendings.get(pk=sending_id)
    sender = sending.from_name or (sending.sender.name if sending.sender else "")
    values = {
        "name": sending.to_name or _("dear customer"),
        "from": sender or _("Somebody"),
        "greeting": f"{sending.greeting}\n\n" if sending.greeting else "",
        "amount": formats.money(sending.card.account.balance),
    }
    return Given(sending.to_email, values)
