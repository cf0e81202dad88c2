"""What stands around the basket: coupon, free line, discount on everything, an empty basket."""

from django.utils.translation import gettext as _

from regulars.actions.sales.orders import MOST_LETTERS
from regulars.domain.amounts import check_amount
from regulars.domain.errors import BadAmount
from regulars.domain.terms import GOODS, Kind
from regulars.rows import new_id
from regulars.till.basket import (
    MOST_COUPON,
    Basket,
    BasketLine,
    read_basket,
)
from regulars.till.lowering import read_off, spread
from regulars.till.selling import Selling
from regulars.till.showing import KINDS


def use_coupon(selling: Selling, code: str) -> None:
    """Lower the purchase by a coupon; where it does not apply, one that did stays."""
    code = code.strip()
    if selling.takes_goods_only():
        return
    if not 1 <= len(code) <= MOST_COUPON:
        selling.say(_("This is no code of a coupon. Check how it is written."))
        return
    held = selling.basket.coupon
    selling.basket = selling.basket.but(coupon=code, stage="sale")
    if held:
        selling.quote()
        selling.basket = selling.basket.but(coupon=selling.basket.coupon or held)


def add_free(selling: Selling, kind: str, name: str, *, price: str, quantity: str) -> None:
    """Something that is not in the catalogue."""
    if kind not in KINDS:
        selling.say(_("Choose what it is: a product, a service, or something else."))
        return
    if len(name.strip()) > MOST_LETTERS:
        selling.say(_("This name is too long. Shorten it."))
        return
    try:
        price_minor = check_amount("price_minor", selling.formats.read_money(price))
    except (ValueError, BadAmount):
        said = {"text": price}
        selling.say(_("“%(text)s” is no price. Type a figure such as 12.50.") % said)
        return
    try:
        line = BasketLine(
            kind=kind,
            name=name.strip() or str(KINDS[Kind(kind)]),
            price_minor=price_minor,
            quantity=quantity.strip() or 1,
        )
    except ValueError:
        said = {"text": quantity}
        selling.say(_("“%(text)s” is no quantity. Type a whole number from 1.") % said)
        return
    selling.basket = selling.basket.but(stage="sale").with_line(line)


def discount_all(selling: Selling, typed: str) -> None:
    """Lower everything but rewards, gift cards and tips, in place of what was off each line.

    A share is taken of each line, an amount is spread over them by price.
    """
    quoted = selling.quote()
    lines = selling.basket.lines
    if quoted is None or not lines:
        selling.say(_("There is nothing in the basket to lower. Put something in first."))
        return
    prices = [
        sold.line.list_minor if sold.reward is None and sold.line.kind in GOODS else 0
        for sold in quoted.basket[-len(lines) :]
    ]
    try:
        offs = spread(read_off(typed, selling.formats), prices)
    except ValueError:
        said = {"text": typed, "most": selling.formats.amount(sum(prices))}
        selling.say(
            _("“%(text)s” is no discount. Type an amount up to %(most)s, or a share such as 10%%.")
            % said
        )
        return
    lowered = tuple(
        line.model_copy(update={"off_minor": off.minor, "off_ppm": off.ppm}) if price else line
        for line, price, off in zip(lines, prices, offs, strict=True)
    )
    selling.basket = selling.basket.but(lines=lowered)


def empty(selling: Selling) -> None:
    """Take everything out; who buys stays. What was in it can be brought back by one press."""
    before = selling.basket
    if before.is_empty and not before.coupon:
        return
    selling.before = before
    selling.basket = Basket(
        request_id=new_id(), stage=before.stage, member_id=before.member_id, method=before.method
    )


def bring_back(selling: Selling, text: str) -> None:
    """Fill the basket again with what was taken out.

    Raises BadBasketError.
    """
    selling.basket = read_basket(text)
