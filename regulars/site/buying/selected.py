"""What is about to be booked and bought, looked up and priced anew at each step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from regulars.actions.giftcards.cards import left_on
from regulars.actions.members.rewards import Offered, rewards_for
from regulars.actions.requests import Request
from regulars.actions.sales.checkout import Quoted, quote_sale
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.actions.visits.calendar import FreeTime, free_times
from regulars.actions.visits.making import booking_id_of
from regulars.bookings.models import Booking
from regulars.bookings.queries import read_rules, read_session
from regulars.business.models import Method
from regulars.catalogue.models import Item
from regulars.domain.days import day_of
from regulars.domain.errors import GiftCardRefused
from regulars.domain.rewards import Where
from regulars.giftcards.models import GiftCard
from regulars.site.booking.booking import bookable, choosing, provider_of, sessions_page, times_page
from regulars.site.booking.choosing import BadChoiceError, Choice, read_choice, read_id
from regulars.site.buying import basket as baskets
from regulars.site.buying import draft as drafts
from regulars.site.buying.draft import Draft
from regulars.site.door import SiteRequest

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Booked:
    """The booking that is about to be made."""

    item: Item
    starts_at: datetime
    ends_at: datetime
    whom: str
    """ "" = nobody is named."""
    place: str = ""
    free: int = 1
    """Seats that are left."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A booking, a basket, or both; and who wants them."""

    request: SiteRequest
    choice: Choice
    booked: Booked | None
    filled: baskets.Filled
    draft: Draft

    @property
    def member_id(self) -> UUID | None:
        return self.request.visitor.member_id if self.request.visitor else None

    @property
    def customer_id(self) -> UUID | None:
        return self.request.visitor.customer_id if self.request.visitor else None

    @property
    def is_somebody(self) -> bool:
        """Whether it is known who books."""
        return self.request.visitor is not None or self.draft.is_somebody

    @property
    def price_minor(self) -> int:
        """Of the booking."""
        return self.booked.item.price_minor * self.choice.seats if self.booked else 0

    @property
    def sum_minor(self) -> int:
        """Of everything."""
        return self.price_minor + self.filled.sum_minor

    @property
    def buys(self) -> bool:
        """Whether something is bought now, rather than only booked."""
        return self.draft.how == "now" or not self.choice.is_made

    def url(self, step: str) -> str:
        """The address of a step of this booking."""
        return f"{reverse(f'site:{step}', args=[self.request.business.slug])}{self.choice.query()}"

    def with_draft(self, draft: Draft) -> "Selected":
        return replace(self, draft=draft)

    def order(self, *, booking_id: UUID | None = None) -> Order:
        """What is bought now; the payments are added when its price is known."""
        lines = [good.order_line() for good in self.filled.goods]
        if self.booked is not None and self.draft.how == "now":
            booked = OrderLine(
                item_id=self.booked.item.pk, quantity=self.choice.seats, booking_id=booking_id
            )
            lines.insert(0, booked)
        points = self.draft.points if self.member_id else 0
        return Order(
            lines=tuple(lines),
            payments=(OrderPayment(Method.POINTS, points=points),) if points else (),
            member_id=self.member_id,
            channel="online",
            coupon_code=self.draft.coupon,
        )

    def reward(self) -> Offered | None:
        """The reward that the visitor can take the booking as (S9)."""
        if self.booked is None or self.member_id is None or self.choice.seats != 1:
            return None
        if "loyalty" not in self.request.on:
            return None
        offered = rewards_for(
            self.request.business.pk, self.member_id, Where.BOOKING, at=self.request.at
        )
        mine = (each for each in offered if each.item_id == self.booked.item.pk)
        return next((each for each in mine if each.why_not is None), None)


@dataclass(frozen=True, slots=True)
class Priced:
    """A purchase with what it costs now and how it will be paid."""

    order: Order
    """With its payments by points and gift cards."""
    quoted: Quoted
    cards: tuple[tuple[GiftCard, int], ...]
    """Gift cards, and what each of them pays."""

    @property
    def rest_minor(self) -> int:
        """What remains for the payment provider."""
        return self.quoted.quote.to_pay_minor - sum(pays for _card, pays in self.cards)


