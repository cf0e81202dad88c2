"""The last step: everything once more, then it is booked and bought, once however often asked."""

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.actions.members.people import ConsentOrder, note_consent
from regulars.actions.requests import Request
from regulars.actions.sales.online import Purchase, open_purchase, to_provider
from regulars.actions.sales.orders import Expect
from regulars.actions.staff.throttling import Limit, address_of, count_failure, stopped_until
from regulars.actions.telling import CHANNELS
from regulars.actions.visits.online import Booked, Buyer, OnlineBooking, book_online
from regulars.domain.errors import BookingRefused, QuoteChanged, Refusal
from regulars.members.models import Contact, Customer
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.reports.persons import readable_phone
from regulars.sales.providers import ProviderError
from regulars.site.buying import basket as baskets
from regulars.site.buying import draft as drafts
from regulars.site.buying.booked_already import booked_already
from regulars.site.buying.how_to_pay import asks_how, can_pay_online, ways_of
from regulars.site.buying.paid_visits import purchase_request
from regulars.site.buying.selected import Priced, Selected, gone, ordering, priced
from regulars.site.buying.summing_up import (
    Fact,
    bill,
    earned_by_purchase,
    earned_by_visit,
    facts_of_choice,
    zone_of,
)
from regulars.site.buying.tokens import Done, done_url
from regulars.site.door import SiteRequest, at_site, page
from regulars.site.saying import say

GONE = frozenset(
    {"taken", "full", "outside_hours", "session_cancelled", "not_online", "too_late", "too_early"}
)
"""Why what was chosen cannot be had any more; then what is still free is shown."""

BOOKED_BY_STRANGERS = Limit("booked from an address by strangers", 30, timedelta(hours=1))
"""Whoever has not signed in can name anybody, who then gets a message; and takes their time."""

TOO_MANY = 429

SOURCE = "booking site"
"""Where a consent was said."""


class ConfirmForm(OnceForm):
    """What was shown, and the id of the request."""

    to_pay = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@at_site
@require_http_methods(GET_OR_POST)
@ordering
def confirm(request: SiteRequest, selected: Selected) -> HttpResponse:
    """Say everything once more; a POST does it."""
    if not selected.is_somebody:
        return redirect(selected.url("your_details"))
    if selected.choice.is_made and selected.draft.how not in {
        way.value for way in ways_of(selected)
    }:
        return redirect(selected.url("how_to_pay"))
    found, trouble = _priced(selected)
    form = ConfirmForm(request.POST) if request.method == "POST" else None
    if form is None or trouble:
        return _show(request, selected, found, trouble)
    if not form.is_valid():
        return _show(request, selected, found, _("Look at it once more, then press again."))
    if form.cleaned_data["to_pay"] != to_pay_of(selected, found):
        return _show(request, selected, found, _("The price has changed. Look at it once more."))
    return _stopped(request, selected, found) or _do(request, selected, found, form.id)


def _who_asks(request: SiteRequest) -> str:
    address = address_of(request.META, behind_proxy=settings.ENCRYPTED)
    return f"{request.business.pk} {address}"


def _stopped(request: SiteRequest, selected: Selected, found: Priced | None) -> HttpResponse | None:
    """What a stranger is told from whose network too much was booked; None who may go on."""
    if selected.booked is None or request.visitor is not None:
        return None
    until = stopped_until(BOOKED_BY_STRANGERS, _who_asks(request), at=request.at)
    if until is None:
        return None
    seconds = max(1, ceil((until - request.at).total_seconds()))
    minutes = ceil(seconds / 60)
    said = ngettext(
        "Too many bookings from your network. Sign in, or try again in %(minutes)s minute.",
        "Too many bookings from your network. Sign in, or try again in %(minutes)s minutes.",
        minutes,
    )
    told = said % {"minutes": request.formats.number(minutes)}
    answer = _show(request, selected, found, told)
    answer.status_code = TOO_MANY
    answer["Retry-After"] = str(seconds)
    return answer


