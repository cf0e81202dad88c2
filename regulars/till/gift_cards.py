"""Gift cards at the till: their tiles, what a touch of one puts in, and paying with one."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from regulars.actions.giftcards.cards import find_gift_card, left_on
from regulars.actions.giftcards.kinds import offered
from regulars.business.formats import Formats
from regulars.business.models import Method
from regulars.domain import giftcards as rules
from regulars.domain.codes import is_code, normalise_code
from regulars.domain.errors import BadAmount, GiftCardRefused, NotFound
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.till.basket import BasketLine, Payment, proof_of_card
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


def pay_with_card(selling: Selling, code: str) -> None:
    """Let a gift card pay what it can: all that is left on it, or all that it may pay.

    Raises NotFound, GiftCardRefused.
    """
    _pay(selling, find_gift_card(selling.shift.business.pk, code))


def pay_with_scanned(selling: Selling, text: str) -> bool:
    """The same for a text that may be the code of one; False where no gift card has it.

    A card that cannot pay is said, so that other scans that came with it still count.
    """
    if not is_code(normalise_code(text), rules.CODE_LENGTH):
        return False
    try:
        card = find_gift_card(selling.shift.business.pk, text)
    except NotFound:
        return False
    if Method.GIFT_CARD not in selling.shift.takes:
        selling.say(_("This till takes no gift cards. Ask for another way to pay."))
        return True
    try:
        _pay(selling, card)
    except GiftCardRefused as refusal:
        selling.refuse(refusal)
    return True


def _pay(selling: Selling, card: GiftCard) -> None:
    proof, left = proof_of_card(card.business_id, card.pk), left_on(card, at=selling.at)
    quoted = selling.quote()
    if quoted is None:
        said = {"sum": selling.formats.money(left)}
        selling.say(
            _("A gift card with %(sum)s on it. Put in what is bought, then scan it again.") % said
        )
        return
    held = [part for part in selling.basket.parts if part.method == Method.GIFT_CARD]
    if any(part.label == card.last_four for part in held):
        selling.say(_("This gift card is in use here already."))
        return
    most = min(
        quoted.quote.gift_cards_can_pay_minor - sum(part.amount_minor for part in held),
        quoted.quote.to_pay_minor - selling.basket.parts_minor,
    )
    if most <= 0:
        selling.say(_("There is nothing left that a gift card may pay."))
        return
    part = Payment(
        method=Method.GIFT_CARD,
        amount_minor=min(left, most),
        gift_card=proof,
        label=card.last_four,
    )
    selling.basket = selling.basket.but(stage="sale", parts=(*selling.basket.parts, part))
