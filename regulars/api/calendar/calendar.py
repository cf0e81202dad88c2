"""The calendar: who does what and when, sessions of classes, and what is free."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django_scopes import scope
from ninja import Query

from regulars.actions.visits import calendar as reading
from regulars.actions.visits import money_back
from regulars.actions.visits import providers as actions
from regulars.actions.visits import sessions as holding
from regulars.api.calendar import calendar_shapes as shapes
from regulars.api.calendar.bookings import money_out
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.paging import Cursor, Limit, page
from regulars.api.requests import request_of, request_or_new
from regulars.api.scopes import Scope
from regulars.api.setup.setup import listed, told
from regulars.api.shapes import Day, answer
from regulars.bookings.models import Booking, Closure, OpeningHours, Provider
from regulars.bookings.queries import SessionSeats, read_rules, read_session, read_sessions
from regulars.domain.calendar import Hours, Rules
from regulars.domain.days import end_of, start_of
from regulars.domain.errors import NotFound

calendar = Resource("Calendar")

READ, WRITE = Scope.SETUP_READ, Scope.SETUP_WRITE
CANCEL = shapes.SessionCancelIn()

Asked = Annotated[Day, Query()]
Days = Annotated[int, Query(ge=1, le=92)]


@calendar.reads("/providers", READ, shapes.Providers)
def list_providers(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All providers, archived ones too."""
    with scope(business=request.auth.business_id):
        rows = Provider.objects.prefetch_related("services")
        found, after = page(rows, cursor, limit)
        shown = [_provider_out(each) for each in found]
    return answer(shapes.Providers(providers=shown, next_cursor=after))


@calendar.writes("/providers", WRITE, shapes.ProviderOut)
def create_provider(request: ApiRequest, body: shapes.ProviderIn) -> HttpResponse:
    """A new provider. Without hours of their own they keep the business's."""
    order = actions.ProviderOrder(body.name, body.place_id, body.item_ids)
    asked = request_of(request, body)
    provider_id = actions.create_provider(request.auth.business_id, order, request=asked)
    return answer(_provider_out(_provider(request, provider_id)), 201)


@calendar.writes("/providers/{uuid:provider_id}", WRITE, shapes.ProviderOut, method="PATCH")
def change_provider(
    request: ApiRequest, provider_id: UUID, body: shapes.ProviderPatch
) -> HttpResponse:
    """Change a provider; an archived one is not booked any more. Bookings stay as they are."""
    asked = request_or_new(request, body)
    held = _provider_out(_provider(request, provider_id))
    order = actions.ProviderOrder(
        name=body.name or held.name,
        place_id=body.place_id if "place_id" in body.model_fields_set else held.place_id,
        item_ids=held.item_ids if body.item_ids is None else body.item_ids,
    )
    is_archived = held.archived_at is not None if body.archived is None else body.archived
    archived_at = (held.archived_at or asked.at) if is_archived else None
    business_id = request.auth.business_id
    actions.change_provider(business_id, provider_id, order, archived_at=archived_at)
    return answer(_provider_out(_provider(request, provider_id)))


def _provider(request: ApiRequest, provider_id: UUID) -> Provider:
    with scope(business=request.auth.business_id):
        rows = Provider.objects.prefetch_related("services")
        found = rows.filter(pk=provider_id).first()
    if found is None:
        raise NotFound("provider")
    return found


def _provider_out(provider: Provider) -> shapes.ProviderOut:
    return shapes.ProviderOut(
        id=provider.pk,
        name=provider.name,
        place_id=provider.place_id,
        item_ids=sorted(each.item_id for each in provider.services.all()),
        archived_at=provider.archived_at,
    )


@calendar.reads("/opening-hours", READ, shapes.HoursOut)
def read_opening_hours(request: ApiRequest, provider_id: UUID | None = None) -> HttpResponse:
    """The hours of a week: the business's own, or those of a provider."""
    if provider_id is not None:
        _provider(request, provider_id)
    return answer(_hours_out(request, provider_id))


@calendar.writes("/opening-hours", WRITE, shapes.HoursOut, method="PATCH")
def set_opening_hours(request: ApiRequest, body: shapes.HoursIn) -> HttpResponse:
    """Set all hours of a week at once. A provider without hours keeps the business's."""
    hours = [
        Hours(each.weekday, time.fromisoformat(each.opens_at), time.fromisoformat(each.closes_at))
        for each in body.hours
    ]
    actions.set_hours(request.auth.business_id, body.provider_id, hours)
    return answer(_hours_out(request, body.provider_id))


def _hours_out(request: ApiRequest, provider_id: UUID | None) -> shapes.HoursOut:
    with scope(business=request.auth.business_id):
        rows = OpeningHours.objects.filter(provider=provider_id)
        parts = [
            shapes.HoursPartOut(
                weekday=each.weekday,
                opens_at=f"{each.opens_at:%H:%M}",
                closes_at=f"{each.closes_at:%H:%M}",
            )
            for each in rows.order_by("weekday", "opens_at")
        ]
    return shapes.HoursOut(provider_id=provider_id, hours=parts)


