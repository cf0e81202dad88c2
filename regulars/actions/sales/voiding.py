"""Undoing sales that were never paid whole: voids, and deposits that are forfeited."""

from uuid import UUID

from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.giftcards.account import GiftCards
from regulars.actions.sales import coupons
from regulars.actions.sales.locks import take_sale
from regulars.actions.sales.online_refunds import Back, give_back_online
from regulars.actions.sales.refunding import post_returns
from regulars.business.models import Method
from regulars.domain.errors import SaleRefused
from regulars.domain.lots import lots_for, return_points, take_up_to
from regulars.domain.purchase import WhyNoSale
from regulars.ledger.posting import Kind, Request
from regulars.rows import new_id
from regulars.sales.models import Payment, Sale
from regulars.sales.queries import SaleFacts


@action
def void(business_id: UUID, sale_id: UUID, *, request: Request) -> UUID:
    """Undo an open sale: every payment's exact reversal. Gives the operation's id.

    Points return to their lots, gift card money to its card; cash and card payments are given
    back by hand. A paid sale is refunded instead.

    Raises NotFound, SaleRefused, GiftCardRefused for a blocked card, RequestIdReused,
    OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("void", [sale_id])
    return _close(business_id, sale_id, Sale.State.VOID, Kind.VOID, digest, request=request)


@action
def forfeit(business_id: UUID, sale_id: UUID, *, request: Request) -> UUID:
    """Close an open sale whose customer does not come back: the deposit is kept, nothing earned.

    What was paid otherwise goes back as in a void. Gives the operation's id.

    Raises what ``void`` raises, and SaleRefused where there is no deposit.
    """
    digest = request.hash_of("forfeit", [sale_id])
    return _close(business_id, sale_id, Sale.State.FORFEITED, Kind.FORFEIT, digest, request=request)


def _close(  # noqa: PLR0917 - one body for two ends of an open sale
    business_id: UUID,
    sale_id: UUID,
    end: Sale.State,
    kind: Kind,
    digest: bytes,
    *,
    request: Request,
) -> UUID:
    sale = take_sale(business_id, sale_id)
    desk = open_desk(business_id, sale.member_id, request, Asked(), locked=False)
    posted = desk.posted(digest)
    if posted is not None:
        return posted[0]
    operation_id = close_sale(desk, sale, end, kind, digest=digest)
    desk.rows.write()
    return operation_id


def close_sale(desk: Desk, sale: SaleFacts, end: Sale.State, kind: Kind, *, digest: bytes) -> UUID:
    """Close an open sale that is locked: decided and posted, not yet written.

    Raises what ``void`` and ``forfeit`` raise.
    """
    _check_open(sale, end)
    operation_id = new_id()
    points = _return_points(desk, operation_id, sale)
    _return_money(desk, operation_id, sale, keep_deposits=end is Sale.State.FORFEITED)
    if end is Sale.State.VOID and sale.coupon_id is not None:
        coupons.give_back(desk.business.id, desk.rows, sale.coupon_id)
    nothing = {"goods_minor": 0, "products_minor": 0, "tickets_minor": 0}
    desk.rows.change(Sale, sale.id, desk.business.id, state=str(end), **nothing)
    explanation = {"sale": str(sale.id), "points_returned": points}
    desk.post(kind, operation_id, explanation, digest=digest, reverses_id=sale.operation_id)
    return operation_id


def _check_open(sale: SaleFacts, end: Sale.State) -> None:
    if sale.state != Sale.State.OPEN:
        raise SaleRefused(
            WhyNoSale(sale.state), f"it is {sale.state}; only an open sale can be closed so"
        )
    has_deposit = any(payment.is_deposit for payment in sale.payments)
    if end is Sale.State.FORFEITED and not has_deposit:
        raise SaleRefused(WhyNoSale.NO_DEPOSIT, "it has no deposit to keep; void it instead")


def _return_points(desk: Desk, operation_id: UUID, sale: SaleFacts) -> int:
    account = desk.account
    drawn = [*sale.drawn, *sale.drawn_for_rewards]
    points = sum(taken for _, taken in drawn)
    if account is None or not points:
        return 0
    terms = account.terms_at(desk.at)
    returns = return_points(drawn, points, at=desk.at, days=terms.returned_days, zone=terms.zone)
    new_lots = lots_for(returns, new_id)
    post_returns(account, operation_id, returns, new_lots, drawn=drawn)
    back = {lot.id for lot, _ in drawn} | {lot.id for lot in new_lots}
    arrived = [lot for lot in account.standing.lots if lot.id in back]
    account.settle(operation_id, take_up_to(arrived, account.standing.owed))
    return points


def _return_money(desk: Desk, operation_id: UUID, sale: SaleFacts, *, keep_deposits: bool) -> None:
    going = [p for p in sale.payments if not (keep_deposits and p.is_deposit)]
    card_ids = [payment.gift_card_id for payment in going]
    cards = GiftCards(desk.business, card_ids, journal=desk.journal, at=desk.at)
    for payment in going:
        desk.rows.change(Payment, payment.id, desk.business.id, removed_by=operation_id)
        if payment.gift_card_id is not None:
            cards.give_back(operation_id, payment.gift_card_id, payment.amount_minor)
    online = [Back(each.id, each.amount_minor) for each in going if each.method == Method.ONLINE]
    give_back_online(desk, sale.id, online)