def _priced(selected: Selected) -> tuple[Priced | None, str]:
    """What is bought now, priced; and why it cannot be."""
    if not selected.buys:
        return None, ""
    try:
        found = priced(selected)
    except Refusal as refusal:
        return None, say(refusal, selected.request.formats)
    if found.rest_minor and not can_pay_online(selected.request):
        said = {"rest": selected.request.formats.money(found.rest_minor)}
        return found, _("%(rest)s are still to pay. Go back and choose how.") % said
    return found, ""


def to_pay_of(selected: Selected, found: Priced | None) -> int:
    """What the visitor was shown: at the place, or on the provider's page, in minor units."""
    if found is not None:
        return found.rest_minor
    return 0 if selected.draft.how == "reward" else selected.price_minor


def _do(
    request: SiteRequest, selected: Selected, found: Priced | None, request_id: UUID
) -> HttpResponse:
    booked = None
    if selected.booked is not None:
        try:
            booked = _book(request, selected, request_id)
        except BookingRefused as refusal:
            if refusal.why in GONE:
                return gone(request, selected.choice, selected.booked.item)
            return _show(request, selected, found, say(refusal, request.formats))
        except Refusal as refusal:
            return _show(request, selected, found, say(refusal, request.formats))
    purchase = None
    if found is not None:
        try:
            purchase = _buy(request, selected, booked, request_id)
        except Refusal as refusal:
            if booked is None:
                return _show(request, selected, found, _said(refusal, request))
            said = {"why": _said(refusal, request)}
            messages.warning(request, _("It is booked, but not paid: %(why)s") % said)
    _note_consent(request, selected, booked.customer_id if booked else _buyer_of(purchase))
    done = Done(
        booking_id=booked.booking_id if booked else None,
        sale_id=purchase.sale_id if purchase else None,
        joined=booked is not None and booked.joined and request.visitor is not None,
    )
    return _go(request, selected, done, purchase)


def _book(request: SiteRequest, selected: Selected, request_id: UUID) -> Booked:
    """Raises Refusal."""
    choice, draft, reward = selected.choice, selected.draft, None
    assert choice.item_id is not None, "something is booked"
    if draft.how == "reward":
        offered = selected.reward()
        reward = offered.reward_id if offered else None
    order = OnlineBooking(
        item_id=choice.item_id,
        starts_at=choice.starts_at,
        session_id=choice.session_id,
        provider_id=choice.provider_id,
        seats=choice.seats,
        reward_id=reward,
        customer_id=selected.customer_id,
        booker=buyer_of(selected),
    )
    booked = book_online(request.business.pk, order, request=Request(request_id, request.at))
    if request.visitor is None:
        count_failure(BOOKED_BY_STRANGERS, _who_asks(request), at=request.at)
    return booked


def _buy(
    request: SiteRequest, selected: Selected, booked: Booked | None, request_id: UUID
) -> Purchase:
    """Raises Refusal."""
    found = priced(selected, booking_id=booked.booking_id if booked else None)
    expect = Expect(to_pay_minor=found.quoted.quote.to_pay_minor)
    return open_purchase(
        request.business.pk,
        replace(found.order, expect=expect),
        buyer_of(selected),
        request=Request(purchase_request(booked.booking_id) if booked else request_id, request.at),
    )


def buyer_of(selected: Selected) -> Buyer:
    """Who books and buys, as they say themselves or as they have signed in."""
    if selected.customer_id is not None:
        return Buyer(customer_id=selected.customer_id)
    draft = selected.draft
    language = get_language() or ""
    return Buyer(phone=draft.phone, email=draft.email, name=draft.name, language=language)


def _buyer_of(purchase: Purchase | None) -> UUID | None:
    return purchase.customer_id if purchase else None


def _said(refusal: Refusal, request: SiteRequest) -> str:
    if isinstance(refusal, QuoteChanged):
        return _("The price has changed. Look at it once more.")
    return say(refusal, request.formats)


