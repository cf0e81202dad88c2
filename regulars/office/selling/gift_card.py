"""One gift card: what is on it, what happened, and what staff can do with it."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.giftcards.for_points import give_back_gift_card
from regulars.actions.giftcards.states import (
    MOST_NOTE,
    block_gift_card,
    close_gift_card,
    unblock_gift_card,
)
from regulars.business.formats import Formats
from regulars.domain.errors import GiftCardRefused, Refusal
from regulars.domain.giftcards import State, WhyNot
from regulars.giftcards.models import GiftCard
from regulars.office.access import OfficeRequest, at_office
from regulars.office.selling.gift_card_words import row_of, step_of
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.reports.held_gift_cards import what_happened
from regulars.reports.undoing_cards import undoing

Change = tuple[Callable[..., UUID], Promise]

CHANGES: Mapping[str, Change] = {
    "block": (block_gift_card, gettext_lazy("Blocked. Nothing can be paid with it.")),
    "unblock": (unblock_gift_card, gettext_lazy("It can pay again.")),
    "close": (close_gift_card, gettext_lazy("Closed for good.")),
}


class ReasonForm(OnceForm):
    """Why something is done with a card."""

    note = forms.CharField(max_length=MOST_NOTE, required=False)

    def refuse(self, refusal: Refusal, formats: Formats) -> None:
        """Whoever is here does not pay with it: a closed one is said otherwise than at a till."""
        if isinstance(refusal, GiftCardRefused) and refusal.why == WhyNot.CLOSED:
            self.say(_("This gift card is closed for good. Nothing was changed."))
        else:
            super().refuse(refusal, formats)

    def field_of(self, refusal: Refusal) -> str | None:
        return "note" if getattr(refusal, "why", "") in {"note_missing", "bad_note"} else None


def _card(card_id: UUID) -> GiftCard:
    """Raises Http404."""
    cards = GiftCard.objects.select_related("account", "kind", "owner")
    return get_object_or_404(cards, pk=card_id)


@never_cache
@require_safe
@at_office
def gift_card(request: OfficeRequest, card_id: UUID) -> HttpResponse:
    """What is on a card, whose it is, everything that happened with it."""
    return _page(request, _card(card_id), ReasonForm())


@never_cache
@require_POST
@at_office
def change_card(request: OfficeRequest, card_id: UUID) -> HttpResponse:
    """Block it, let it pay again, or close it for good."""
    office, card, form = request.office, _card(card_id), ReasonForm(request.POST)
    change, said = CHANGES.get(request.POST.get("do", ""), (None, ""))
    if change is None:
        return redirect("office:gift_card", card_id)
    if form.is_valid():
        note = form.cleaned_data["note"].strip()
        try:
            change(office.business.pk, card_id, note=note, request=office.request(form.id))
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            messages.success(request, str(said))
            return redirect("office:gift_card", card_id)
    return _page(request, card, form)


def _page(request: OfficeRequest, card: GiftCard, form: ReasonForm) -> HttpResponse:
    office = request.office
    formats = office.formats
    page = {
        "card": card,
        "row": row_of(card, formats, at=office.at),
        "steps": [step_of(each, formats) for each in what_happened(card)],
        "form": form,
        "can_block": card.state == State.ACTIVE,
        "is_blocked": card.state == State.BLOCKED,
        "can_undo": undoing(card, formats, at=office.at) is not None,
        "has_money": card.account.balance > 0,
    }
    return render(
        request, "office/selling/gift_card.html", page, status=422 if form.is_bound else 200
    )


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def give_back(request: OfficeRequest, card_id: UUID) -> HttpResponse:
    """Undo the taking of a card for points, after saying what goes back (B9)."""
    office, card = request.office, _card(card_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid():
        asked, note = office.request(form.id), form.cleaned_data["note"].strip()
        try:
            done = give_back_gift_card(office.business.pk, card_id, note=note, request=asked)
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            said = {"points": office.formats.points(done.points)}
            messages.success(request, _("%(points)s went back; the gift card is closed.") % said)
            if card.owner_id is not None:
                return redirect("office:customer", card.owner_id)
            return redirect("office:gift_card", card_id)
    page = {
        "card": card,
        "row": row_of(card, office.formats, at=office.at),
        "undoing": undoing(card, office.formats, at=office.at),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "office/selling/give_card_back.html", page, status=status)
