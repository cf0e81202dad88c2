"""A customer's account: opened, activated, blocked; its card and the card's secret code."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.members.activation import activate
from regulars.actions.members.cards import IssuedCard, assign_card, new_secret
from regulars.actions.members.enrolment import EnrolOrder, block, enrol, unblock
from regulars.domain.codes import format_code
from regulars.domain.errors import NotFound, Refusal
from regulars.domain.joining import How
from regulars.office.access import OfficeRequest, at_office
from regulars.office.dialogs import dialog, done
from regulars.office.people.customer import file_of, formats_for
from regulars.office.people.newcomers import joinable, said_of
from regulars.reports import refusing
from regulars.reports.account_filling import in_groups
from regulars.reports.codes import qr_svg
from regulars.reports.forms import GET_OR_POST, CardForm, OnceForm, SecretForm
from regulars.rows import new_id


class AccountForm(OnceForm):
    """Under which programme an account is opened."""

    programme = forms.UUIDField()


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def open_account(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Open an account for somebody whom the business knows already (C15)."""
    office, programmes = request.office, joinable(request)
    file_of(customer_id)
    form = AccountForm(request.POST) if request.method == "POST" else AccountForm()
    if form.is_bound and form.is_valid():
        order = EnrolOrder(form.cleaned_data["programme"], How.STAFF, customer_id=customer_id)
        try:
            opened = enrol(office.business.pk, order, request=office.request(form.id))
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            messages.success(request, said_of(opened, formats_for(request, file_of(customer_id))))
            return done("office:customer", customer_id)
    page = {"customer_id": customer_id, "programmes": programmes}
    return dialog(request, "people/_account_dialog", form, **page)


@require_POST
@at_office
def activate_account(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Activate an account that waits for it, where that is done on the spot (C19)."""
    office, member_id = request.office, member_of(customer_id)
    try:
        activated = activate(office.business.pk, member_id, request=office.request(new_id()))
    except Refusal as refusal:
        messages.error(request, refusing.say(refusal, office.formats))
        return redirect("office:customer", customer_id)
    formats = formats_for(request, file_of(customer_id))
    said = {"points": formats.points(activated.welcome_points)}
    text = _("The account is active.")
    if activated.welcome_points:
        text = _("The account is active, with %(points)s to start with.") % said
    messages.success(request, text)
    return redirect("office:customer", customer_id)


def member_of(customer_id: UUID) -> UUID:
    """The id of a customer's open account.

    Raises Http404 where there is none.
    """
    member = file_of(customer_id).member
    if member is None:
        raise Http404
    return member.pk


@require_POST
@at_office
def block_account(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Block an account, or let it earn and spend again."""
    office, member_id = request.office, member_of(customer_id)
    is_block = request.POST.get("do") != "unblock"
    change = block if is_block else unblock
    try:
        change(office.business.pk, member_id, request=office.request(new_id()))
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, refusing.say(refusal, office.formats))
        return redirect("office:customer", customer_id)
    text = _("The account is blocked: it neither earns nor spends. What is on it stays.")
    messages.success(request, text if is_block else _("The account earns and spends again."))
    return redirect("office:customer", customer_id)


@sensitive_post_parameters()
@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def card(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Give somebody a card, or another one for a lost one; the points stay (S4, C18)."""
    office, file, member_id = request.office, file_of(customer_id), member_of(customer_id)
    form = CardForm(request.POST) if request.method == "POST" else CardForm()
    if form.is_bound and form.is_valid():
        try:
            issued = assign_card(
                office.business.pk, member_id, form.card_order(), request=office.request(form.id)
            )
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            return _given(request, customer_id, issued)
    has_card = any(each.replaced_at is None for each in file.cards)
    return dialog(request, "people/_card_dialog", form, customer_id=customer_id, has_card=has_card)


@sensitive_post_parameters()
@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def secret(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Give somebody's card another secret code (C18)."""
    office, member_id = request.office, member_of(customer_id)
    form = SecretForm(request.POST) if request.method == "POST" else SecretForm()
    if form.is_bound and form.is_valid():
        try:
            issued = new_secret(
                office.business.pk,
                member_id,
                secret=form.typed_secret,
                request=office.request(form.id),
            )
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            return _given(request, customer_id, issued)
    return dialog(request, "people/_secret_dialog", form, customer_id=customer_id)


def _given(request: OfficeRequest, customer_id: UUID, issued: IssuedCard) -> HttpResponse:
    """What somebody has got; the secret code is shown this once."""
    return dialog(
        request,
        "people/_card_given",
        customer_id=customer_id,
        number=in_groups(issued.number),
        qr=qr_svg(issued.number),
        secret=format_code(issued.secret),
    )
