"""Selling: quote, check out, pay in steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked, BusinessFacts
from regulars.actions.giftcards.account import GiftCards
from regulars.actions.sales import coupons
from regulars.actions.sales.at_work import SaleAtWork
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.orders import (
    BasketLine,
    Expect,
    Explained,
    Order,
    OrderPayment,
    SaleOutcome,
    basket_of,
    can_be_kept,
)
from regulars.business.models import Method
from regulars.domain.days import day_of
from regulars.domain.errors import (
    MemberCannotSpend,
    NotEnoughPoints,
    PaymentRefused,
    PointsAboveLimit,
    PointsAreNoPayment,
    SaleRefused,
)
from regulars.domain.purchase import Purchase, WhyNoPayment, WhyNoSale
from regulars.domain.quote import Quote
from regulars.domain.terms import RULES
from regulars.domain.terms import Kind as ItemKind
from regulars.ledger.posting import Kind, Request
from regulars.rows import new_id
from regulars.sales.models import Sale, SaleLine
from regulars.sales.queries import SaleFacts, read_sale

WITHOUT_A_TILL = frozenset({"cash", "card", "gift_card", "online", "transfer", "points"})
"""What can pay where no till is named: online, in imports, through the API."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with the basket and the account it was made for; nothing is written."""

    quote: Quote
    lines: Explained
    basket: Sequence[BasketLine]
    account: MemberAccount | None
    at: datetime

    @property
    def pending(self) -> int:
        """Points that are still to come."""
        lots = self.account.standing.lots if self.account else ()
        return sum(lot.points_left for lot in lots if lot.is_pending(self.at))

    @property
    def owed(self) -> int:
        return self.account.standing.owed if self.account else 0

    @classmethod
    def of(cls, desk: Desk, work: SaleAtWork, points: int) -> "Quoted":
        """Raises what a quote of points raises."""
        quoted = work.quote(points)
        return cls(quoted, work.explained(quoted), work.basket, desk.account, desk.at)


def quote_sale(business_id: UUID, order: Order, *, at: datetime) -> Quoted:
    """Say what a purchase is worth now, with the points of its payments; writes nothing.

    Raises what ``checkout`` raises, but for payments in money.
    """
    desk = open_desk(
        business_id, order.member_id, Request(new_id(), at), asked_for(order), locked=False
    )
    work = start_sale(desk, order)
    work.check_rewards()
    return Quoted.of(desk, work, _points_in(order.payments))


def quote_payment(business_id: UUID, order: "PaymentOrder", *, at: datetime) -> Quoted:
    """Say what an open sale is worth now, with the points of more payments; writes nothing.

    Raises what ``pay`` raises, but for payments in money.
    """
    sale = read_sale(business_id, order.sale_id)
    asked = Asked(till_id=order.till_id or sale.till_id)
    desk = open_desk(business_id, sale.member_id, Request(new_id(), at), asked, locked=False)
    _check_open(sale)
    return Quoted.of(desk, resume_sale(desk, sale, order), _points_in(order.payments))


