"""The sale screen: one page, one form; every press sends the basket and gets the screen anew."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.domain.errors import Refusal
from regulars.reports import refusing
from regulars.reports.finding import LEAST_LETTERS, find_people
from regulars.till import joining, tools
from regulars.till.basket import BadBasketError, Basket, read_basket
from regulars.till.catalogue import find_items
from regulars.till.gift_cards import add_gift_card, pay_with_card
from regulars.till.rewards import Shelf, shelf_of
from regulars.till.scanning import scan
from regulars.till.screens import note_of, page_of, screen_of, someone
from regulars.till.selling import Seen, Selling
from regulars.till.shift import TillRequest, at_till

MOST_SCANS = 50
"""Texts that wait in the page while an answer is under way."""


@at_till
@require_GET
def sell(request: TillRequest) -> HttpResponse:
    """The till, with an empty basket; the page brings back the one that was not finished.

    Other pages lead back here with ?member= or ?sale=: who buys, or the sale to go on with.
    """
    selling = _selling(request, Basket())
    with suppress(BadBasketError):
        if "member" in request.GET:
            selling.know(_id(request.GET["member"]))
        elif "sale" in request.GET:
            selling.resume(_id(request.GET["sale"]))
    return render(request, "till/till.html", page_of(selling))


@at_till
@require_POST
def press(request: TillRequest) -> HttpResponse:
    """Do what was pressed, and show what the sale is then; 422 where something was refused."""
    selling = _selling(request, Basket())
    try:
        selling.basket = read_basket(request.POST.get("basket", ""))
        _take_over_fields(selling, request.POST)
        _do(selling, request.POST)
        screen = screen_of(selling)
    except BadBasketError:
        selling.basket, selling.outcome = Basket(), None
        selling.say(_("This basket could not be read. Please start again."), "bad")
        screen = screen_of(selling)
    status = 422 if any(notice.tone != "good" for notice in selling.notices) else 200
    if request.htmx:
        return render(request, "till/_screen.html", {"screen": screen}, status=status)
    return render(request, "till/till.html", page_of(selling, screen), status=status)


@at_till
@require_POST
def find(request: TillRequest) -> HttpResponse:
    """Whom and what may be meant by what was typed so far."""
    selling = _selling(request, Basket())
    text = request.POST.get("q", "").strip()
    people = find_people(request.shift.business, text, at=selling.at)
    items = find_items(text, selling.formats) if len(text) >= LEAST_LETTERS else ()
    found = {
        "people": [someone(each, selling.formats, note_of(each)) for each in people],
        "items": items,
        "text": text if len(text) >= LEAST_LETTERS else "",
    }
    return render(request, "till/_found.html", {"found": found})


@at_till
@require_POST
def rewards(request: TillRequest) -> HttpResponse:
    """Which rewards the member can take beside what is in the basket, and why not the others."""
    selling = _selling(request, Basket())
    shelf, said = Shelf((), ()), ""
    try:
        selling.basket = read_basket(request.POST.get("basket", ""))
        shelf = shelf_of(selling)
    except BadBasketError:
        said = _("This basket could not be read. Please start again.")
    except Refusal as refusal:
        said = refusing.say(refusal, selling.formats)
    return render(request, "till/_rewards.html", {"shelf": shelf, "said": said})


def _selling(request: TillRequest, basket: Basket) -> Selling:
    at: datetime = timezone.now()
    return Selling(request.shift, basket, at, request.shift.formats(at))


def _take_over_fields(selling: Selling, sent: QueryDict) -> None:
    """What stands in the page's fields goes into the basket before anything else happens."""
    selling.shows_why = "why" in sent
    basket = selling.basket
    for at, line in enumerate(basket.lines):
        quantity, off = sent.get(f"quantity-{at}", ""), sent.get(f"off-{at}")
        if quantity and quantity != str(line.quantity):
            _set_quantity(selling, at, quantity)
        if off is not None and off != sent.get(f"off-was-{at}", ""):
            selling.discount(at, off)
    changes = {name: sent[name] for name in ("method", "given") if name in sent}
    selling.basket = selling.basket.but(**changes)
    if "points-most" in sent:
        _set_points(selling, sent)


def _set_quantity(selling: Selling, at: int, text: str) -> None:
    try:
        selling.basket = selling.basket.changed_line(at, quantity=text)
    except BadBasketError:
        selling.say(_("“%(text)s” is no quantity. Type a whole number from 1.") % {"text": text})


