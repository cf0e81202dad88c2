"""People at the till beyond the sale: registered in full, given a card or a secret code (C18, S4).

What is made for somebody is shown once, in the answer to the form; sent again, the form gives the
same answer, because everything that is made follows from the id that it carries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.members.cards import IssuedCard, assign_card, identify, new_secret
from regulars.actions.members.enrolment import Enrolment, enrol
from regulars.actions.members.passcodes import send_activation_code
from regulars.actions.requests import Request
from regulars.business.formats import Formats
from regulars.domain.codes import format_code
from regulars.domain.errors import EnrolmentRefused, NotFound, Refusal
from regulars.domain.joining import ConfirmBy, How, WhyNot
from regulars.members.models import Customer
from regulars.reports import refusing
from regulars.reports.codes import qr_svg
from regulars.reports.finding import Person, find_people
from regulars.reports.forms import GET_OR_POST, CardForm, PersonForm, SecretForm, languages
from regulars.reports.panel import Panel, member_panel
from regulars.till.accounts import contact_beside_name
from regulars.till.joining import Welcome, typed_as
from regulars.till.shift import TillRequest, at_till


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody has got, to be shown, read out or printed."""

    title: str
    words: str
    who: "Who"
    number: str = ""
    """Of the card, in groups of four; empty where none was given."""
    qr: SafeString | str = ""
    secret: str = ""
    """In clear, this once."""
    problem: str = ""
    kept: str = ""
    """What was typed and is not taken, since the customer was known already."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose account it is, at the head of a page."""

    member_id: str
    name: str
    initials: str
    level: str
    contact: str
    balance: str
    unit: str
    has_card: bool
    card_ending: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has a contact already that was entered for somebody new."""

    name: str
    """Of the field."""
    person: Person

    @property
    def title(self) -> str:
        shown = filter(None, [self.person.name, self.person.contact])
        return ", ".join(shown)


@at_till
@never_cache
@require_http_methods(GET_OR_POST)
def register(request: TillRequest) -> HttpResponse:
    """Register somebody with everything that is known of them; 422 with the form where refused."""
    shift = request.shift
    if "request_id" not in request.POST:
        return _registration(request, PersonForm(initial=_prefilled(request)))
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _registration(request, form)
    try:
        done = _enrol(request, form)
    except Refusal as refusal:
        is_taken = isinstance(refusal, EnrolmentRefused) and refusal.why == WhyNot.CONTACT_TAKEN
        taken = _taken(request, form) if is_taken else []
        for each in taken:
            form.say(_("This is already the contact of %(who)s.") % {"who": each.title}, each.name)
        if not taken:
            form.refuse(refusal, shift.formats(shift.at))
        return _registration(request, form, taken)
    return render(request, "till/given.html", {"given": _registered(request, form, done)})


def _prefilled(request: TillRequest) -> dict[str, str]:
    """What was typed into the one field, in its own field here."""
    text = request.POST.get("typed", "").strip()[:200]
    language = {"language": languages(request.shift.business)[0][0]}
    return {str(typed_as(request.shift.business, text)): text, **language} if text else language


def _registration(
    request: TillRequest, form: PersonForm, taken: list[Taken] | None = None
) -> HttpResponse:
    page = {"form": form, "taken": taken or [], "languages": languages(request.shift.business)}
    status = 422 if form.is_bound else 200
    return render(request, "till/register.html", page, status=status)


def _enrol(request: TillRequest, form: PersonForm) -> Enrolment:
    """Raises NotFound, EnrolmentRefused, RequestIdReused."""
    shift = request.shift
    if shift.programme is None:
        raise EnrolmentRefused(WhyNot.NOT_THIS_WAY)
    order = form.order(shift.programme.id, How.TILL)
    if joins := request.POST.get("join"):  # A customer who is there already.
        order = replace(order, customer_id=_uuid(joins))
    return enrol(shift.business.pk, order, request=_request(request, form.id))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as problem:
        raise NotFound("customer") from problem


def _request(request: TillRequest, request_id: UUID) -> Request:
    return Request(request_id, request.shift.at, request.shift.staff.pk)


def _taken(request: TillRequest, form: PersonForm) -> list[Taken]:
    """Whose the contacts are that were entered."""
    business, found = request.shift.business, []
    for name in ("phone", "email"):
        text = form.cleaned_data[name].strip()
        for each in identify(business.pk, text, zone=business.zone) if text else ():
            people = find_people(business, text, at=request.shift.at)
            found += [Taken(name, one) for one in people if one.customer_id == each.customer_id]
    return found


def _registered(request: TillRequest, form: PersonForm, done: Enrolment) -> Given:
    panel = _panel(request, done.member_id)
    formats, problem = _formats(request, panel), ""
    if not done.is_active and done.confirm_by == ConfirmBy.CODE:
        problem = _send_code(request, done.member_id, uuid5(form.id, "code"), formats)
    welcome = Welcome(done.is_active, done.welcome_points, done.message)
    return Given(
        title=_("Registered"),
        words=welcome.words(formats),
        who=who_of(panel, formats),
        number=format_number(done.card_number),
        qr=qr_svg(done.card_number) if done.card_number else "",
        secret=format_code(done.secret),
        problem=problem,
        kept=_kept(request, form, done.customer_id),
    )


def _kept(request: TillRequest, form: PersonForm, customer_id: UUID) -> str:
    """What stays as it was of a customer who was there before, though something else was typed."""
    if not request.POST.get("join"):
        return ""
    typed, customer = form.cleaned_data, Customer.objects.get(pk=customer_id)
    others = {
        _("name"): typed["name"].strip() not in {"", customer.name},
        _("birthday"): typed["born"] not in {None, customer.born},
        _("code word"): bool(typed["code_word"].strip()),
    }
    stays = [word for word, is_other in others.items() if is_other]
    if not stays:
        return ""
    said = {"what": request.shift.formats(request.shift.at).together(stays)}
    return (
        _(
            "They were a customer before, so what was typed here is not taken: %(what)s."
            " The office changes that on their page."
        )
        % said
    )


def _send_code(request: TillRequest, member_id: UUID, request_id: UUID, formats: Formats) -> str:
    """What kept the code from being sent; empty where nothing did."""
    try:
        send_activation_code(
            request.shift.business.pk, member_id, request=_request(request, request_id)
        )
    except Refusal as refusal:
        return refusing.say(refusal, formats)
    return ""


def format_number(number: str) -> str:
    """A card's number as it is read out: in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _panel(request: TillRequest, member_id: UUID) -> Panel:
    """Raises Http404 for a member of no or another business."""
    try:
        return member_panel(request.shift.business, member_id, at=request.shift.at)
    except NotFound as refusal:
        raise Http404 from refusal