@action
def checkout(business_id: UUID, order: Order, *, request: Request) -> SaleOutcome:
    """Sell: price, quote again under the lock, take the payments, settle if it is paid.

    Safe to send twice: the same request gets the first answer. A sale that is not paid whole
    stays open and is paid on with ``pay``.

    Raises NotFound, LineRefused, BadAmount, CouponRefused, QuoteChanged, RewardRefused,
    PaymentRefused, PointsAreNoPayment, MemberCannotSpend, NotEnoughPoints, PointsAboveLimit,
    GiftCardRefused, RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("checkout", order)
    desk = open_desk(business_id, order.member_id, request, asked_for(order, number=True))
    posted = desk.posted(digest)
    if posted is not None:
        return SaleOutcome.of(*posted)
    outcome = sell(desk, order, digest)
    desk.rows.write()
    return outcome


def sell(desk: Desk, order: Order, digest: bytes) -> SaleOutcome:
    """One sale at an open desk: decided and posted, not yet written. Batches come here too."""
    work = start_sale(desk, order)
    cards = _cards(desk, order.payments)
    _check_expected(work, order.payments, order.expect)
    work.take_rewards()
    final, told = _pay(work, order.payments, cards)
    settled = {} if final.to_pay_minor else work.settle(final)
    explanation = work.explanation(final, told)
    _add_sale(desk, work, order, settled)
    _add_lines(work, final if settled else None)
    desk.post(Kind.SALE, work.operation_id, explanation, digest=digest)
    return SaleOutcome.of(work.operation_id, explanation)


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """More payments for a sale that is open."""

    sale_id: UUID
    payments: tuple[OrderPayment, ...]
    expect: Expect | None = None
    till_id: UUID | None = None
    """Where it is paid; None = where the sale was opened."""
    card_presented: bool = False
    """Whether the member was known by their card; once is enough for a sale."""


@action
def pay(business_id: UUID, order: PaymentOrder, *, request: Request) -> SaleOutcome:
    """Pay on an open sale; the payment that completes it settles it.

    Raises NotFound, SaleRefused and what ``checkout`` raises of payments.
    """
    digest = request.hash_of("pay", order)
    sale = take_sale(business_id, order.sale_id)
    till_id = order.till_id or sale.till_id
    desk = open_desk(business_id, sale.member_id, request, Asked(till_id=till_id))
    posted = desk.posted(digest)
    if posted is not None:
        return SaleOutcome.of(*posted)
    _check_open(sale)
    if order.till_id is not None:
        _check_till(desk.business)
    if not order.payments:
        raise PaymentRefused(WhyNoPayment.NONE, "none was given")
    cards = _cards(desk, order.payments)
    work = resume_sale(desk, sale, order)
    _check_expected(work, order.payments, order.expect)
    final, told = _pay(work, order.payments, cards)
    columns = {} if final.to_pay_minor else work.settle(final)
    if columns:
        _settle_lines(desk, sale, final)
    columns |= {
        "points_paid": work.purchase.points_before,
        "card_presented": work.purchase.card_presented,
    }
    desk.rows.change(Sale, sale.id, business_id, **columns)
    explanation = work.explanation(final, told)
    desk.post(Kind.PAYMENT, work.operation_id, explanation, digest=digest)
    desk.rows.write()
    return SaleOutcome.of(work.operation_id, explanation)


def asked_for(order: Order, *, number: bool = False) -> Asked:
    """What has to be read to price an order."""
    return Asked(
        item_ids=[line.item_id for line in order.lines if line.item_id],
        skus=[line.sku for line in order.lines if line.sku and can_be_kept(line.sku)],
        reward_ids=[line.reward_id for line in order.lines if line.reward_id],
        booking_ids=[line.booking_id for line in order.lines if line.booking_id],
        till_id=order.till_id,
        number=number,
    )


def start_sale(desk: Desk, order: Order) -> SaleAtWork:
    """Price an order: catalogue, discounts, coupon.

    Raises SaleRefused at an archived till, and what ``basket_of`` and a coupon raise.
    """
    _check_till(desk.business)
    day = day_of(desk.at, desk.business.zone)
    basket = basket_of(order, desk.business, day)
    coupon_id = None
    if order.coupon_code:
        basket, coupon_id = coupons.apply(
            desk.business.id, desk.rows, order.coupon_code, basket, at=desk.at
        )
    takes = _takes(desk.business)
    return SaleAtWork(
        journal=desk.journal,
        business=desk.business,
        account=desk.account,
        sale_id=new_id(),
        operation_id=new_id(),
        basket=basket,
        purchase=Purchase(
            lines=tuple(line.line for line in basket),
            takes_points=Method.POINTS in takes,
            card_presented=order.card_presented,
        ),
        at=desk.at,
        takes=takes,
        number=desk.business.number,
        coupon_id=coupon_id,
    )


def resume_sale(desk: Desk, sale: SaleFacts, order: PaymentOrder) -> SaleAtWork:
    """Take up an open sale where its last payment left it."""
    takes = _takes(desk.business)
    money = [payment for payment in sale.payments if payment.method != Method.POINTS]
    by_card = [payment for payment in money if payment.method == Method.GIFT_CARD]
    return SaleAtWork(
        journal=desk.journal,
        business=desk.business,
        account=desk.account,
        sale_id=sale.id,
        operation_id=new_id(),
        basket=[BasketLine(facts.line, facts.name, facts.item_id) for facts in sale.lines],
        purchase=Purchase(
            lines=tuple(facts.line for facts in sale.lines),
            points_before=sum(payment.points for payment in sale.payments),
            rewards_taken=True,
            paid_minor=sum(payment.amount_minor for payment in money),
            gift_cards_minor=sum(payment.amount_minor for payment in by_card),
            takes_points=Method.POINTS in takes,
            card_presented=sale.card_presented or order.card_presented,
        ),
        at=desk.at,
        takes=takes,
        number=sale.number,
        payments=len(sale.payments),
    )


def _check_open(sale: SaleFacts) -> None:
    if sale.state != Sale.State.OPEN:
        raise SaleRefused(WhyNoSale(sale.state), f"it is {sale.state} already")


def _check_till(business: BusinessFacts) -> None:
    if business.till is not None and business.till.is_archived:
        raise SaleRefused(WhyNoSale.TILL_ARCHIVED, "its till is archived")


def _takes(business: BusinessFacts) -> frozenset[str]:
    return WITHOUT_A_TILL if business.till is None else business.till.takes


def _cards(desk: Desk, payments: Sequence[OrderPayment]) -> GiftCards:
    card_ids = [payment.gift_card_id for payment in payments]
    return GiftCards(desk.business, card_ids, journal=desk.journal, at=desk.at)


def _points_in(payments: Sequence[OrderPayment]) -> int:
    return sum(payment.points for payment in payments if payment.method == Method.POINTS)


def _check_expected(
    work: SaleAtWork, payments: Sequence[OrderPayment], expect: Expect | None
) -> None:
    if expect is None:
        return
    try:
        now = work.quote(_points_in(payments))
    except (NotEnoughPoints, PointsAboveLimit, PointsAreNoPayment, MemberCannotSpend):
        now = work.quote()  # What no longer holds is answered with the new quote.
    expect.check(now)


def _pay(
    work: SaleAtWork, payments: Sequence[OrderPayment], cards: GiftCards
) -> tuple[Quote, Explained]:
    """Take the payments; gives the quote they end with, and its explanation."""
    work.take(payments, cards)
    final = work.quote()
    return final, work.explained(final)


def _add_sale(desk: Desk, work: SaleAtWork, order: Order, settled: dict[str, Any]) -> None:
    till, account, purchase = desk.business.till, desk.account, work.purchase
    row = {
        "id": work.sale_id,
        "business_id": desk.business.id,
        "place_id": till.place_id if till else None,
        "till_id": till.id if till else None,
        "customer_id": account.facts.customer_id if account else None,
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


def _add_lines(work: SaleAtWork, settled_by: Quote | None) -> None:
    """Add the basket's lines; what points pay of them and earn stands once it is settled."""
    for i, (line, reward, sold) in enumerate(
        (basket_line.line, basket_line.reward, basket_line) for basket_line in work.basket
    ):
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
            reward_id=reward.id if reward else None,
            reward_points=reward.points if reward else 0,
        )


def _settle_lines(desk: Desk, sale: SaleFacts, final: Quote) -> None:
    for facts, quoted in zip(sale.lines, final.lines, strict=True):
        desk.rows.change(
            SaleLine,
            facts.id,
            desk.business.id,
            points_part_minor=quoted.points_part_minor,
            earned_points=quoted.earned,
        )
