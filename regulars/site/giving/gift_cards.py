"""Gift cards to choose from: taken for points (B9), or put into the basket."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.actions.giftcards.for_points import (
    CardForPoints,
    TakenGiftCard,
    take_gift_card_for_points,
)
from regulars.actions.giftcards.kinds import offered
from regulars.actions.requests import Request
from regulars.domain.amounts import MOST_POINTS
from regulars.domain.earning import why_cannot_spend
from regulars.domain.errors import Refusal
from regulars.domain.giftcards import can_take_by_points
from regulars.domain.lots import available
from regulars.giftcards.models import GiftCardKind
from regulars.notices.models import Message
from regulars.reports.forms import GET_OR_POST
from regulars.reports.held_gift_cards import count_held
from regulars.reports.membership import read_now
from regulars.site.buying import basket
from regulars.site.door import SiteRequest, at_site, need, page, to_sign_in, visitor_id
from regulars.site.giving import gift_words

TENTHS = 10
"""Stamps on the way to a card."""


@dataclass(frozen=True, slots=True)
class Purse:
    """What a visitor has to spend."""

    points: int = 0
    can_spend: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of gift card, as this visitor may have it."""

    id: UUID
    name: str
    words: str
    picture: str
    hue: int | None
    price: str
    """In points, where it is given for them; else in money."""
    is_for_points: bool
    can_take: bool
    done: int
    """Of ten stamps."""
    to_go: str
    """Why it can't be taken yet; empty where it can, or where nobody is signed in."""
    is_sold: bool
    value_minor: int | None
    """None = whoever buys it chooses."""
    buy: str
    """The verb: "Buy"."""


@at_site
@require_safe
def gift_cards(request: SiteRequest) -> HttpResponse:
    """What there is to choose from."""
    need(request, "gift_cards")
    purse = _purse(request)
    kinds = GiftCardKind.objects.filter(archived_at__isnull=True)
    offers = [_offer(request, kind, purse) for kind in kinds.order_by("pk")]
    return page(
        request,
        "site/gift_cards/choose.html",
        "gift_cards",
        offers=[offer for offer in offers if offer.is_for_points or offer.is_sold],
        **head(request, purse),
    )


def head(request: SiteRequest, purse: Purse | None = None) -> dict[str, Any]:
    """What stands above both lists of gift cards."""
    customer_id = visitor_id(request)
    is_member = request.visitor is not None and request.visitor.member_id is not None
    purse = purse or _purse(request)
    return {
        "points": request.formats.number(purse.points),
        "unit": request.formats.unit(purse.points),
        "has_points": is_member and "loyalty" in request.on,
        "count": count_held(customer_id) if customer_id else 0,
        "has_own": "customer_login" in request.on,
    }


@at_site
@require_http_methods(GET_OR_POST)
def take(request: SiteRequest, kind_id: UUID) -> HttpResponse:
    """Say what taking a card for points does; then do it (B9)."""
    need(request, "gift_cards")
    need(request, "loyalty")
    need(request, "customer_login")
    kind = _kind(kind_id)
    if not kind.by_points:
        raise Http404
    if request.visitor is None:
        return to_sign_in(request, back=request.path)
    form = TakeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        taken = _take(request, kind, form)
        if taken is not None:
            messages.success(request, _taken(request, taken))
            return redirect("site:own_gift_card", request.business.slug, taken.id)
    return _confirm(request, kind, form)


class TakeForm(gift_words.GiftForm):
    """A card for points; the price is the one that was shown."""

    points = forms.IntegerField(min_value=1, max_value=MOST_POINTS, widget=forms.HiddenInput)


def _take(request: SiteRequest, kind: GiftCardKind, form: TakeForm) -> TakenGiftCard | None:
    """None where it was refused, which the form says."""
    visitor = request.visitor
    assert visitor is not None, "asked before"
    if visitor.member_id is None:
        form.say(_("You have no %(unit)s here yet.") % {"unit": request.formats.unit_many})
        return None
    order = CardForPoints(visitor.member_id, kind.pk, form.cleaned_data["points"])
    try:
        return take_gift_card_for_points(
            request.business.pk, order, request=Request(form.id, request.at)
        )
    except Refusal as refusal:
        form.refuse(refusal, request.formats)
        return None


def _taken(request: SiteRequest, taken: TakenGiftCard) -> str:
    formats = request.formats
    said = {
        "money": formats.round_money(taken.value_minor),
        "left": formats.points(taken.available),
    }
    if taken.message == Message.State.WAITING:
        return (
            _("The gift card for %(money)s is yours. Its code is on its way to you. %(left)s left.")
            % said
        )
    return _("The gift card for %(money)s is yours. Its code is here. %(left)s left.") % said


