"""Gift cards to sell at the till: their tiles, and what a touch of one puts into the basket."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from regulars.actions.giftcards.kinds import offered
from regulars.domain import giftcards as rules
from regulars.domain.errors import BadAmount, NotFound
from regulars.giftcards.models import GiftCardKind
from regulars.reports.formats import Formats
from regulars.till.basket import BasketLine
from regulars.till.selling import Selling

MOST_KINDS = 60


@dataclass(frozen=True, slots=True)
class CardTile:
    """A kind of gift card to touch."""

    id: str
    name: str
    price: str
    """What it costs; of a kind whose value is chosen: from what to what."""
    note: str
    """What is on it, where that is not its price."""
    is_open: bool
    """Its value is typed."""
    picture: str
    hue: int | None


def card_tiles(formats: Formats) -> tuple[CardTile, ...]:
    """The kinds that are sold, in one statement; the business's scope is active."""
    kinds = GiftCardKind.objects.filter(archived_at__isnull=True).order_by("value_minor", "name")
    return tuple(_tile(kind, formats) for kind in kinds[:MOST_KINDS])


def _tile(kind: GiftCardKind, formats: Formats) -> CardTile:
    is_open, note = kind.value_minor is None, ""
    price = formats.amount(rules.price_of(offered(kind), kind.value_minor or 0))
    if is_open:
        least, most = formats.amount(kind.least_minor or 0), formats.amount(kind.most_minor or 0)
        price = f"{least}\N{EN DASH}{most}"
    elif kind.price_minor is not None:
        note = _("Worth %(value)s") % {"value": formats.money(kind.value_minor or 0)}
    return CardTile(str(kind.pk), kind.name, price, note, is_open, kind.picture, kind.hue)


def add_gift_card(selling: Selling, kind_id: UUID, typed: str) -> None:
    """One more gift card, of its kind's value or of the one that was typed.

    Raises NotFound.
    """
    kind = GiftCardKind.objects.filter(pk=kind_id, archived_at__isnull=True).first()
    if kind is None or "gift_cards" not in selling.shift.features:
        raise NotFound("gift card kind")
    if selling.takes_goods_only():
        return
    value = None
    if kind.value_minor is None:
        value = _read_value(selling, kind, typed)
        if value is None:
            return
    line = BasketLine(gift_card_kind_id=kind.pk, gift_card_value_minor=value)
    selling.basket = selling.basket.but(stage="sale").with_line(line)


def _read_value(selling: Selling, kind: GiftCardKind, typed: str) -> int | None:
    """None where it is no value that a card of this kind can have, which is said."""
    formats = selling.formats
    said = {
        "text": typed,
        "least": formats.money(kind.least_minor or 0),
        "most": formats.money(kind.most_minor or 0),
    }
    try:
        return rules.check_value(offered(kind), formats.read_money(typed))
    except ValueError:
        selling.say(_("“%(text)s” is no value. Type a figure from %(least)s to %(most)s.") % said)
    except BadAmount:
        selling.say(
            _("This gift card is worth %(least)s to %(most)s. Type a value between them.") % said
        )
    return None