def _set_points(selling: Selling, sent: QueryDict) -> None:
    """Points are taken while the offer is ticked: as many as may be, or as many as were typed."""
    typed, basket = sent.get("points", "").strip(), selling.basket
    if "take" not in sent:
        selling.basket = basket.but(points=0)
    elif not basket.points:
        selling.takes_all = True
    elif typed.isdecimal() and len(typed) <= 12:
        selling.basket = basket.but(points=int(typed))
    else:
        selling.say(_("“%(text)s” is no whole number. Type one.") % {"text": typed})


def _do(selling: Selling, sent: QueryDict) -> None:
    """What the button says: ``do`` is a verb, and after a colon what it is done to."""
    verb, _colon, what = sent.get("do", "").partition(":")
    scans = sent.get("scans", "").splitlines()[:MOST_SCANS]
    texts = [*scans, sent.get("q", "") if verb == "scan" else ""]
    try:
        for text in texts:
            scan(selling, text, was_entered=verb == "scan")
        if verb in VERBS:
            VERBS[verb](selling, what, sent)
    except Refusal as refusal:
        selling.refuse(refusal)
    except BadBasketError:
        selling.say(_("This basket does not take that. Press again, or make two sales."))


Verb = Callable[[Selling, str, QueryDict], None]


def _seen(sent: QueryDict) -> Seen:
    """Raises BadBasketError."""
    try:
        most, earned, to_pay = sent.get("seen", "").split(",")
        return Seen(int(most), int(earned), int(to_pay))
    except ValueError as problem:
        raise BadBasketError from problem


def _id(text: str) -> UUID:
    """Raises BadBasketError."""
    try:
        return UUID(text)
    except ValueError as problem:
        raise BadBasketError from problem


def _at(text: str) -> int:
    """A place in a list of the basket.

    Raises BadBasketError.
    """
    if not (text.isdecimal() and len(text) <= 4):
        raise BadBasketError
    return int(text)


def _reward(selling: Selling, what: str, _sent: QueryDict) -> None:
    reward, _colon, item = what.partition(":")
    selling.add_reward(_id(reward), _id(item))


def _free(selling: Selling, _what: str, sent: QueryDict) -> None:
    kind, name, price, quantity = (
        sent.get(f"free-{each}", "") for each in ("kind", "name", "price", "quantity")
    )
    tools.add_free(selling, kind, name, price=price, quantity=quantity)


VERBS: Mapping[str, Verb] = {
    "add": lambda s, what, _: s.add(_id(what)),
    "free": _free,
    "reward": _reward,
    "gift-card": lambda s, what, sent: add_gift_card(
        s, _id(what), sent.get(f"gift-value-{what}", "")
    ),
    "remove": lambda s, what, _: s.remove(_at(what)),
    "member": lambda s, what, _: s.know(_id(what)),
    "enrol": lambda s, what, _: joining.enrol_typed(s, what),
    "join": lambda s, what, _: joining.open_account(s, _id(what)),
    "activate": lambda s, *_: joining.activate_here(s),
    "send-code": lambda s, _, sent: joining.send_code(s, sent),
    "code": lambda s, _, sent: joining.tell_code(s, sent.get("code", "")),
    "forget": lambda s, *_: s.forget(),
    "nobody": lambda s, *_: s.sell_to_nobody(),
    "resume": lambda s, what, _: s.resume(_id(what)),
    "discount": lambda s, what, sent: tools.discount_all(s, what or sent.get("off-all", "")),
    "coupon": lambda s, _, sent: tools.use_coupon(s, sent.get("coupon-code", "")),
    "empty": lambda s, *_: tools.empty(s),
    "undo": lambda s, _, sent: tools.bring_back(s, sent.get("before", "")),
    "uncoupon": lambda s, *_: s.without_coupon(),
    "hand": lambda s, what, _: s.hand(what),
    "card": lambda s, _, sent: pay_with_card(s, sent.get("gift-card", "")),
    "split": lambda s, _, sent: s.split(sent.get("part", "")),
    "unsplit": lambda s, what, _: s.remove_part(_at(what)),
    "deposit": lambda s, _, sent: s.take_deposit(_seen(sent), sent.get("deposit", "")),
    "pay": lambda s, _, sent: s.pay(_seen(sent)),
    "recall": lambda s, *_: s.recall(),
    "next": lambda s, *_: s.restart(),
}
