"""Selling: quote, check out, pay in steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked, BusinessFacts
from regulars.actions.giftcards.account import GiftCards
from regulars.actions.giftcards.kinds import kinds_on_sale
from regulars.actions.giftcards.selling import (
    activate_added,
    activate_sold,
    add_sold_cards,
    sold_in,
    told_of_cards,
)
from regulars.actions.sales import coupons
from regulars.actions.sales.at_work import SaleAtWork
from regulars.actions.sales.joining import joined_by_paying, lock_buyer
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.more_lines import more_lines
from regulars.actions.sales.orders import (
    BasketLine,
    Expect,
    Explained,
    Order,
    OrderLine,
    OrderPayment,
    SaleOutcome,
    basket_of,
    can_be_kept,
)
from regulars.actions.sales.sale_rows import add_lines, add_lines_to, add_sale, settle_lines
from regulars.actions.switched import check_sold
from regulars.business.models import Method
from regulars.domain.amounts import check_amount
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
from regulars.ledger.posting import Kind, Request
from regulars.rows import new_id
from regulars.sales.models import Sale
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
    asked = _asked_on(sale, order)
    desk = open_desk(business_id, sale.member_id, Request(new_id(), at), asked, locked=False)
    check_open(sale)
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


def sell(desk: Desk, order: Order, digest: bytes, *, joins: UUID | None = None) -> SaleOutcome:
    """One sale at an open desk: decided and posted, not yet written. Batches come here too.

    ``joins`` is the programme that its customer asks to join when it is paid.
    """
    work = start_sale(desk, order)
    cards = _cards(desk, order.payments)
    _check_expected(work, order.payments, order.expect)
    work.take_rewards()
    final, told = _pay(work, order.payments, cards)
    settled = {} if final.to_pay_minor else work.settle(final)
    explanation = work.explanation(final, told)
    if joins is not None:
        explanation["join"] = str(joins)
    added = add_sold_cards(desk, work.basket, work.operation_id, work.buyer_id)
    if settled:
        activate_added(desk, work.operation_id, work.basket, added, buyer_id=work.buyer_id)
    explanation |= told_of_cards([card.id for card in added if card], is_paid=bool(settled))
    add_sale(desk, work, order, settled)
    add_lines(work, final if settled else None, added)
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
    lines: tuple[OrderLine, ...] = ()
    """What else is sold with it: goods and tips; no rewards, no gift cards."""


@action
def pay(business_id: UUID, order: PaymentOrder, *, request: Request) -> SaleOutcome:
    """Pay on an open sale, and put more lines into it; the payment that completes it settles it.

    Raises NotFound, SaleRefused and what ``checkout`` raises of lines and payments.
    """
    digest = request.hash_of("pay", order)
    sale = take_sale(business_id, order.sale_id)
    desk, outcome = pay_on(business_id, sale, order, digest, request=request)
    desk.rows.write()
    return outcome


def pay_on(
    business_id: UUID, sale: SaleFacts, order: PaymentOrder, digest: bytes, *, request: Request
) -> tuple[Desk, SaleOutcome]:
    """Pay on a sale that is locked: decided and posted, not yet written.

    The customer of an online sale joins by the payment that completes it (C5).

    Raises what ``pay`` raises.
    """
    buyer = lock_buyer(business_id, sale)
    member_id = buyer.member_id if buyer else sale.member_id
    desk = open_desk(business_id, member_id, request, _asked_on(sale, order))
    posted = desk.posted(digest)
    if posted is not None:
        return desk, SaleOutcome.of(*posted)
    check_open(sale)
    if order.till_id is not None:
        _check_till(desk.business)
    if not order.payments:
        raise PaymentRefused(WhyNoPayment.NONE, "none was given")
    if buyer is not None and desk.account is None and _completes(desk, sale, order):
        desk = joined_by_paying(desk, sale, buyer)
    return desk, _pay_at(desk, sale, order, digest)


def _completes(desk: Desk, sale: SaleFacts, order: PaymentOrder) -> bool:
    """Whether these payments pay a sale whole."""
    paying = sum(payment.amount_minor for payment in order.payments)
    return paying >= resume_sale(desk, sale, order).quote().to_pay_minor


def _pay_at(desk: Desk, sale: SaleFacts, order: PaymentOrder, digest: bytes) -> SaleOutcome:
    cards = _cards(desk, order.payments, sold_in(sale))
    work = resume_sale(desk, sale, order)
    _check_expected(work, order.payments, order.expect)
    final, told = _pay(work, order.payments, cards)
    columns = {} if final.to_pay_minor else work.settle(final)
    if order.lines:
        add_lines_to(desk, work, after=len(sale.lines), settled_by=final if columns else None)
    if columns:
        settle_lines(desk, sale, final)
        activate_sold(desk, work.operation_id, sale, cards, buyer_id=work.buyer_id)
    if desk.account is not None and sale.member_id is None:
        facts = desk.account.facts
        columns |= {"customer_id": facts.customer_id, "member_id": facts.id}
    columns |= {
        "points_paid": work.purchase.points_before,
        "card_presented": work.purchase.card_presented,
    }
    desk.rows.change(Sale, sale.id, desk.business.id, **columns)
    explanation = work.explanation(final, told)
    explanation |= told_of_cards(sold_in(sale), is_paid=not final.to_pay_minor)
    desk.post(Kind.PAYMENT, work.operation_id, explanation, digest=digest)
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
    kind_ids = [line.gift_card_kind_id for line in order.lines if line.gift_card_kind_id]
    basket = basket_of(order, desk.business, day, kinds_on_sale(desk.business.id, kind_ids))
    sold = [line.line.kind for line in basket]
    check_sold(desk.business, desk.journal, sold, order.coupon_code)
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
        customer_id=order.customer_id,
    )


def _asked_on(sale: SaleFacts, order: PaymentOrder) -> Asked:
    return asked_for(Order(lines=order.lines, till_id=order.till_id or sale.till_id))


def resume_sale(desk: Desk, sale: SaleFacts, order: PaymentOrder) -> SaleAtWork:
    """Take up an open sale where its last payment left it, with its new lines at the end.

    Raises what ``more_lines`` raises.
    """
    takes = _takes(desk.business)
    basket = [BasketLine(facts.line, facts.name, facts.item_id) for facts in sale.lines]
    basket += more_lines(desk, order.lines, sale)
    check_amount("charged_minor", sum(sold.line.charged_minor for sold in basket))
    money = [payment for payment in sale.payments if payment.method != Method.POINTS]
    by_card = [payment for payment in money if payment.method == Method.GIFT_CARD]
    return SaleAtWork(
        journal=desk.journal,
        business=desk.business,
        account=desk.account,
        sale_id=sale.id,
        operation_id=new_id(),
        basket=basket,
        purchase=Purchase(
            lines=tuple(sold.line for sold in basket),
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
        customer_id=sale.customer_id,
    )


def check_open(sale: SaleFacts) -> None:
    """Raises SaleRefused."""
    if sale.state != Sale.State.OPEN:
        raise SaleRefused(WhyNoSale(sale.state), f"it is {sale.state} already")


def _check_till(business: BusinessFacts) -> None:
    if business.till is not None and business.till.is_archived:
        raise SaleRefused(WhyNoSale.TILL_ARCHIVED, "its till is archived")


def _takes(business: BusinessFacts) -> frozenset[str]:
    return WITHOUT_A_TILL if business.till is None else business.till.takes


def _cards(desk: Desk, payments: Sequence[OrderPayment], sold: Sequence[UUID] = ()) -> GiftCards:
    card_ids = [*(payment.gift_card_id for payment in payments), *sold]
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