def _confirm(request: SiteRequest, kind: GiftCardKind, form: TakeForm) -> HttpResponse:
    formats, purse = request.formats, _purse(request)
    price = kind.points_price or 0
    return page(
        request,
        "site/gift_cards/take.html",
        "gift_cards",
        status=422 if form.is_bound else 200,
        offer=_offer(request, kind, purse),
        form=form,
        request_id=form["request_id"].value(),
        price=price,
        takes=formats.points(price),
        has=formats.points(purse.points),
        left=formats.points(max(purse.points - price, 0)),
    )


@at_site
@require_http_methods(GET_OR_POST)
def buy(request: SiteRequest, kind_id: UUID) -> HttpResponse:
    """Put a gift card into the basket; where its value is chosen, ask for it first."""
    need(request, "gift_cards")
    kind = _kind(kind_id)
    if not kind.is_sold_online:
        raise Http404
    error = ""
    typed = request.POST.get("value", "")[:20]
    if request.method == "POST":
        value = kind.value_minor or _read_value(request, typed)
        if value is not None and basket.has_value(kind, value):
            held = basket.read(request)
            if not held.is_full:
                answer = redirect("site:basket", request.business.slug)
                line = basket.Line(kind_id=kind.pk, value_minor=value)
                return basket.keep(answer, request.business, held.with_line(line))
            error = _("Your basket is full. Pay for what is in it first.")
        error = error or _wrong_value(request, kind)
    return page(
        request,
        "site/gift_cards/buy.html",
        "gift_cards",
        status=422 if error else 200,
        offer=_offer(request, kind, Purse()),
        worth=gift_words.worth(kind, request.formats),
        typed=typed,
        error=error,
        sign=request.formats.sign,
    )


def _read_value(request: SiteRequest, typed: str) -> int | None:
    try:
        return request.formats.read_money(typed)
    except ValueError:
        return None


def _wrong_value(request: SiteRequest, kind: GiftCardKind) -> str:
    worth = gift_words.worth(kind, request.formats)
    if not worth:
        return _("Type an amount of money.")
    return _("Type an amount: %(worth)s.") % {"worth": worth}


def _purse(request: SiteRequest) -> Purse:
    """The visitor's points, if they can be spent."""
    visitor = request.visitor
    if visitor is None or visitor.member_id is None or "loyalty" not in request.on:
        return Purse()
    now = read_now(request.business, visitor.member_id, at=request.at)
    why = why_cannot_spend(now.terms, now.standing, request.at)
    return Purse(available(now.standing.lots, request.at), can_spend=why is None)


def _kind(kind_id: UUID) -> GiftCardKind:
    """A kind on offer. Raises Http404."""
    kind = GiftCardKind.objects.filter(pk=kind_id, archived_at__isnull=True).first()
    if kind is None:
        raise Http404
    return kind


def _offer(request: SiteRequest, kind: GiftCardKind, purse: Purse) -> Offer:
    formats = request.formats
    is_for_points = kind.by_points and "loyalty" in request.on and "customer_login" in request.on
    price = kind.points_price or 0
    can_take = purse.can_spend and can_take_by_points(offered(kind), purse.points)
    is_known = request.visitor is not None
    words = [kind.description, gift_words.lasting(kind.validity_days, formats)]
    asked = kind.price_minor if kind.price_minor is not None else kind.value_minor
    money = formats.round_money(asked) if asked is not None else gift_words.worth(kind, formats)
    is_usual = kind.price_minor in {None, kind.value_minor}
    return Offer(
        id=kind.pk,
        name=kind.name,
        words=" ".join(_sentence(text) for text in words if text),
        picture=kind.picture,
        hue=kind.hue,
        price=formats.points(price) if is_for_points else money,
        is_for_points=is_for_points,
        can_take=is_for_points and (can_take or not is_known),
        done=min(purse.points * TENTHS // price, TENTHS) if price else 0,
        to_go=_to_go(request, purse, price) if is_known and not can_take else "",
        is_sold=kind.is_sold_online and "payments" in request.on,
        value_minor=kind.value_minor,
        buy=_("Buy") if is_usual else _("Buy for %(price)s") % {"price": money},
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _to_go(request: SiteRequest, purse: Purse, price: int) -> str:
    """Why a card can't be taken yet: "120 points to go"."""
    if not purse.can_spend:
        said = {"unit": request.formats.unit_many}
        return _("Your %(unit)s cannot be used now. Ask at the desk.") % said
    missing = {"points": request.formats.points(max(price - purse.points, 0))}
    return _("%(points)s to go") % missing
