"""A gift card that ends soon, as the message about it says it at the moment at which it leaves."""

from uuid import UUID

from babel import Locale

from regulars.giftcards.models import GiftCard
from regulars.notices.texts import money

GIFT_CARD_ENDS = "gift_card_expiring"


def is_left(card_id: UUID) -> bool:
    """Whether there still is something to use; asked inside ``scope(business=...)``."""
    held = GiftCard.objects.filter(pk=card_id, state=GiftCard.State.ACTIVE)
    return held.filter(account__balance__gt=0).exists()


def values_of(card_id: UUID, currency: str, locale: Locale) -> dict[str, str]:
    """What is left on the card, and its last characters; asked inside ``scope(business=...)``."""
    card = GiftCard.objects.select_related("account").get(pk=card_id)
    left = money(card.account.balance, currency, locale)
    return {"amount": left, "card": f"\N{MIDDLE DOT}\N{MIDDLE DOT}\N{MIDDLE DOT}{card.last_four}"}
