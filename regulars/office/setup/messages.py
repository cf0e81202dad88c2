"""The queue of messages: what waits, what went, who was left out and why (B3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as said
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from regulars.actions.due.again import try_again
from regulars.business.formats import Formats
from regulars.domain.days import end_of, start_of
from regulars.domain.errors import NotFound, Refusal
from regulars.notices.models import Message
from regulars.notices.queries import read_queue
from regulars.office.access import Office, OfficeRequest, at_office
from regulars.reports import refusing
from regulars.reports.messages import Cut, Queued, key_of, list_messages
from regulars.reports.occasions import OCCASIONS, label_of
from regulars.rows import new_id

ON_A_PAGE = 50

STATES: dict[str, tuple[Promise, str, str]] = {
    Message.State.WAITING: (gettext_lazy("Waiting"), "", "clock"),
    Message.State.SENT: (gettext_lazy("Sent"), "good", "check"),
    Message.State.HELD: (gettext_lazy("Held back"), "warn", "mail-x"),
    Message.State.FAILED: (gettext_lazy("Failed"), "bad", "circle-alert"),
}
"""Word, tone and icon."""

FILTERS = ("state", "occasion", "channel", "since", "until", "customer")
_DAYS = ("since", "until")


@dataclass(frozen=True, slots=True)
class Row:
    """A message in the list."""

    id: str
    when: str
    customer_id: str
    name: str
    occasion: str
    channel: str
    is_asked_for: bool
    state: tuple[Promise, str, str]
    why: str
    tries: str
    next_try: str
    can_try: bool


@never_cache
@require_safe
@at_office
def messages(request: OfficeRequest) -> HttpResponse:
    """The newest first, filtered by what stands in the address."""
    office, formats = request.office, request.office.formats
    cut = _cut_of(request.GET, office)
    before = _before(office, request.GET.get("before", ""))
    found, more = list_messages(office.business.pk, cut, limit=ON_A_PAGE, before=before)
    asked = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    counts = read_queue(office.business.pk).counts
    page = {
        "rows": [_row(one, formats) for one in found],
        "states": [
            (state, word, formats.number(counts.get(state, 0)), _address(asked, state=state))
            for state, (word, _tone, _icon) in STATES.items()
        ],
        "all_address": _address(asked, state=""),
        "all_count": formats.number(sum(counts.values())),
        "cut": cut,
        "asked": asked,
        "occasions": [(template, label_of(template, office.units[1])) for template in OCCASIONS],
        "channels": [(channel.value, channel.label) for channel in Message.Channel],
        "older": _address(asked, before=str(found[-1].id)) if more else "",
        "newest": _address(asked) if before else "",
        "is_filtered": bool(asked),
        "query": request.GET.urlencode(),
    }
    return render(request, "office/setup/messages.html", page)


def _row(one: Queued, formats: Formats) -> Row:
    return Row(
        id=str(one.id),
        when=_moment(one.created_at, formats),
        customer_id=str(one.customer_id or ""),
        name=one.name or (_("Without a name") if one.customer_id else _("No customer")),
        occasion=label_of(one.template, formats.unit_many),
        channel=str(Message.Channel(one.channel).label),
        is_asked_for=one.message_class == Message.Class.ASKED_FOR,
        state=STATES[one.state],
        why=one.why,
        tries=formats.number(one.attempts) if one.attempts else "",
        next_try=_moment(one.next_try_at, formats) if one.next_try_at else "",
        can_try=one.state == Message.State.FAILED,
    )


def _moment(at: datetime, formats: Formats) -> str:
    return f"{formats.day_at(at)}, {formats.clock(at)}"


def _cut_of(asked: QueryDict, office: Office) -> Cut:
    """Raises Http404 for an address that was not made here."""
    state, occasion, channel = (asked.get(name, "") for name in ("state", "occasion", "channel"))
    known = (
        state in {"", *Message.State.values}
        and occasion in {"", *OCCASIONS}
        and channel in {"", *Message.Channel.values}
    )
    if not known:
        raise Http404
    try:
        since, until = (_day(asked.get(name, "")) for name in _DAYS)
        customer = asked.get("customer")
        zone = office.business.zone
        return Cut(
            state=state,
            template=occasion,
            channel=channel,
            since=start_of(since, zone) if since else None,
            until=end_of(until, zone) if until else None,
            customer_id=UUID(customer) if customer else None,
        )
    except ValueError as problem:
        raise Http404 from problem


def _day(text: str) -> date | None:
    """Raises ValueError."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if not date(1900, 1, 1) <= day <= date(2200, 1, 1) - timedelta(days=1):
        raise ValueError(text)
    return day


def _before(office: Office, text: str) -> tuple[datetime, UUID] | None:
    """Raises Http404."""
    if not text:
        return None
    try:
        key = key_of(office.business.pk, UUID(text))
    except ValueError as problem:
        raise Http404 from problem
    if key is None:
        raise Http404
    return key


def _address(asked: dict[str, str], **other: str) -> str:
    query = {name: value for name, value in (asked | other).items() if value}
    address = reverse("office:messages")
    return f"{address}?{urlencode(query)}" if query else address


@require_POST
@at_office
def send_again(request: OfficeRequest, message_id: UUID) -> HttpResponse:
    """Let a message wait again that has failed."""
    office = request.office
    try:
        try_again(office.business.pk, message_id, request=office.request(new_id()))
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        said.error(request, refusing.say(refusal, office.formats))
    else:
        said.success(request, _("It waits again, and is tried within a minute."))
    back = QueryDict(request.POST.get("query", ""))
    return redirect(_address({name: back[name] for name in (*FILTERS, "before") if name in back}))