def _formats(request: TillRequest, panel: Panel) -> Formats:
    """By the words of the member's own programme."""
    formats = request.shift.formats(request.shift.at)
    return replace(formats, unit_one=panel.unit_one, unit_many=panel.unit_many)


def who_of(panel: Panel, formats: Formats) -> Who:
    """The head of a page about one account."""
    whose = panel.whose
    return Who(
        member_id=str(panel.member_id),
        name=whose.name or whose.phone or whose.email or _("Without a name"),
        initials=whose.initials,
        level=panel.level.name if panel.has_levels else "",
        contact=contact_beside_name(whose),
        balance=formats.number(panel.available),
        unit=formats.unit(panel.available),
        has_card=bool(whose.card_ending),
        card_ending=whose.card_ending,
    )


def account_at(request: TillRequest, member_id: UUID) -> tuple[Panel, Formats]:
    """An account that a page is about, and how it is told of.

    Raises Http404.
    """
    panel = _panel(request, member_id)
    return panel, _formats(request, panel)


@at_till
@never_cache
@require_http_methods(GET_OR_POST)
def card(request: TillRequest, member_id: UUID) -> HttpResponse:
    """Give somebody a card, or another one for a lost one; the points stay (S4)."""
    form = CardForm(request.POST) if request.method == "POST" else CardForm()
    panel, formats = account_at(request, member_id)
    if form.is_bound and form.is_valid():
        try:
            issued = assign_card(
                request.shift.business.pk,
                member_id,
                form.card_order(),
                request=_request(request, form.id),
            )
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            words = _words_of_card(panel, issued)
            title = _("The card is theirs")
            return _given(request, member_id, issued, title=title, words=words)
    page: Mapping[str, object] = {"form": form, "who": who_of(panel, formats), "panel": panel}
    return render(request, "till/card.html", page, status=422 if form.is_bound else 200)


def _words_of_card(before: Panel, issued: IssuedCard) -> str:
    words = [_("It works from now on.")]
    had = before.whose.card_ending
    if had and not issued.number.endswith(had):
        words.append(_("The one that ends in %(ending)s does not any more.") % {"ending": had})
    return " ".join(words)


@at_till
@never_cache
@require_http_methods(GET_OR_POST)
def secret(request: TillRequest, member_id: UUID) -> HttpResponse:
    """Give somebody's card another secret code (C18)."""
    form = SecretForm(request.POST) if request.method == "POST" else SecretForm()
    panel, formats = account_at(request, member_id)
    if form.is_bound and form.is_valid():
        try:
            issued = new_secret(
                request.shift.business.pk,
                member_id,
                secret=form.typed_secret,
                request=_request(request, form.id),
            )
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            words = _("It works from now on. The one before does not any more.")
            title = _("A new secret code")
            return _given(request, member_id, issued, title=title, words=words)
    page: Mapping[str, object] = {"form": form, "who": who_of(panel, formats)}
    return render(request, "till/secret.html", page, status=422 if form.is_bound else 200)


def _given(
    request: TillRequest, member_id: UUID, issued: IssuedCard, *, title: str, words: str
) -> HttpResponse:
    panel, formats = account_at(request, member_id)
    given = Given(
        title=title,
        words=words,
        who=who_of(panel, formats),
        number=format_number(issued.number),
        qr=qr_svg(issued.number),
        secret=format_code(issued.secret),
    )
    return render(request, "till/given.html", {"given": given})
