"""A gift card that ends soon, as the message about it says it at the moment at which it leaves."""

from uuid import UUID

from regulars.business.formats import Formats
from regulars.giftcards.models import GiftCard

GIFT_CARD_ENDS = "gift_card_expiring"


def is_left(card_id: UUID) -> bool:
    """Whether there still is something to use; asked inside ``scope(business=...)``."""
    held = GiftCard.objects.filter(pk=card_id, state=GiftCard.State.ACTIVE)
    return held.filter(account__balance__gt=0).exists()


def values_of(card_id: UUID, formats: Formats) -> dict[str, str]:
    """What is left on the card, and its last characters; asked inside ``scope(business=...)``."""
    card = GiftCard.objects.select_related("account").get(pk=card_id)
    left = formats.money(card.account.balance)
    return {"amount": left, "card": f"\N{MIDDLE DOT}\N{MIDDLE DOT}\N{MIDDLE DOT}{card.last_four}"}