def _note_consent(request: SiteRequest, selected: Selected, customer_id: UUID | None) -> None:
    """Note that somebody agreed to messages: of themselves, never of a customer they may not be.

    Who has signed in is themselves; so is who has just become known by these contacts.
    """
    if customer_id is None or not selected.draft.marketing:
        return
    if request.visitor is None:
        # Said to who is new as well: nobody learns from it whether we know a contact.
        said = _(
            "We may write to you: noted, if you are new here. If you were here before, sign in and"
            " say so under “You” too."
        )
        messages.info(request, said)
        if not Customer.objects.filter(pk=customer_id, created_at__gte=request.at).exists():
            return
    kinds = Contact.objects.filter(customer_id=customer_id, released_at__isnull=True)
    for kind in kinds.values_list("kind", flat=True):
        order = ConsentOrder(customer_id, CHANNELS[kind].value, granted=True, source=SOURCE)
        note_consent(
            request.business.pk, order, request=Request(uuid5(customer_id, kind), request.at)
        )


def _go(
    request: SiteRequest, selected: Selected, done: Done, purchase: Purchase | None
) -> HttpResponse:
    """To the payment provider's page, or to the page that says it is done."""
    url = done_url(request, done)
    if purchase is not None and purchase.online_payment_id is not None:
        back = request.build_absolute_uri(url)
        words = selected.booked.item.name if selected.booked else request.business.name
        try:
            url = to_provider(
                request.business.pk, purchase.online_payment_id, back_url=back, words=words
            )
        except (Refusal, ProviderError):
            said = _("The page for paying does not answer. Try again in a moment.")
            messages.warning(request, said)
    answer = redirect(url)
    drafts.keep(answer, request.business, None)
    if purchase is not None:
        baskets.keep(answer, request.business, baskets.Basket())
    return answer


def _show(
    request: SiteRequest, selected: Selected, found: Priced | None, trouble: str = ""
) -> HttpResponse:
    formats = request.formats
    to_pay = to_pay_of(selected, found)
    context: dict[str, Any] = {
        "facts": [*facts_of_choice(selected), *_who(request, selected)],
        "sums": bill(selected, found) if found else [],
        "rest": formats.money(found.rest_minor) if found and found.rest_minor else "",
        "price": _price(selected),
        "visit": earned_by_visit(selected),
        "purchase": earned_by_purchase(selected, found) if found else None,
        "trouble": trouble,
        "already": booked_already(selected),
        "form": ConfirmForm(initial={"to_pay": to_pay}),
        "verb": _verb(selected, found),
        "back_url": selected.url("how_to_pay" if asks_how(selected) else "your_details"),
        "stays": bool(selected.filled.goods) and found is None,
        "zone": zone_of(selected),
    }
    status = 422 if trouble else 200
    return page(request, "site/booking/confirm.html", "home", status=status, **context)


def _who(request: SiteRequest, selected: Selected) -> list[Fact]:
    if request.visitor is not None:
        return [Fact(_("Who"), request.visitor.name)]
    draft = selected.draft
    phone = readable_phone(draft.phone) if draft.phone else ""
    return [Fact(_("Who"), draft.name, ", ".join(filter(None, [draft.email, phone])))]


def _price(selected: Selected) -> str:
    """How the booking is paid, where nothing is bought now."""
    if selected.buys:
        return ""
    formats = selected.request.formats
    if selected.draft.how == "reward":
        reward = selected.reward()
        points = formats.points(reward.points) if reward else formats.unit_many
        return _("Taken as a reward: %(points)s leave your account now.") % {"points": points}
    if not selected.price_minor:
        return _("It costs nothing.")
    return _("%(sum)s, to be paid at the place.") % {"sum": formats.money(selected.price_minor)}


def _verb(selected: Selected, found: Priced | None) -> str:
    if found is None:
        return _("Book it")
    said = {"sum": selected.request.formats.money(found.rest_minor)}
    if not found.rest_minor:
        return _("Book and pay") if selected.booked else _("Buy it")
    return _("Book and pay %(sum)s") % said if selected.booked else _("Pay %(sum)s") % said
