"""Gift cards that a sale has sold, as whoever bought them is shown them."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.actions.giftcards.cards import read_code
from regulars.business.formats import Formats
from regulars.domain.codes import format_code
from regulars.giftcards.models import GiftCard
from regulars.reports.codes import qr_svg
from regulars.sales.models import SaleLine


@dataclass(frozen=True, slots=True)
class SoldCard:
    """One gift card, ready to be read and handed over."""

    id: UUID
    name: str
    value: str
    ending: str
    """The last characters of its code."""
    lasting: str
    """ "usable until 22 Nov 2027"."""
    state: str
    is_active: bool
    code: str
    """Empty where it is not to be shown: to others, or once it has been used."""
    qr: SafeString | None


def sold_cards(sale_id: UUID, formats: Formats, *, shows_codes: bool) -> tuple[SoldCard, ...]:
    """The cards of a sale, with their codes while nothing was paid with them.

    Asked inside ``scope(business=...)``.
    """
    lines = SaleLine.objects.filter(sale=sale_id, gift_card__isnull=False)
    found = lines.select_related("gift_card__account").order_by("position")
    cards = [(line.name, line.gift_card) for line in found]
    return tuple(
        _sold_card(name, card, formats, shows_codes=shows_codes)
        for name, card in cards
        if card is not None
    )


def lasting(card: GiftCard, formats: Formats) -> str:
    """How long a card can be used."""
    if card.valid_until is None:
        return _("usable without end")
    day = formats.day(formats.last_day(card.valid_until))
    return _("usable until %(day)s") % {"day": day}


def _sold_card(name: str, card: GiftCard, formats: Formats, *, shows_codes: bool) -> SoldCard:
    is_active = card.state == GiftCard.State.ACTIVE
    is_shown = shows_codes and is_active and card.account.balance == card.issued_minor
    code = format_code(read_code(card)) if is_shown else ""
    return SoldCard(
        id=card.pk,
        name=name,
        value=formats.money(card.issued_minor),
        ending=card.last_four,
        lasting=lasting(card, formats),
        state=card.get_state_display(),
        is_active=is_active,
        code=code,
        qr=qr_svg(code) if code else None,
    )
