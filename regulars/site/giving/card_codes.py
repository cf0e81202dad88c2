"""Gift cards by their code: what is on one, and one more among one's own (B11).

A code is told by POST alone and stands in no address; whoever tries codes is stopped for a while.
"""

from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from regulars.actions.giftcards.guessing import ToldCard, look_up_by_stranger
from regulars.actions.giftcards.sending_cards import keep_gift_card
from regulars.actions.staff.throttling import address_of
from regulars.domain.errors import GiftCardRefused, NotFound, TooManyGuesses
from regulars.reports import refusing
from regulars.reports.forms import GET_OR_POST
from regulars.site.door import SiteRequest, at_site, need, page, signed_in
from regulars.site.giving import gift_words
from regulars.site.giving.own_gift_cards import whose

MOST_TYPED = 64


@dataclass(frozen=True, slots=True)
class Shown:
    """What is on a card, for whoever holds its code."""

    name: str
    picture: str
    hue: int | None
    left: str
    until: str
    is_usable: bool


@at_site
@require_http_methods(GET_OR_POST)
def check_gift_card(request: SiteRequest) -> HttpResponse:
    """Type a code, see what is on the card."""
    need(request, "gift_cards")
    told = Told(request)
    card = told.card
    return told.page("check", shown=_shown(card, request) if card else None)


@signed_in
@require_http_methods(GET_OR_POST)
def add_gift_card(request: SiteRequest) -> HttpResponse:
    """Put a card among one's own by its code: one that is nobody's, or was given away."""
    need(request, "gift_cards")
    told = Told(request)
    if told.card is not None:
        try:
            keep_gift_card(request.business.pk, told.card.card.pk, customer_id=whose(request))
        except GiftCardRefused as refusal:
            told.error = gift_words.refused(refusal, request.formats)
        else:
            messages.success(request, _("The gift card is among yours now."))
            return redirect("site:own_gift_card", request.business.slug, told.card.card.pk)
    return told.page("add")


class Told:
    """A code that was typed, if one was: the card, or why there is none."""

    def __init__(self, request: SiteRequest) -> None:
        self.request = request
        self.card: ToldCard | None = None
        self.error = ""
        self.wait_seconds = 0
        if request.method == "POST":
            self.typed = request.POST.get("code", "").strip()[:MOST_TYPED]
            self._look_up()

    def _look_up(self) -> None:
        if not self.typed:
            self.error = _("Type the code of the gift card.")
            return
        request = self.request
        address = address_of(request.META, behind_proxy=settings.ENCRYPTED)
        try:
            self.card = look_up_by_stranger(request.business.pk, self.typed, address, request.at)
        except NotFound as nothing:
            self.error = refusing.say(nothing, request.formats)
        except TooManyGuesses as stop:
            self.wait_seconds = stop.retry_after_seconds
            minutes = ceil(self.wait_seconds / 60)
            said = ngettext(
                "Too many wrong codes. Try again in %(minutes)s minute.",
                "Too many wrong codes. Try again in %(minutes)s minutes.",
                minutes,
            )
            self.error = said % {"minutes": request.formats.number(minutes)}

    def page(self, template: str, **context: object) -> HttpResponse:
        """The form again, with what was found or what is wrong. Codes are never sent back."""
        status = 429 if self.wait_seconds else 422 if self.error else 200
        answer = page(
            self.request,
            f"site/gift_cards/{template}.html",
            "gift_cards",
            status=status,
            error=self.error,
            most_typed=MOST_TYPED,
            **context,
        )
        if self.wait_seconds:
            answer["Retry-After"] = str(self.wait_seconds)
        return answer


def _shown(told: ToldCard, request: SiteRequest) -> Shown:
    kind, card, formats = told.card.kind, told.card, request.formats
    is_over = card.valid_until is not None and card.valid_until <= request.at
    return Shown(
        name=kind.name if kind else _("Gift card"),
        picture=kind.picture if kind else "",
        hue=kind.hue if kind else None,
        left=formats.money(told.left_minor),
        until=gift_words.until(card.valid_until, formats, ended=is_over),
        is_usable=told.is_usable(request.at),
    )
