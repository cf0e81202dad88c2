"""Giving back: a refund that is shown before it is confirmed, and sales that are called off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from regulars.actions.requests import Request
from regulars.actions.sales.refund_orders import RefundOrder, RefundOutcome
from regulars.actions.sales.refunds import preview_refund
from regulars.actions.sales.refunds import refund as give_back
from regulars.actions.sales.voiding import forfeit, void
from regulars.business.formats import Formats
from regulars.domain.errors import (
    NotAllowed,
    NotFound,
    PinRefused,
    QuoteChanged,
    Refusal,
    RequestIdReused,
)
from regulars.reports import refusing
from regulars.reports.forms import GET_OR_POST
from regulars.reports.giving_back import Moved
from regulars.reports.receipts import Receipt, read_receipt, telling_of_sale
from regulars.rows import new_id
from regulars.sales.models import Sale
from regulars.sales.queries import SaleFacts, read_sale
from regulars.till.approving import approval_says, approve, approvers
from regulars.till.giving import Choice, choose, read_id
from regulars.till.shift import TillRequest, at_till


@dataclass(slots=True)
class Refunding:
    """One refund on the page, by one request."""

    request: TillRequest
    sale: SaleFacts
    formats: Formats
    choice: Choice
    request_id: UUID
    problems: list[str] = field(default_factory=list)
    outcome: RefundOutcome | None = None
    """What it would do."""

    @property
    def asks_approval(self) -> bool:
        """Whether it gives back more money than whoever acts may give back alone."""
        limit = self.request.shift.staff.refund_limit_minor
        return self.outcome is not None and limit is not None and self.outcome.money_minor > limit

    @property
    def note(self) -> str:
        return self.request.POST.get("note", "").strip()

    def order(self, **more: Any) -> RefundOrder:  # noqa: ANN401 - of RefundOrder
        return RefundOrder(self.sale.id, self.choice.parts, **more)

    def look(self) -> None:
        """See what it would do."""
        if not self.choice.parts or self.choice.problems:
            return
        business_id, at = self.request.shift.business.pk, self.request.shift.at
        try:
            self.outcome = preview_refund(business_id, self.order(), at=at)
        except Refusal as refusal:
            self.refuse(refusal)

    def confirm(self) -> RefundOutcome | None:
        """Do it, held to what was shown; None where it was refused, and why is noted."""
        sent, shift = self.request.POST, self.request.shift
        if self.choice.problems:
            return None
        try:
            approver = self._approver(sent)
            order = self.order(note=self.note, approver=approver, expect=sent.get("seen", "-"))
            asked = Request(self.request_id, shift.at, shift.staff.pk)
            return give_back(shift.business.pk, order, request=asked)
        except PinRefused as refusal:
            self.problems.append(approval_says(refusal))
        except QuoteChanged:
            self.problems.append(
                _("This is not what was shown any more. Look at it again, and press once more.")
            )
        except RequestIdReused:
            self.request_id = new_id()
            self.problems.append(
                _("Something else was given back from this page before. Look at what is left.")
            )
        except Refusal as refusal:
            self.refuse(refusal)
        return None

    def _approver(self, sent: Mapping[str, str]) -> UUID | None:
        """Raises PinRefused, NotAllowed."""
        approver_id, pin = read_id(sent.get("approver", "")), sent.get("pin", "").strip()[:64]
        if not pin:
            return None
        if approver_id is None:
            raise NotAllowed("no_approver")
        try:
            return approve(self.request, approver_id, pin).pk
        except NotAllowed as refusal:
            why = "approver_role" if refusal.why == "role" else "no_approver"
            raise NotAllowed(why) from refusal

    def refuse(self, refusal: Refusal) -> None:
        said = refusing.say(refusal, self.formats)
        if said not in self.problems:
            self.problems.append(said)

    def page(self, receipt: Receipt) -> dict[str, Any]:
        outcome = self.outcome
        problems = [*self.choice.problems, *self.problems]
        moved: Sequence[Moved] = ()
        if outcome is not None:
            moved = telling_of_sale(self.sale.id, self.formats).tell(outcome)
        money = self.formats.money(outcome.money_minor) if outcome else ""
        return {
            "receipt": receipt,
            "pieces": self.choice.pieces,
            "problems": problems,
            "moved": moved,
            "can_confirm": outcome is not None,
            "value": self.formats.money(outcome.value_minor) if outcome else "",
            "money": money if outcome and outcome.money_minor else "",
            "seen": outcome.mark if outcome else "",
            "note": self.note,
            "request_id": self.request_id,
            "asks_approval": self.asks_approval,
            "approvers": approvers(self.request) if self.asks_approval else (),
            "approver": self.request.POST.get("approver", ""),
        }


@sensitive_post_parameters("pin")
@at_till
@require_http_methods(GET_OR_POST)
def refund(request: TillRequest, sale_id: UUID) -> HttpResponse:
    """Choose what comes back, see what that does, and do it."""
    facts, receipt = _sale(request, sale_id)
    if facts.state != Sale.State.PAID:
        return redirect("till:sale", sale_id)
    sent = request.POST
    formats = request.shift.formats(request.shift.at)
    request_id = read_id(sent.get("request_id", "")) or new_id()
    choice = choose(facts, sent.dict(), formats)
    work = Refunding(request, facts, formats, choice, request_id)
    if sent.get("do") == "confirm":
        done = work.confirm()
        if done is not None:
            return _after(request, sale_id, _done_words(done, formats))
    if not (work.choice.pieces or work.problems):
        return redirect("till:sale", sale_id)
    work.look()
    page = work.page(receipt)
    template = "till/_refund.html" if request.htmx else "till/refund.html"
    return render(request, template, page, status=422 if page["problems"] else 200)


def _done_words(done: RefundOutcome, formats: Formats) -> str:
    if done.money_minor:
        return _("Given back: %(sum)s") % {"sum": formats.money(done.money_minor)}
    return _("It is given back.")


@dataclass(frozen=True, slots=True)
class Ending:
    """A way to close a sale that was never paid whole."""

    title: Promise
    lead: Promise
    verb: Promise
    done: Promise
    keeps_deposits: bool


ENDINGS: Mapping[str, Ending] = {
    "void": Ending(
        gettext_lazy("Call it off?"),
        gettext_lazy("Everything that was paid goes back to where it came from."),
        gettext_lazy("Call it off"),
        gettext_lazy("The sale is called off."),
        keeps_deposits=False,
    ),
    "forfeit": Ending(
        gettext_lazy("Keep the deposit?"),
        gettext_lazy("For somebody who does not come back: the deposit stays, nothing is earned."),
        gettext_lazy("Keep the deposit"),
        gettext_lazy("The sale is closed, and its deposit kept."),
        keeps_deposits=True,
    ),
}


@at_till
@require_http_methods(GET_OR_POST)
def end(request: TillRequest, sale_id: UUID, how: str) -> HttpResponse:
    """Call an open sale off, or keep its deposit, after having seen what goes back."""
    facts, receipt = _sale(request, sale_id)
    ending, shift = ENDINGS[how], request.shift
    formats, seen, wrong = shift.formats(shift.at), _seen(facts), ""
    if request.method == "POST":
        request_id = read_id(request.POST.get("request_id", "")) or new_id()
        close = forfeit if ending.keeps_deposits else void
        asked = Request(request_id, shift.at, shift.staff.pk)
        if facts.state == Sale.State.OPEN and request.POST.get("seen") != seen:
            wrong = _("Something was paid meanwhile. Look at what goes back, and press once more.")
        else:
            try:
                close(shift.business.pk, sale_id, request=asked)
                return _after(request, sale_id, str(ending.done))
            except Refusal as refusal:
                wrong = refusing.say(refusal, formats)
    elif facts.state != Sale.State.OPEN:
        return redirect("till:sale", sale_id)
    page = {
        "receipt": receipt,
        "ending": ending,
        "moved": telling_of_sale(sale_id, formats).tell_ending(
            facts, keeps_deposits=ending.keeps_deposits, at=shift.at
        ),
        "seen": seen,
        "request_id": new_id(),
        "wrong": wrong,
    }
    return render(request, "till/ending.html", page, status=422 if wrong else 200)


def _seen(facts: SaleFacts) -> str:
    """What of a sale was shown: how often and how much was paid."""
    paid = sum(payment.amount_minor for payment in facts.payments)
    return f"{len(facts.payments)},{paid}"


def _sale(request: TillRequest, sale_id: UUID) -> tuple[SaleFacts, Receipt]:
    """Raises Http404."""
    shift = request.shift
    try:
        facts = read_sale(shift.business.pk, sale_id)
        return facts, read_receipt(sale_id, shift.formats(shift.at))
    except NotFound as missing:
        raise Http404 from missing


def _after(request: TillRequest, sale_id: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    if request.htmx:
        return HttpResponseClientRedirect(reverse("till:sale", args=[sale_id]))
    return redirect("till:sale", sale_id)
