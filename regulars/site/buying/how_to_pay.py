"""How it is paid: at the place, now, or as a reward. One page; codes are told here, by POST."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.actions.giftcards.guessing import (
    check_may_try_coupons,
    count_wrong_coupon,
    look_up_by_stranger,
)
from regulars.actions.sales.online import is_offered
from regulars.actions.staff.throttling import address_of
from regulars.business.formats import Formats
from regulars.domain.errors import CouponRefused, NotFound, Refusal, TooManyGuesses
from regulars.reports.forms import GET_OR_POST
from regulars.site.buying import draft as drafts
from regulars.site.buying.draft import MOST_CARDS, Card, Draft
from regulars.site.buying.selected import Priced, Selected, ordering, priced
from regulars.site.buying.summing_up import Sum, bill, facts_of_choice
from regulars.site.door import SiteRequest, at_site, page
from regulars.site.saying import say

MOST_CODE = 64
"""Characters of a code, as it was typed."""

TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay."""

    value: str
    title: str
    note: str
    icon: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Now:
    """What is paid now, as it stands with the codes told so far."""

    sums: list[Sum]
    rest: str
    """What remains; empty where nothing does."""
    coupon: str
    cards: tuple[Card, ...]
    points_title: str
    """ "Take 7 bonuses"; empty where no points can be taken."""
    points_note: str
    takes_points: bool
    most_points: int


@dataclass(slots=True)
class Trouble:
    """What was wrong with what was sent, and beside which field that is said."""

    text: str = ""
    field: str = ""
    status: int = 422
    wait_seconds: int = 0

    def stop(self, refusal: TooManyGuesses, formats: Formats) -> None:
        """Say that somebody guessed too often, and how long they wait."""
        self.text, self.status = say(refusal, formats), TOO_MANY
        self.wait_seconds = refusal.retry_after_seconds


@at_site
@require_http_methods(GET_OR_POST)
@ordering
def how_to_pay(request: SiteRequest, selected: Selected) -> HttpResponse:
    """Choose how to pay; where there is one way only, go on at once."""
    if not selected.is_somebody:
        return redirect(selected.url("your_details"))
    if request.method == "POST":
        return _told(request, selected)
    ways = ways_of(selected)
    if not asks_how(selected, ways):
        answer = redirect(selected.url("confirm"))
        return drafts.keep(answer, request.business, selected.draft.but(how=ways[0].value))
    return _ask(request, selected, ways)


def asks_how(selected: Selected, ways: list[Way] | None = None) -> bool:
    """Whether there is anything to choose: between ways, or which codes pay now."""
    ways = ways_of(selected) if ways is None else ways
    return len(ways) != 1 or ways[0].value == "now"


def _told(request: SiteRequest, selected: Selected) -> HttpResponse:
    """One button of the page: a code more, a code less, or on with it."""
    asked, trouble = request.POST, Trouble()
    ways = ways_of(selected)
    how = asked.get("how") or ("now" if not selected.choice.is_made else selected.draft.how)
    if how not in {way.value for way in ways}:
        trouble.text = _("Choose how you would like to pay.")
        return _ask(request, selected, ways, trouble)
    draft = selected.draft.but(how=how)
    do = asked.get("do", "go")
    if how == "now":
        draft = _with_codes(request, selected.with_draft(draft), do, trouble)
    if trouble.text:
        again = selected.with_draft(draft)
        return _ask(request, again, ways_of(again), trouble)  # With what was chosen still chosen.
    step = "confirm" if do == "go" else "how_to_pay"
    return drafts.keep(redirect(selected.url(step)), request.business, draft)


def _with_codes(request: SiteRequest, selected: Selected, do: str, trouble: Trouble) -> Draft:
    draft, asked = selected.draft, request.POST
    coupon, code = asked.get("coupon", "").strip(), asked.get("gift_card", "").strip()
    if do == "forget_coupon":
        draft = draft.but(coupon="")
    elif do.startswith("forget_card:"):
        gone = do.partition(":")[2]
        draft = draft.but(cards=tuple(each for each in draft.cards if str(each.id) != gone))
    elif coupon and "coupons" in request.on:
        draft = _with_coupon(selected, coupon, trouble)
    if code and not trouble.text and not do.startswith("forget"):
        draft = _with_card(request, draft, code, trouble)
    if trouble.text:
        return draft
    return _with_points(selected.with_draft(draft), do, trouble)


def _with_coupon(selected: Selected, code: str, trouble: Trouble) -> Draft:
    """Raises nothing: a coupon that does not apply is said beside its field, as is guessing."""
    request = selected.request
    if len(code) > MOST_CODE:
        trouble.text, trouble.field = _("This is too long. Shorten it."), "coupon"
        return selected.draft
    draft = selected.draft.but(coupon=code)
    asking = (request.business.pk, _address(request), request.at)
    try:
        check_may_try_coupons(*asking)
        try:
            priced(selected.with_draft(draft.but(points=0)))
        except NotFound:
            count_wrong_coupon(*asking)
            raise
    except TooManyGuesses as refusal:
        trouble.stop(refusal, request.formats)
    except (CouponRefused, NotFound) as refusal:
        trouble.text = say(refusal, request.formats)
    else:
        return draft
    trouble.field = "coupon"
    return selected.draft


def _address(request: SiteRequest) -> str:
    """Where a visitor comes from, as it is counted."""
    return address_of(request.META, behind_proxy=settings.ENCRYPTED)


