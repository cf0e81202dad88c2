"""The page of a business's site that a message leads to."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from regulars.notices.queries import Outgoing


def link_of(template: str, data: Mapping[str, str], outgoing: Outgoing) -> str:
    """An address for who gets the message: what it is about, as far as they can see it.

    Who is given a gift card is no customer yet, and where nobody signs in there are no pages of
    one's own: they get the first page.
    """
    slug = outgoing.slug
    page = reverse("site:home", args=[slug])
    if outgoing.may_sign_in:
        if "booking" in data:
            page = reverse("site:visit", args=[slug, data["booking"]])
        elif template == "gift_card" and "gift_card" in data:
            page = reverse("site:own_gift_card", args=[slug, data["gift_card"]])
        elif template in {"new_device", "contacts_changed"}:
            page = reverse("site:you", args=[slug])
    return f"{settings.ORIGIN}{page}"
