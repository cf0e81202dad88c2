"""What goes back when staff undo the taking of a gift card for points, said before it is done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.domain import giftcards as rules
from regulars.giftcards.models import GiftCard
from regulars.ledger.models import Draw, Operation


@dataclass(frozen=True, slots=True)
class Undoing:
    """An exchange that can be undone, in sentences."""

    points: str
    lines: tuple[str, ...]


def undoing(card: GiftCard, formats: Formats, *, at: datetime) -> Undoing | None:
    """None where the card was not taken for points, or something was paid with it already.

    Asked inside ``scope(business=...)``; ``card`` comes with its account and its owner.
    """
    state = rules.State(card.state)
    held = rules.GiftCard(state, card.issued_minor, card.account.balance, card.valid_until)
    if not rules.may_undo(held) or not was_taken_for_points(card):
        return None
    draws = list(_draws(card.bought_by_operation))
    points = sum(draw.points for draw in draws)
    expired = sum(draw.points for draw in draws if _has_expired(draw, at))
    said = {
        "points": formats.points(points),
        "expired": formats.points(expired),
        "money": formats.money(card.issued_minor),
    }
    lines = [_("%(points)s go back to the account, into the lots they came from.") % said]
    if expired:
        lines.append(
            _("%(expired)s of them have expired meanwhile, and come back as new ones.") % said
        )
    lines.append(_("The gift card closes: nothing can be paid with it any more."))
    lines.append(_("No money is given out: what was %(money)s on the card is gone.") % said)
    return Undoing(said["points"], tuple(lines))


def was_taken_for_points(card: GiftCard) -> bool:
    bought_by = card.bought_by_operation
    issued = Operation.objects.filter(kind=Operation.Kind.GIFT_CARD_ISSUE)
    return bought_by is not None and issued.filter(pk=bought_by).exists()


def _draws(operation_id: UUID | None) -> list[Draw]:
    found = Draw.objects.filter(operation=operation_id, reason=Draw.Reason.GIFT_CARD)
    return list(found.select_related("lot"))


def _has_expired(draw: Draw, at: datetime) -> bool:
    until = draw.lot.usable_until
    return until is not None and until <= at
