"""Gift cards given to somebody else: by e-mail, on a day, with a greeting (B11)."""

from datetime import date, timedelta
from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.giftcards.sending_cards import SendingOrder, cancel_sending, plan_sending
from regulars.actions.requests import Request
from regulars.domain.errors import EnrolmentRefused, NotFound, Refusal
from regulars.domain.giftcards import WhyNot as WhyNoCard
from regulars.domain.sendings import MOST_DAYS_AHEAD, MOST_GREETING, MOST_NAME, WhyNot
from regulars.reports.forms import GET_OR_POST, MOST_TYPED
from regulars.site.door import SiteRequest, need, page, signed_in
from regulars.site.giving import gift_words
from regulars.site.giving.own_gift_cards import its, whose

MOST_SENT = 4 * MOST_GREETING
"""Characters that are read of a greeting at all; the action counts them as they are kept."""


class SendingForm(gift_words.GiftForm):
    """To whom a card goes, with which words, and when."""

    to_name = forms.CharField(
        max_length=MOST_NAME,
        error_messages={"required": gettext_lazy("Enter the name of who gets it.")},
    )
    to_email = forms.CharField(
        max_length=MOST_TYPED,
        error_messages={"required": gettext_lazy("Enter the e-mail address it goes to.")},
    )
    from_name = forms.CharField(max_length=MOST_NAME, required=False)
    greeting = forms.CharField(max_length=MOST_SENT, required=False)
    day = forms.DateField(
        required=False,
        error_messages={"invalid": gettext_lazy("Enter a day, as in 2026-12-24.")},
    )

    def field_of(self, refusal: Refusal) -> str | None:
        if isinstance(refusal, EnrolmentRefused):
            return "to_email"
        why = getattr(refusal, "why", "")
        if why in {WhyNot.DAY_PASSED, WhyNot.DAY_TOO_FAR, WhyNoCard.EXPIRED}:
            return "day"
        return "greeting" if why == WhyNot.BAD_GREETING else None

    def order(self, card_id: UUID) -> SendingOrder:
        told = self.cleaned_data
        return SendingOrder(
            card_id=card_id,
            to_email=told["to_email"],
            to_name=told["to_name"],
            from_name=told["from_name"],
            greeting=told["greeting"],
            day=cast("date | None", told["day"]),
        )


@signed_in
@require_http_methods(GET_OR_POST)
def send_gift_card(request: SiteRequest, card_id: UUID) -> HttpResponse:
    """Give a card to somebody; only its owner does."""
    need(request, "gift_cards")
    held = its(request, card_id)
    assert request.visitor is not None, "only who is signed in gets here"
    form = SendingForm(
        request.POST if request.method == "POST" else None,
        initial={"from_name": request.visitor.name},
    )
    if form.is_bound and form.is_valid() and _plan(request, card_id, form):
        return redirect("site:own_gift_card", request.business.slug, card_id)
    today = request.formats.today
    return page(
        request,
        "site/gift_cards/send.html",
        "gift_cards",
        status=422 if form.is_bound else 200,
        card=gift_words.own_card(held, request.formats, request.at),
        form=form,
        request_id=form["request_id"].value(),
        first_day=today.isoformat(),
        last_day=(today + timedelta(days=MOST_DAYS_AHEAD)).isoformat(),
        most_name=MOST_NAME,
        most_greeting=MOST_GREETING,
    )


def _plan(request: SiteRequest, card_id: UUID, form: SendingForm) -> bool:
    """Whether it was done; what was refused, the form says."""
    asked = Request(form.id, request.at)
    try:
        plan_sending(
            request.business.pk, form.order(card_id), sender_id=whose(request), request=asked
        )
    except Refusal as refusal:
        form.refuse(refusal, request.formats)
        return False
    day = form.cleaned_data["day"]
    said = {"name": form.cleaned_data["to_name"], "day": request.formats.day(day) if day else ""}
    if day is None or day == request.formats.today:
        messages.success(request, _("The gift card goes to %(name)s in a moment.") % said)
    else:
        messages.success(request, _("The gift card goes to %(name)s on %(day)s.") % said)
    return True


@signed_in
@require_POST
def cancel_gift_card(request: SiteRequest, card_id: UUID, sending_id: UUID) -> HttpResponse:
    """Hold a card back that has not gone yet."""
    need(request, "gift_cards")
    try:
        cancel_sending(request.business.pk, card_id, sending_id, sender_id=whose(request))
    except NotFound as nothing:
        raise Http404 from nothing
    except Refusal as refusal:
        messages.error(request, gift_words.refused(refusal, request.formats))
    else:
        messages.success(request, _("It stays with you."))
    return redirect("site:own_gift_card", request.business.slug, card_id)
