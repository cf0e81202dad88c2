"""Who books or buys: name, phone, e-mail; and whether they agree to messages."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.actions.sales.orders import MOST_LETTERS, can_be_kept
from regulars.catalogue.models import Item
from regulars.domain.errors import EnrolmentRefused
from regulars.domain.joining import WhyNot
from regulars.members.contacts import normalise_contacts
from regulars.members.models import Consent, Contact
from regulars.reports.forms import GET_OR_POST
from regulars.reports.persons import readable_phone
from regulars.site.booking.booking import back_to_choice
from regulars.site.booking.choosing import MOST_SEATS
from regulars.site.buying import draft as drafts
from regulars.site.buying.selected import Selected, ordering
from regulars.site.buying.summing_up import fact_of_basket, facts_of_choice
from regulars.site.door import SiteRequest, at_site, page, to_sign_in
from regulars.site.saying import say


class DetailsForm(forms.Form):
    """What a guest tells; who is signed in tells only how many come."""

    name = forms.CharField(max_length=MOST_LETTERS, required=False)
    phone = forms.CharField(max_length=40, required=False)
    email = forms.CharField(max_length=254, required=False)
    marketing = forms.BooleanField(required=False)
    seats = forms.IntegerField(min_value=1, max_value=MOST_SEATS, required=False)

    def __init__(self, *args: Any, selected: Selected, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        self.selected = selected

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if self.selected.request.visitor is None and not name:
            raise forms.ValidationError(_("Write your name, so that we know who comes."))
        if not can_be_kept(name):
            raise forms.ValidationError(_("A name is letters. Write it again."))
        return name

    def clean_seats(self) -> int:
        seats = self.cleaned_data["seats"] or 1
        booked = self.selected.booked
        if booked is None or booked.item.kind != Item.Kind.CLASS:
            return 1
        if seats > booked.free:
            said = _("Only %(free)s left. Choose fewer, or another time.")
            free = self.selected.request.formats.number(booked.free)
            raise forms.ValidationError(said % {"free": free})
        return int(seats)

    def clean(self) -> dict[str, Any]:
        """Contacts are written as they are always written."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.selected.request.visitor is not None:
            return data
        for kind in ("email", "phone"):
            self._check(kind, data)
        if not self.errors and not (data.get("email") or data.get("phone")):
            words = _("Give an e-mail address or a phone number, so that we can reach you.")
            self.add_error("email", words)
        return data

    def _check(self, kind: str, data: dict[str, Any]) -> None:
        typed = str(data.get(kind) or "")
        if not can_be_kept(typed):
            data[kind] = ""
            why = WhyNot.BAD_PHONE if kind == "phone" else WhyNot.BAD_EMAIL
            self.add_error(kind, say(EnrolmentRefused(why), self.selected.request.formats))
            return
        given = {"phone": "", "email": "", kind: typed}
        zone = self.selected.request.business.zone
        try:
            told = dict(normalise_contacts(given["phone"], given["email"], zone))
        except EnrolmentRefused as refusal:
            self.add_error(kind, say(refusal, self.selected.request.formats))
        else:
            data[kind] = told.get(kind, "")


@at_site
@require_http_methods(GET_OR_POST)
@ordering
def your_details(request: SiteRequest, selected: Selected) -> HttpResponse:
    """Ask who it is; the answer goes into the visitor's own browser and nowhere else."""
    if "sign_in" in request.POST and "customer_login" in request.on:
        return to_sign_in(request, back=selected.url("your_details"))
    if request.method == "POST":
        form = DetailsForm(request.POST, selected=selected)
        if form.is_valid():
            return _go_on(request, selected, form.cleaned_data)
        return _ask(request, selected, form, status=422)
    draft = selected.draft
    known = draft.model_dump(include={"name", "phone", "email", "marketing"})
    initial = {**known, "seats": selected.choice.seats}
    return _ask(request, selected, DetailsForm(selected=selected, initial=initial))


def _go_on(request: SiteRequest, selected: Selected, told: dict[str, Any]) -> HttpResponse:
    if request.visitor is None:
        changes = {key: told[key] for key in ("name", "phone", "email", "marketing")}
    else:
        changes = {"marketing": told["marketing"]}
    choice = selected.choice
    if choice.is_made:
        choice = choice.with_seats(told["seats"])
    answer = redirect(f"{selected.url('how_to_pay').partition('?')[0]}{choice.query()}")
    return drafts.keep(answer, request.business, selected.draft.but(**changes))


def _ask(
    request: SiteRequest, selected: Selected, form: DetailsForm, *, status: int = 200
) -> HttpResponse:
    visitor, booked = request.visitor, selected.booked
    contacts = _contacts(visitor.customer_id) if visitor else []
    most = min(MOST_SEATS, booked.free) if booked else 1
    context: dict[str, Any] = {
        "form": form,
        "facts": facts_of_choice(selected) or [fact_of_basket(selected)],
        "contacts": contacts,
        "asks_to_agree": visitor is None or not _has_agreed(visitor.customer_id),
        "asks_seats": booked is not None and booked.item.kind == Item.Kind.CLASS and most > 1,
        "most_seats": most,
        "back_url": back_to_choice(request, selected.choice),
    }
    return page(request, "site/booking/your_details.html", "home", status=status, **context)


def _contacts(customer_id: UUID) -> list[str]:
    held = Contact.objects.filter(customer=customer_id, released_at__isnull=True)
    return [
        readable_phone(value) if kind == Contact.Kind.PHONE else value
        for kind, value in held.order_by("kind", "id").values_list("kind", "value")
    ]


def _has_agreed(customer_id: UUID) -> bool:
    """Whether they agree to messages on some channel: then they are not asked again."""
    said = Consent.objects.filter(customer=customer_id).order_by("at", "id")
    return any(dict(said.values_list("channel", "granted")).values())
