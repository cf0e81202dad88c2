"""Finding a sale again: by its receipt, by who bought, or among the newest of this till."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from regulars.business.formats import Formats
from regulars.domain.days import start_of
from regulars.domain.errors import NotFound
from regulars.members.models import Customer, Member
from regulars.reports.finding import Found, Person, resolve
from regulars.reports.receipts import read_receipt
from regulars.sales.models import Refund, Sale
from regulars.till.shift import TillRequest, at_till

PAGE = 12
MOST_PAGES = 500
MOST_DIGITS = 15
"""Of a receipt's number."""

_NUMBER = re.compile(rf"\s*[R#№]?\s*(\d{{1,{MOST_DIGITS}}})\s*", re.IGNORECASE)

STATES = {
    "paid": (gettext_lazy("Paid"), "good", "check"),
    "open": (gettext_lazy("Open"), "accent", "hourglass"),
    "void": (gettext_lazy("Called off"), "", "ban"),
    "forfeited": (gettext_lazy("Deposit kept"), "", "hand-coins"),
    "part": (gettext_lazy("Refunded in part"), "warn", "undo-2"),
    "whole": (gettext_lazy("Refunded"), "warn", "undo-2"),
}
"""What a sale is, in a word, a tone and a sign."""


@dataclass(frozen=True, slots=True)
class State:
    """A badge."""

    word: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """A sale in a list."""

    id: str
    title: str
    """Who bought; among the sales of one customer, when."""
    note: str
    """When, and the receipt's number."""
    sum: str
    state: State
    is_open: bool


@at_till
@require_GET
def sales(request: TillRequest) -> HttpResponse:
    """Sales of a customer, those that are open, or those of this till today."""
    shift, formats = request.shift, request.shift.formats(request.shift.at)
    customer = _customer(request.GET.get("customer", ""))
    shows_open = customer is None and request.GET.get("show") == "open"
    is_today = customer is None and not shows_open
    number = _page_number(request.GET.get("page", ""))
    if customer is not None:
        listed = _sales_of(customer)
    elif shows_open:
        listed = Sale.objects.filter(state=Sale.State.OPEN).order_by("-opened_at", "-id")
    else:
        listed = _today(shift.till_id, start_of(formats.today, shift.business.zone))
    refunded = Exists(Refund.objects.filter(sale=OuterRef("pk")))
    found = list(
        listed.select_related("customer").annotate(has_refund=refunded)[
            (number - 1) * PAGE : number * PAGE + 1
        ]
    )
    page = {
        "rows": [
            row_of(sale, formats, of_one=customer is not None, of_one_day=is_today)
            for sale in found[:PAGE]
        ],
        "customer": customer,
        "shows_open": shows_open,
        "newer": _address(request, number - 1) if number > 1 else "",
        "older": _address(request, number + 1) if len(found) > PAGE else "",
        "page": number,
    }
    return render(request, "till/sales.html", page)


@at_till
@require_POST
def find_sale(request: TillRequest) -> HttpResponse:
    """Go to the sale of a number, or to the sales of whoever was meant.

    What was typed is sent in the body: a phone number has no place in an address.
    """
    shift, text = request.shift, request.POST.get("q", "")[:200]
    number = _NUMBER.fullmatch(text)
    sale = Sale.objects.filter(number=int(number[1])).first() if number else None
    if sale is not None:
        return redirect("till:sale", sale.pk)
    meant = resolve(shift.business, text, at=shift.at) if text.strip() else ()
    people: tuple[Person, ...] = () if isinstance(meant, Found) else meant
    customer_id = meant.customer_id if isinstance(meant, Found) else None
    if len(people) == 1:
        customer_id = people[0].customer_id
    if customer_id is not None:
        return redirect(f"{reverse('till:sales')}?customer={customer_id}")
    page = {"people": people, "asked": text.strip(), "nothing": not people, "rows": []}
    return render(request, "till/sales.html", page, status=200 if people else 422)


@at_till
@require_GET
def sale(request: TillRequest, sale_id: UUID) -> HttpResponse:
    """One sale: what it was, what came back, and what can be done with it."""
    formats = request.shift.formats(request.shift.at)
    try:
        receipt = read_receipt(sale_id, formats)
    except NotFound as missing:
        raise Http404 from missing
    page = {
        "receipt": receipt,
        "state": state_of(receipt.state, receipt.refund_state),
        "can_refund": receipt.state == Sale.State.PAID and receipt.refund_state != "whole",
    }
    return render(request, "till/sale.html", page)


def state_of(state: str, refund_state: str) -> State:
    word, tone, icon = STATES[refund_state or state]
    return State(str(word), tone, icon)


def row_of(sale: Sale, formats: Formats, *, of_one: bool, of_one_day: bool) -> Row:
    """``of_one`` where all sales of a list are of one customer."""
    at = sale.paid_at or sale.opened_at
    clock = formats.clock(at)
    when = clock if of_one_day else f"{formats.day_at(at)}, {clock}"
    said = {"number": sale.number or sale.receipt}
    receipt = _("receipt %(number)s") % said if said["number"] else ""
    who = sale.customer.name if sale.customer else _("Nobody known")
    refund_state = ""
    if getattr(sale, "has_refund", False):
        refund_state = "whole" if sale.refunded_minor == sale.charged_minor else "part"
    return Row(
        id=str(sale.pk),
        title=when if of_one else who or _("Without a name"),
        note=receipt if of_one else " · ".join(filter(None, [when, receipt])),
        sum=formats.money(sale.charged_minor),
        state=state_of(sale.state, refund_state),
        is_open=sale.state == Sale.State.OPEN,
    )


def _today(till_id: UUID, since: datetime) -> QuerySet[Sale]:
    """The sales of a till since an instant, the newest first.

    Ids are made in the order of time, so those since a day before are the end of their index.
    """
    floor = UUID(int=int((since - timedelta(days=1)).timestamp() * 1000) << 80)
    listed = Sale.objects.filter(till_id=till_id, opened_at__gte=since, pk__gte=floor)
    return listed.order_by("-id")


def _sales_of(customer: Customer) -> QuerySet[Sale]:
    """Of all accounts that a customer has had."""
    members = Member.objects.filter(customer=customer).values_list("pk", flat=True)
    return Sale.objects.filter(member__in=list(members)).order_by("-opened_at", "-id")


def _customer(text: str) -> Customer | None:
    if not text:
        return None
    try:
        return get_object_or_404(Customer, pk=UUID(text))
    except ValueError as problem:
        raise Http404 from problem


def _page_number(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) <= 4 else 1
    return min(max(number, 1), MOST_PAGES)


def _address(request: TillRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}"
