"""Gift cards that were issued: the list, finding one, issuing one by staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.giftcards.cards import IssuedGiftCard, find_gift_card, issue_gift_card
from regulars.business.formats import Formats
from regulars.domain.codes import format_code, is_code, normalise_code
from regulars.domain.errors import BadAmount, NotFound, Refusal
from regulars.domain.giftcards import CODE_LENGTH
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.office.access import OfficeRequest, at_office
from regulars.office.selling.gift_card_kinds import worth_of
from regulars.office.selling.gift_card_words import STATES, row_of
from regulars.reports.codes import qr_svg
from regulars.reports.finding import find_people
from regulars.reports.forms import GET_OR_POST, OnceForm

ON_A_PAGE = 50
MOST_FOUND = 200
LAST_FOUR = 4


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str
    is_current: bool


@never_cache
@require_safe
@at_office
def gift_cards(request: OfficeRequest) -> HttpResponse:
    """The cards, the newest first; ``?state=`` for those of one state."""
    state, number = request.GET.get("state", ""), _page_number(request.GET.get("page", ""))
    found = _cards()
    if state in GiftCard.State.values:
        found = found.filter(state=state)
    start = (number - 1) * ON_A_PAGE
    listed = list(found.order_by("-issued_at", "-pk")[start : start + ON_A_PAGE + 1])
    has_more = len(listed) > ON_A_PAGE
    query = f"?state={state}&page=" if state else "?page="
    pager = {
        "newer": f"{query}{number - 1}" if number > 1 else "",
        "older": f"{query}{number + 1}" if has_more else "",
        "page": number,
        "state": state,
    }
    return _list(request, listed[:ON_A_PAGE], pager)


@sensitive_post_parameters("q")
@never_cache
@require_POST
@at_office
def find_card(request: OfficeRequest) -> HttpResponse:
    """By its code, the last four of it, or whoever owns it; nothing of it stands in an address."""
    text = request.POST.get("q", "").strip()[:100]
    code = normalise_code(text)
    if is_code(code, CODE_LENGTH):
        try:
            return redirect("office:gift_card", find_gift_card(request.office.business.pk, code).pk)
        except NotFound:
            return _list(request, (), text=text, status=422)
    found = list(_by_ending(code)) if len(code) == LAST_FOUR else []
    people = find_people(request.office.business, text, at=request.office.at)
    owners = [person.customer_id for person in people]
    found += [card for card in _cards().filter(owner__in=owners)[:MOST_FOUND] if card not in found]
    return _list(request, found, text=text, status=200 if found else 422)


def _by_ending(ending: str) -> "QuerySet[GiftCard]":
    return _cards().filter(last_four=ending).order_by("-issued_at")[:MOST_FOUND]


def _cards() -> "QuerySet[GiftCard]":
    return GiftCard.objects.select_related("account", "kind", "owner")


def _page_number(text: str) -> int:
    return max(int(text), 1) if text.isdecimal() and len(text) <= 4 else 1


def _list(
    request: OfficeRequest,
    cards: Sequence[GiftCard],
    pager: Mapping[str, Any] | None = None,
    *,
    text: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """``text`` is what was looked for; None where all are listed."""
    formats, at = request.office.formats, request.office.at
    shown = pager or {}
    state = shown.get("state", "")
    page = {
        "rows": [row_of(card, formats, at=at) for card in cards],
        "text": text,
        "tabs": [
            Tab("", _("All"), not state),
            *(Tab(str(code), str(word), state == code) for code, (word, *_rest) in STATES.items()),
        ],
        **shown,
    }
    return render(request, "office/selling/gift_cards.html", page, status=status)


class IssueForm(OnceForm):
    """A gift card given out by staff: of a kind, or of any value."""

    kind = forms.CharField(max_length=36, required=False)
    value = forms.CharField(max_length=30, required=False)

    def __init__(self, *args: Any, formats: Formats, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        self.formats = formats
        self.found: GiftCardKind | None = None

    def clean_kind(self) -> str:
        chosen: str = self.cleaned_data["kind"]
        if chosen:
            self.found = _kind(chosen)
            if self.found is None:
                raise forms.ValidationError(_("There is no such kind any more. Choose another."))
        return chosen

    def clean_value(self) -> int | None:
        text = self.cleaned_data["value"].strip()
        if self.found is not None and self.found.value_minor is not None:
            return None
        try:
            return self.formats.read_money(text)
        except ValueError as problem:
            raise forms.ValidationError(_("Type what it is worth, such as 25.00.")) from problem

    def field_of(self, refusal: Refusal) -> str | None:
        return "value" if isinstance(refusal, BadAmount) else None


def _kind(text: str) -> GiftCardKind | None:
    try:
        kinds = GiftCardKind.objects.filter(pk=UUID(text), archived_at__isnull=True)
    except ValueError:
        return None
    return kinds.first()


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def issue(request: OfficeRequest) -> HttpResponse:
    """Give a card out without a sale: for a complaint, a raffle, a friend of the house."""
    office = request.office
    form = (
        IssueForm(request.POST, formats=office.formats)
        if request.method == "POST"
        else IssueForm(formats=office.formats)
    )
    if form.is_bound and form.is_valid():
        try:
            issued = issue_gift_card(
                office.business,
                kind=form.found,
                value_minor=form.cleaned_data["value"],
                active=True,
                request=office.request(form.id),
            )
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            return _issued(request, issued)
    kinds = GiftCardKind.objects.filter(archived_at__isnull=True).order_by("value_minor", "name")
    page = {
        "form": form,
        "kinds": [(str(kind.pk), kind.name, worth_of(kind, office.formats)) for kind in kinds],
        "sign": office.formats.sign,
    }
    status = 422 if form.is_bound else 200
    return render(request, "office/selling/issue_gift_card.html", page, status=status)


def _issued(request: OfficeRequest, issued: IssuedGiftCard) -> HttpResponse:
    """The code, to be copied or printed: the same again where the form is sent again."""
    card, code = _cards().get(pk=issued.id), format_code(issued.code)
    row = row_of(card, request.office.formats, at=request.office.at)
    page = {"row": row, "code": code, "qr": qr_svg(code)}
    return render(request, "office/selling/gift_card_issued.html", page)