@calendar.reads("/closures", READ, shapes.Closures)
def list_closures(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All closures, past ones too."""
    rows, after = listed(request, Closure, shapes.ClosureOut, cursor=cursor, limit=limit)
    return answer(shapes.Closures(closures=rows, next_cursor=after))


@calendar.writes("/closures", WRITE, shapes.ClosureOut)
def add_closure(request: ApiRequest, body: shapes.ClosureIn) -> HttpResponse:
    """Be closed on some days."""
    order = actions.ClosureOrder(body.first_day, body.last_day, body.provider_id, body.why)
    business_id = request.auth.business_id
    closure_id = actions.add_closure(business_id, order, request=request_of(request, body))
    with scope(business=business_id):
        made = Closure.objects.filter(pk=closure_id).first()
    if made is None:  # Removed since this very request was done.
        raise NotFound("closure")
    return answer(told(made, shapes.ClosureOut), 201)


@calendar.writes("/closures/{uuid:closure_id}", WRITE, shapes.ClosureOut, method="PATCH")
def change_closure(
    request: ApiRequest, closure_id: UUID, body: shapes.ClosurePatch
) -> HttpResponse:
    """Change a closure; once it is removed, it is not there any more."""
    business_id = request.auth.business_id
    sent = body.model_dump(exclude={"request_id", "removed"}, exclude_none=True)
    changed = actions.change_closure(business_id, closure_id, **sent)
    if body.removed:
        actions.remove_closure(business_id, closure_id)
    return answer(told(changed, shapes.ClosureOut))


@calendar.reads("/booking-rules", READ, shapes.RulesOut)
def read_booking_rules(request: ApiRequest) -> HttpResponse:
    """What is asked of customers who book by themselves."""
    return answer(_rules_out(read_rules(request.auth.business_id)[1]))


@calendar.writes("/booking-rules", WRITE, shapes.RulesOut, method="PATCH")
def change_booking_rules(request: ApiRequest, body: shapes.RulesPatch) -> HttpResponse:
    """Change what is asked of customers who book by themselves."""
    business_id = request.auth.business_id
    held = _rules_out(read_rules(business_id)[1]).model_dump()
    sent = body.model_dump(exclude={"request_id"}, exclude_none=True)
    rules = Rules(**{**held, **sent})
    actions.set_rules(business_id, rules)
    return answer(_rules_out(rules))


def _rules_out(rules: Rules) -> shapes.RulesOut:
    return shapes.RulesOut(**{name: getattr(rules, name) for name in shapes.RulesOut.model_fields})


@calendar.reads("/sessions", Scope.BOOKINGS_READ, shapes.Sessions)
def list_sessions(
    request: ApiRequest, first_day: Asked, days: Days = 14, item_id: UUID | None = None
) -> HttpResponse:
    """The sessions of a class, or of all classes, on some days; cancelled and full ones too."""
    business_id = request.auth.business_id
    zone, _ = read_rules(business_id)
    until = end_of(first_day + timedelta(days=days - 1), zone)
    found = read_sessions(business_id, item_id, start_of(first_day, zone), until)
    return answer(_sessions_out(found))


@calendar.writes("/sessions", Scope.BOOKINGS_WRITE, shapes.Sessions)
def add_sessions(request: ApiRequest, body: shapes.SessionsIn) -> HttpResponse:
    """Hold a class: once, or every week on the same day and at the same time by the clock."""
    business_id = request.auth.business_id
    order = holding.SessionOrder(**body.model_dump(exclude={"request_id"}))
    made = holding.add_sessions(business_id, order, request=request_of(request, body))
    return answer(_sessions_out(_session(request, each) for each in made), 201)


@calendar.writes(
    "/sessions/{uuid:session_id}", Scope.BOOKINGS_WRITE, shapes.SessionOut, method="PATCH"
)
def change_session(
    request: ApiRequest, session_id: UUID, body: shapes.SessionPatch
) -> HttpResponse:
    """Change how many seats a session has, who gives it, and where."""
    held, sent = _session(request, session_id), body.model_fields_set
    holding.change_session(
        request.auth.business_id,
        session_id,
        seats=held.seats if body.seats is None else body.seats,
        provider_id=body.provider_id if "provider_id" in sent else held.provider_id,
        place_id=body.place_id if "place_id" in sent else held.place_id,
    )
    return answer(_session_out(_session(request, session_id)))


@calendar.writes(
    "/sessions/{uuid:session_id}/cancel", Scope.BOOKINGS_WRITE, shapes.SessionCancelledOut
)
def cancel_session(
    request: ApiRequest, session_id: UUID, body: shapes.SessionCancelIn = CANCEL
) -> HttpResponse:
    """Cancel a session with all its bookings; everybody is told, what was paid comes back."""
    asked, business_id = request_of(request, body), request.auth.business_id
    holding.cancel_session(business_id, session_id, give_back=body.give_back, request=asked)
    money_back.give_back_in_session(business_id, session_id, at=asked.at)
    told = _session_out(_session(request, session_id)).model_dump()
    with scope(business=business_id):
        booked = list(Booking.objects.filter(session=session_id).values_list("pk", flat=True))
    return answer(shapes.SessionCancelledOut(**told, money=money_out(business_id, booked)), 201)


def _session(request: ApiRequest, session_id: UUID) -> SessionSeats:
    found = read_session(request.auth.business_id, session_id)
    if found is None:
        raise NotFound("session")
    return found


def _session_out(session: SessionSeats) -> shapes.SessionOut:
    fields = shapes.SessionOut.model_fields
    return shapes.SessionOut(**{name: getattr(session, name) for name in fields})


def _sessions_out(sessions: Iterable[SessionSeats]) -> shapes.Sessions:
    return shapes.Sessions(sessions=[_session_out(each) for each in sessions])


@calendar.reads("/free-times", Scope.BOOKINGS_READ, shapes.FreeTimes)
def list_free_times(
    request: ApiRequest, item_id: UUID, day: Asked, provider_id: UUID | None = None
) -> HttpResponse:
    """When customers can book a service on a day: with a provider, or with anybody."""
    at: datetime = timezone.now()
    found = reading.free_times(
        request.auth.business_id, item_id, day, provider_id=provider_id, at=at
    )
    fields = shapes.FreeTimeOut.model_fields
    times = [shapes.FreeTimeOut(**{name: getattr(each, name) for name in fields}) for each in found]
    return answer(shapes.FreeTimes(times=times))