def _with_card(request: SiteRequest, draft: Draft, code: str, trouble: Trouble) -> Draft:
    """Whoever tries codes is slowed down; a card that is none is said beside its field."""
    trouble.field = "gift_card"
    if len(draft.cards) >= MOST_CARDS:
        trouble.text = _("That is enough gift cards for one purchase.")
        return draft
    typed = code[:MOST_CODE]
    try:
        told = look_up_by_stranger(request.business.pk, typed, _address(request), request.at)
    except TooManyGuesses as refusal:
        trouble.stop(refusal, request.formats)
        return draft
    except NotFound:
        trouble.text = _("There is no gift card with this code. Look at it again.")
        return draft
    if not told.is_usable(request.at):
        trouble.text = _("Nothing can be paid with this gift card any more.")
        return draft
    held = (each for each in draft.cards if each.id != told.card.pk)
    return draft.but(cards=(*held, Card(id=told.card.pk, last_four=told.card.last_four)))


def _with_points(selected: Selected, do: str, trouble: Trouble) -> Draft:
    """Points are taken as far as they go, or not at all."""
    draft = selected.draft.but(points=0)
    try:
        now = priced(selected.with_draft(draft))
        if "points" in selected.request.POST and now.quoted.quote.most_points:
            draft = draft.but(points=now.quoted.quote.most_points)
            now = priced(selected.with_draft(draft))
    except Refusal as refusal:
        trouble.text = say(refusal, selected.request.formats)
        return draft
    if do == "go" and now.rest_minor and not can_pay_online(selected.request):
        rest = selected.request.formats.money(now.rest_minor)
        trouble.text = _not_enough(selected) % {"rest": rest}
    return draft


def _not_enough(selected: Selected) -> str:
    if selected.choice.is_made:
        return _("%(rest)s are still to pay. Add another gift card, or pay at the place.")
    return _("%(rest)s are still to pay. Add another gift card.")


def can_pay_online(request: SiteRequest) -> bool:
    """Whether money can be taken here at all."""
    return is_offered(request.on)


def ways_of(selected: Selected) -> list[Way]:
    """The ways that there are for this booking and this basket, the one chosen before checked."""
    request, formats = selected.request, selected.request.formats
    ways = []
    has_goods = bool(selected.filled.goods)
    can_buy = can_pay_online(request) or "gift_cards" in request.on
    if selected.choice.is_made:
        note = _("%(sum)s, when you come") % {"sum": formats.money(selected.price_minor)}
        if not selected.price_minor:
            note = _("It costs nothing.")
        ways.append(Way("place", _("Pay at the place"), note, "store"))
    if can_buy and (has_goods or selected.price_minor):
        said = {"sum": formats.money(selected.sum_minor)}
        note = _("%(sum)s, with the basket") if has_goods else "%(sum)s"
        ways.append(Way("now", _("Pay now"), note % said, "credit-card"))
    reward = selected.reward()
    if reward is not None:
        title = _("Take as a reward: %(points)s") % {"points": formats.points(reward.points)}
        note = _("It costs nothing then, and earns nothing.")
        ways.append(Way("reward", title, note, "star"))
    chosen = selected.draft.how or (ways[0].value if ways else "")
    return [
        Way(way.value, way.title, way.note, way.icon, checked=way.value == chosen) for way in ways
    ]


def _ask(
    request: SiteRequest, selected: Selected, ways: list[Way], trouble: Trouble | None = None
) -> HttpResponse:
    trouble = trouble or Trouble(status=200)
    has_now = any(way.value == "now" for way in ways)
    now = _now(selected, trouble) if has_now else None
    context: dict[str, Any] = {
        "facts": facts_of_choice(selected),
        "ways": ways,
        "now": now,
        "only_now": len(ways) == 1 and has_now,
        "trouble": trouble,
        "error": {trouble.field: trouble.text} if trouble.field else {},
        "typed_coupon": request.POST.get("coupon", "")[:MOST_CODE],
        "has_coupons": "coupons" in request.on,
        "has_gift_cards": "gift_cards" in request.on,
        "pays_online": can_pay_online(request),
        "back_url": selected.url("your_details"),
        "stays": bool(selected.filled.goods) and selected.choice.is_made,
    }
    answer = page(request, "site/booking/how_to_pay.html", "home", status=trouble.status, **context)
    if trouble.wait_seconds:
        answer["Retry-After"] = str(trouble.wait_seconds)
    return answer


def _now(selected: Selected, trouble: Trouble) -> Now:
    """What paying now comes to; codes that no longer hold are forgotten, and said."""
    draft = selected.draft.but(how="now")
    try:
        found = priced(selected.with_draft(draft))
    except Refusal as refusal:
        trouble.text = trouble.text or say(refusal, selected.request.formats)
        draft = draft.but(coupon="", points=0)
        found = priced(selected.with_draft(draft))
    return _shown(selected.with_draft(draft), found)


def _shown(selected: Selected, found: Priced) -> Now:
    formats, draft, quote = selected.request.formats, selected.draft, found.quoted.quote
    most = quote.most_points
    title = _("Take %(points)s") % {"points": formats.points(most)} if most else ""
    return Now(
        sums=bill(selected, found),
        rest=formats.money(found.rest_minor) if found.rest_minor else "",
        coupon=draft.coupon,
        cards=draft.cards,
        points_title=title,
        points_note=_("They pay as much of it as they may."),
        takes_points=draft.points > 0,
        most_points=most,
    )