def priced(selected: Selected, *, booking_id: UUID | None = None) -> Priced:
    """Price what is bought, with points and gift cards taken as far as they go.

    Raises what ``quote_sale`` raises.
    """
    business, at = selected.request.business, selected.request.at
    order = selected.order(booking_id=booking_id)
    quoted = quote_sale(business.pk, order, at=at)
    left = quoted.quote.gift_cards_can_pay_minor
    pays: list[tuple[GiftCard, int]] = []
    for card in cards_of(selected.draft):
        taken = min(left, left_to_pay_with(card, at))
        if taken:
            pays.append((card, taken))
            left -= taken
    by_card = (
        OrderPayment(Method.GIFT_CARD, amount_minor=taken, gift_card_id=card.pk)
        for card, taken in pays
    )
    return Priced(replace(order, payments=(*order.payments, *by_card)), quoted, tuple(pays))


def cards_of(draft: Draft) -> list[GiftCard]:
    """The gift cards whose codes the visitor has told, in that order."""
    if not draft.cards:
        return []
    ids = [each.id for each in draft.cards]
    found = GiftCard.objects.in_bulk(ids)
    return [found[card_id] for card_id in ids if card_id in found]


def left_to_pay_with(card: GiftCard, at: datetime) -> int:
    """What a gift card can pay now; 0 where it pays nothing."""
    try:
        return left_on(card, at=at)
    except GiftCardRefused:
        return 0


def ordering(
    view: Callable[Concatenate[SiteRequest, Selected, P], HttpResponse],
) -> Callable[Concatenate[SiteRequest, P], HttpResponse]:
    """Look up what the address and the cookies name, before a step of ordering.

    Whose time or seat has gone meanwhile is shown what is still free, as 422; who has chosen
    nothing is sent to their empty basket.
    """

    @choosing
    @wraps(view)
    def run(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        choice = read_choice(request.GET.dict())
        booked = None
        if choice.item_id is not None:
            found = look_up(request, choice, choice.item_id)
            if isinstance(found, HttpResponse):
                return found
            booked = found
        filled = baskets.fill(baskets.read(request), gift_cards="gift_cards" in request.on)
        if booked is None and not filled.goods:
            return redirect("site:basket", request.business.slug)
        selected = Selected(request, choice, booked, filled, drafts.read(request))
        return view(request, selected, *args, **kwargs)

    return run


def look_up(request: SiteRequest, choice: Choice, item_id: UUID) -> Booked | HttpResponse:
    """The booking that a choice names; or what is still free where that has gone meanwhile."""
    item = bookable(item_id)
    made = made_before(request, item)
    if made is not None:
        whom = made.provider.name if made.provider and choice.provider_id else ""
        place = made.place.name if made.place else ""
        return Booked(item, made.starts_at, made.ends_at, whom, place, free=choice.seats)
    if choice.session_id is not None:
        return _session(request, choice, item)
    if item.kind != Item.Kind.SERVICE or choice.starts_at is None or choice.seats != 1:
        raise BadChoiceError
    free = free_at(request, item, choice)
    if free is None:
        return gone(request, choice, item)
    whom = free.provider_name if choice.provider_id else ""
    return Booked(item, free.starts_at, free.ends_at, whom)


def made_before(request: SiteRequest, item: Item) -> Booking | None:
    """What this request has booked already: then nobody else has taken its time or its seats."""
    text = request.POST.get("request_id", "")
    if not text:
        return None
    booking_id = booking_id_of(request.business.pk, Request(read_id(text), request.at))
    made = Booking.objects.select_related("provider", "place").filter(pk=booking_id, item=item)
    return made.first()


def free_at(request: SiteRequest, item: Item, choice: Choice) -> FreeTime | None:
    """The free time that was chosen, if it still is."""
    assert choice.starts_at is not None, "a service has a time"
    day = day_of(choice.starts_at, request.business.zone)
    found = free_times(
        request.business.pk, item.pk, day, provider_id=choice.provider_id, at=request.at
    )
    return next((each for each in found if each.starts_at == choice.starts_at), None)


def _session(request: SiteRequest, choice: Choice, item: Item) -> Booked | HttpResponse:
    assert choice.session_id is not None, "a class has a session"
    session = read_session(request.business.pk, choice.session_id)
    if session is None or session.item_id != item.pk:
        raise BadChoiceError
    _zone, rules = read_rules(request.business.pk)
    too_late = session.starts_at < rules.first_start(request.at)
    if too_late or not session.is_offered or session.free < choice.seats:
        return gone(request, choice, item)
    return Booked(
        item,
        session.starts_at,
        session.ends_at,
        session.provider_name,
        session.place_name,
        session.free,
    )


def gone(request: SiteRequest, choice: Choice, item: Item) -> HttpResponse:
    """Somebody was quicker: what is still free, as 422."""
    if choice.starts_at is not None:
        day = day_of(choice.starts_at, request.business.zone)
        return times_page(request, item, provider_of(request, item), day, taken=True)
    return sessions_page(request, item, full=True)
