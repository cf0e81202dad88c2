"""The visitor's own gift cards: the list, one of them, on paper; one more by its code (B10)."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from regulars.domain.sendings import MOST_GREETING, MOST_NAME
from regulars.giftcards.models import GiftCardSending
from regulars.reports.codes import qr_svg
from regulars.reports.forms import GET_OR_POST
from regulars.reports.held_gift_cards import Held, held_by, one_held, what_happened
from regulars.rows import new_id
from regulars.site.door import SiteRequest, need, page, signed_in
from regulars.site.giving import gift_words
from regulars.site.giving.gift_cards import head

PAPERS = ("a5", "a4")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written on a gift card of paper beside its figures."""

    to: str = ""
    sender: str = ""
    greeting: str = ""


@signed_in
@require_safe
def own_gift_cards(request: SiteRequest) -> HttpResponse:
    """Your gift cards, those that can pay first."""
    need(request, "gift_cards")
    held = held_by(whose(request), at=request.at)
    return page(
        request,
        "site/gift_cards/yours.html",
        "gift_cards",
        cards=[gift_words.own_card(each, request.formats, request.at) for each in held],
        **head(request),
    )


@signed_in
@require_safe
def own_gift_card(request: SiteRequest, card_id: UUID) -> HttpResponse:
    """One of them: to be scanned, with everything that happened."""
    need(request, "gift_cards")
    held = its(request, card_id)
    card = gift_words.own_card(held, request.formats, request.at)
    sendings = [gift_words.sending(each, request.formats) for each in held.sendings]
    return page(
        request,
        "site/gift_cards/card.html",
        "gift_cards",
        card=card,
        qr=qr_svg(card.code.replace("-", "")) if card.code else "",
        sendings=sendings,
        history=[gift_words.happened(each, request.formats) for each in what_happened(held.card)],
        request_id=new_id(),
    )


def whose(request: SiteRequest) -> UUID:
    """The visitor, who is signed in."""
    assert request.visitor is not None, "only who is signed in gets here"
    return request.visitor.customer_id


def its(request: SiteRequest, card_id: UUID) -> Held:
    """One of the visitor's own cards. Raises Http404."""
    held = one_held(whose(request), card_id)
    if held is None:
        raise Http404
    return held


class PaperForm(forms.Form):
    """Words for a card of paper; nothing of them is kept."""

    to = forms.CharField(max_length=MOST_NAME, required=False)
    sender = forms.CharField(max_length=MOST_NAME, required=False)
    greeting = forms.CharField(max_length=MOST_GREETING, required=False)


@signed_in
@require_http_methods(GET_OR_POST)
def paper_gift_card(request: SiteRequest, card_id: UUID) -> HttpResponse:
    """A card to print: picture, value, code and greeting on a sheet of A5 or A4."""
    need(request, "gift_cards")
    held = its(request, card_id)
    card = gift_words.own_card(held, request.formats, request.at)
    if not card.code:
        raise Http404
    form = PaperForm(_even(request)) if request.method == "POST" else PaperForm()
    size = request.GET.get("paper", "")
    return page(
        request,
        "site/gift_cards/paper.html",
        "gift_cards",
        status=422 if form.errors else 200,
        card=card,
        qr=qr_svg(card.code.replace("-", "")),
        paper=size if size in PAPERS else PAPERS[0],
        words=_typed(form) if form.is_bound else _sent_with(held),
        form=form,
        most_greeting=MOST_GREETING,
        most_name=MOST_NAME,
    )


def _even(request: SiteRequest) -> dict[str, str]:
    """What was sent, with line breaks that count as one character."""
    names = ("to", "sender", "greeting")
    return {name: "\n".join(request.POST.get(name, "").splitlines()) for name in names}


def _typed(form: PaperForm) -> Paper:
    told = form.cleaned_data if form.is_valid() else form.data
    return Paper(told.get("to", ""), told.get("sender", ""), told.get("greeting", ""))


def _sent_with(held: Held) -> Paper:
    """What was written when it was sent to somebody, if it was."""
    kept = (each for each in held.sendings if each.state != GiftCardSending.State.CANCELLED)
    last = next(kept, None)
    return Paper(last.to_name, last.from_name, last.greeting) if last else Paper()
