"""Buying online: whoever does becomes a member by that purchase, once it is paid (C5)."""

from dataclasses import dataclass, replace
from uuid import UUID

from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.sales.checkout import asked_for, sell
from regulars.actions.sales.joining import (
    Buyer,
    Contacts,
    Known,
    add_buyer,
    joined,
    read_known,
    whose,
)
from regulars.actions.sales.orders import Order, SaleOutcome
from regulars.business.models import Business
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import WhyNot
from regulars.ledger.posting import Request, find_posted
from regulars.members.contacts import normalise_contacts

__all__ = ["Bought", "Buyer", "buy_online", "sell_to"]


@action
def buy_online(business_id: UUID, order: Order, buyer: Buyer, *, request: Request) -> SaleOutcome:
    """Sell to whoever has this phone or e-mail; somebody new joins with it, in the same breath.

    The purchase is the confirmation (C19) and earns; it is no consent to marketing. Where no
    programme takes people who buy online, it is sold to nobody known. What is not paid whole stays
    open: its customer joins with the payment that completes it.

    Raises EnrolmentRefused (nobody, bad_phone, bad_email, contact_taken, not_this_way,
    programme_closed) and what ``checkout`` raises.
    """
    digest = request.hash_of("buy_online", [order, buyer])
    bought = sell_to(business_id, order, buyer, digest, request=request)
    if bought.desk is not None:
        bought.desk.rows.write()
    return bought.outcome


@dataclass(frozen=True, slots=True)
class Bought:
    """What was sold to a buyer."""

    outcome: SaleOutcome
    desk: Desk | None
    """What is not written yet; None where the request was answered before."""
    customer_id: UUID | None = None


def sell_to(
    business_id: UUID,
    order: Order,
    buyer: Buyer,
    digest: bytes,
    *,
    request: Request,
    by_themselves: bool = False,
) -> Bought:
    """Sell to a buyer, who joins if that pays for it whole; decided and posted, not yet written.

    ``by_themselves`` where anybody may say to be the buyer: then nothing is added to a customer who
    is there already, and a customer is made where no programme takes people who buy online.

    Raises what ``buy_online`` raises.
    """
    contacts = _contacts(business_id, buyer)
    try:
        known = _known(business_id, buyer, contacts, by_themselves=by_themselves)
    except (NotFound, EnrolmentRefused):  # Perhaps they have gone since this very request was done.
        done = find_posted(business_id, request.id)
        if done is None:
            raise
        return Bought(SaleOutcome.of(done.id, done.is_answer_to(digest)), None)
    member_id = known.member_id if known else None
    asked = asked_for(order, number=True)
    desk = open_desk(business_id, member_id, request, asked)
    posted = desk.posted(digest)
    if posted is not None:
        return Bought(SaleOutcome.of(*posted), None, known.customer_id if known else None)
    if desk.account is not None:
        return Bought(sell(desk, order, digest), desk, desk.account.facts.customer_id)
    joining = joined(desk, buyer, () if known and by_themselves else contacts, known)
    if joining.account is None and not by_themselves:
        return Bought(sell(desk, order, digest), desk)
    if joining.account is not None:
        outcome = sell(joining, order, digest)
        if not outcome.to_pay_minor:
            return Bought(outcome, joining, joining.account.facts.customer_id)
        # Once more from the beginning, as somebody who joins when it is paid.
        desk = open_desk(business_id, None, request, asked)
    customer_id = known.customer_id if known else add_buyer(desk, buyer, contacts)
    outcome = sell(desk, replace(order, customer_id=customer_id), digest, joins=buyer.programme_id)
    return Bought(outcome, desk, customer_id)


def _known(
    business_id: UUID, buyer: Buyer, contacts: Contacts, *, by_themselves: bool
) -> Known | None:
    """The customer who buys, if they are there already. Raises NotFound, EnrolmentRefused."""
    if buyer.customer_id is not None:
        return read_known(business_id, buyer.customer_id)
    return whose(business_id, contacts, by_themselves=by_themselves)


def _contacts(business_id: UUID, buyer: Buyer) -> Contacts:
    """What reaches the buyer, in its usual form; nothing is asked of who has signed in.

    Raises NotFound, EnrolmentRefused (nobody, bad_phone, bad_email).
    """
    business = Business.objects.only("timezone").filter(pk=business_id).first()
    if business is None:
        raise NotFound("business")
    if buyer.customer_id is not None:
        return ()
    contacts = normalise_contacts(buyer.phone, buyer.email, business.zone)
    if not contacts:
        raise EnrolmentRefused(WhyNot.NOBODY)
    return contacts
