"""The rows of a sale and its lines, from the purchase at work."""

from collections.abc import Sequence
from typing import Any

from regulars.actions.desk import Desk
from regulars.actions.giftcards.cards import AddedCard
from regulars.actions.sales.at_work import SaleAtWork
from regulars.actions.sales.orders import Order
from regulars.domain.quote import Quote
from regulars.domain.terms import RULES
from regulars.domain.terms import Kind as ItemKind
from regulars.sales.models import Sale, SaleLine
from regulars.sales.queries import SaleFacts


def add_sale(desk: Desk, work: SaleAtWork, order: Order, settled: dict[str, Any]) -> None:
    """Add the sale; ``settled`` are the columns that say how it was paid."""
    till, account, purchase = desk.business.till, desk.account, work.purchase
    row = {
        "id": work.sale_id,
        "business_id": desk.business.id,
        "place_id": till.place_id if till else None,
        "till_id": till.id if till else None,
        "customer_id": work.buyer_id,
        "member_id": account.facts.id if account else None,
        "number": work.number,
        "receipt": order.receipt,
        "state": str(Sale.State.OPEN),
        "channel": order.channel,
        "opened_at": desk.at,
        "charged_minor": purchase.charged_minor,
        "goods_minor": purchase.goods_minor,
        "products_minor": purchase.charged_for(ItemKind.PRODUCT),
        "tickets_minor": purchase.charged_for(ItemKind.TICKET),
        "card_presented": purchase.card_presented,
        "points_paid": purchase.points_before,
        "rules": RULES,
        "coupon": work.coupon_id,
        "operation": work.operation_id,
        "source": order.source,
    }
    desk.rows.add(Sale, **(row | settled))


def add_lines(
    work: SaleAtWork, settled_by: Quote | None, cards: Sequence[AddedCard | None]
) -> None:
    """Add the basket's lines; what points pay of them and earn stands once it is settled."""
    for i, (sold, card) in enumerate(zip(work.basket, cards, strict=True)):
        line, reward = sold.line, sold.reward
        quoted = settled_by.lines[i] if settled_by else None
        work.journal.rows.add(
            SaleLine,
            business_id=work.business.id,
            sale_id=work.sale_id,
            position=i + 1,
            kind=str(line.kind),
            item_id=sold.item_id,
            name=sold.name,
            quantity=line.quantity,
            list_minor=line.list_minor,
            charged_minor=line.charged_minor,
            points_part_minor=quoted.points_part_minor if quoted else 0,
            earned_points=quoted.earned if quoted else 0,
            own_points=line.own_points,
            connected=line.connected,
            memorandum=line.memorandum,
            booking=sold.booking_id,
            gift_card_id=card.id if card else None,
            reward_id=reward.id if reward else None,
            reward_points=reward.points if reward else 0,
        )


def add_lines_to(
    desk: Desk, work: SaleAtWork, *, after: int, settled_by: Quote | None = None
) -> None:
    """Add the lines of the basket that come ``after`` so many to a sale that is there."""
    for i, sold in enumerate(work.basket[after:], start=after):
        line = sold.line
        quoted = settled_by.lines[i] if settled_by else None
        desk.rows.add(
            SaleLine,
            business_id=desk.business.id,
            sale_id=work.sale_id,
            position=i + 1,
            kind=str(line.kind),
            item_id=sold.item_id,
            name=sold.name,
            quantity=line.quantity,
            list_minor=line.list_minor,
            charged_minor=line.charged_minor,
            points_part_minor=quoted.points_part_minor if quoted else 0,
            earned_points=quoted.earned if quoted else 0,
            own_points=line.own_points,
            connected=line.connected,
            memorandum=line.memorandum,
            booking=sold.booking_id,
        )
    desk.rows.change(
        Sale,
        work.sale_id,
        desk.business.id,
        charged_minor=work.purchase.charged_minor,
        goods_minor=work.purchase.goods_minor,
        products_minor=work.purchase.charged_for(ItemKind.PRODUCT),
        tickets_minor=work.purchase.charged_for(ItemKind.TICKET),
    )


def settle_lines(desk: Desk, sale: SaleFacts, final: Quote) -> None:
    """Note on the lines that it had what points paid of them, and what they earned."""
    for facts, quoted in zip(sale.lines, final.lines, strict=False):
        desk.rows.change(
            SaleLine,
            facts.id,
            desk.business.id,
            points_part_minor=quoted.points_part_minor,
            earned_points=quoted.earned,
        )
