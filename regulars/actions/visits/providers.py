"""Setting up the calendar: who does which services, when, and when not; what is asked of who books.

Nothing here moves value. Bookings that are there already stay as they are.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.once import Answer, done_once
from regulars.bookings.models import BookingRules, Closure, OpeningHours, Provider, ProviderService
from regulars.business.models import Business, Place
from regulars.catalogue.models import Item
from regulars.domain.amounts import check_amount
from regulars.domain.calendar import MINUTES_A_DAY, Hours, Rules, hours_overlap
from regulars.domain.errors import BookingRefused, NotFound
from regulars.domain.terms import Kind
from regulars.ledger.posting import Request

LEAST_STEP = 5
MOST_NOTICE = 365 * MINUTES_A_DAY
MOST_DAYS_AHEAD = 730


@dataclass(frozen=True, slots=True)
class ProviderOrder:
    """Somebody, or something, that services are booked with."""

    name: str
    place_id: UUID | None = None
    item_ids: Collection[UUID] = ()
    """The services that they do."""


@action
def create_provider(business_id: UUID, order: ProviderOrder, *, request: Request) -> UUID:
    """A new provider; gives the id, the same when the request is repeated.

    Raises NotFound (place, item), BookingRefused (no_name, not_a_service), RequestIdReused.
    """

    def create() -> Answer:
        with scope(business=business_id):
            _check_provider(order)
            made = Provider.objects.create(
                business_id=business_id, name=order.name.strip(), place_id=order.place_id
            )
            _set_services(business_id, made.pk, order.item_ids)
        return {"provider": str(made.pk)}

    asked = replace(order, item_ids=sorted(order.item_ids))
    return UUID(done_once(business_id, request, ("create_provider", asked), create)["provider"])


@action
def change_provider(
    business_id: UUID, provider_id: UUID, order: ProviderOrder, *, archived_at: datetime | None
) -> None:
    """Change what is known of a provider; an archived one is not booked any more.

    Raises NotFound (provider, place, item), BookingRefused (no_name, not_a_service).
    """
    with scope(business=business_id):
        provider = _locked_provider(provider_id)
        _check_provider(order)
        Provider.objects.filter(pk=provider_id).update(
            name=order.name.strip(),
            place_id=order.place_id,
            archived_at=archived_at and (provider.archived_at or archived_at),
        )
        _set_services(business_id, provider_id, order.item_ids)


def _locked_provider(provider_id: UUID) -> Provider:
    found = Provider.objects.select_for_update(no_key=True).filter(pk=provider_id).first()
    if found is None:
        raise NotFound("provider")
    return found


def _check_provider(order: ProviderOrder) -> None:
    if not order.name.strip():
        raise BookingRefused("no_name")
    if order.place_id and not Place.objects.filter(pk=order.place_id).exists():
        raise NotFound("place")
    kinds = list(Item.objects.filter(pk__in=order.item_ids).values_list("kind", flat=True))
    if len(kinds) < len(set(order.item_ids)):
        raise NotFound("item")
    if any(kind != Kind.SERVICE for kind in kinds):
        raise BookingRefused("not_a_service")


def _set_services(business_id: UUID, provider_id: UUID, item_ids: Collection[UUID]) -> None:
    done = ProviderService.objects.filter(provider_id=provider_id)
    done.exclude(item_id__in=item_ids).delete()
    there = set(done.values_list("item_id", flat=True))
    ProviderService.objects.bulk_create(
        ProviderService(business_id=business_id, provider_id=provider_id, item_id=item_id)
        for item_id in dict.fromkeys(item_ids)
        if item_id not in there
    )


@action
def set_hours(business_id: UUID, provider_id: UUID | None, hours: Sequence[Hours]) -> None:
    """Set all hours of a week: of a provider, or of the business where none is named.

    A provider without hours keeps those of the business.

    Raises NotFound (business, provider), BookingRefused (hours_overlap,
    hours_end_before_they_begin).
    """
    if any(not each.minutes for each in hours):
        raise BookingRefused("hours_end_before_they_begin")
    if hours_overlap(hours):
        raise BookingRefused("hours_overlap")
    with scope(business=business_id):
        if provider_id is not None:
            _locked_provider(provider_id)
        elif not Business.objects.select_for_update(no_key=True).filter(pk=business_id).first():
            raise NotFound("business")
        whose = Q(provider_id=provider_id) if provider_id else Q(provider__isnull=True)
        OpeningHours.objects.filter(whose).delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(
                business_id=business_id,
                provider_id=provider_id,
                weekday=each.weekday,
                opens_at=each.opens_at,
                closes_at=each.closes_at,
            )
            for each in hours
        )


@dataclass(frozen=True, slots=True)
class ClosureOrder:
    """Days on which nothing can be booked, the first and the last."""

    first_day: date
    last_day: date
    provider_id: UUID | None = None
    """None = of the business."""
    why: str = ""
    """Customers see it."""


@action
def add_closure(business_id: UUID, order: ClosureOrder, *, request: Request) -> UUID:
    """Close on some days. What is booked there stays; gives the id.

    Raises NotFound (provider), BookingRefused (ends_before_it_starts), RequestIdReused.
    """
    if order.last_day < order.first_day:
        raise BookingRefused("ends_before_it_starts")

    def add() -> Answer:
        with scope(business=business_id):
            if order.provider_id and not Provider.objects.filter(pk=order.provider_id).exists():
                raise NotFound("provider")
            made = Closure.objects.create(
                business_id=business_id,
                provider_id=order.provider_id,
                first_day=order.first_day,
                last_day=order.last_day,
                why=order.why.strip(),
            )
        return {"closure": str(made.pk)}

    return UUID(done_once(business_id, request, ("add_closure", order), add)["closure"])


@action
def change_closure(
    business_id: UUID,
    closure_id: UUID,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    why: str | None = None,
) -> Closure:
    """Change what is given of a closure.

    Raises NotFound (closure), BookingRefused (ends_before_it_starts).
    """
    with scope(business=business_id):
        rows = Closure.objects.select_for_update(no_key=True)
        closure = rows.filter(pk=closure_id).first()
        if closure is None:
            raise NotFound("closure")
        closure.first_day = first_day or closure.first_day
        closure.last_day = last_day or closure.last_day
        closure.why = closure.why if why is None else why.strip()
        if closure.last_day < closure.first_day:
            raise BookingRefused("ends_before_it_starts")
        columns = {name: getattr(closure, name) for name in ("first_day", "last_day", "why")}
        Closure.objects.filter(pk=closure_id).update(**columns)
    return closure


@action
def remove_closure(business_id: UUID, closure_id: UUID) -> None:
    """Be open after all; doing it twice is doing it once."""
    with scope(business=business_id):
        Closure.objects.filter(pk=closure_id).delete()


@action
def set_rules(business_id: UUID, rules: Rules) -> None:
    """Set what is asked of customers who book by themselves.

    Raises BadAmount.
    """
    check_amount("step_minutes", rules.step_minutes, least=LEAST_STEP, most=MINUTES_A_DAY)
    check_amount("notice_minutes", rules.notice_minutes, least=0, most=MOST_NOTICE)
    check_amount("days_ahead", rules.days_ahead, least=0, most=MOST_DAYS_AHEAD)
    check_amount("change_until_minutes", rules.change_until_minutes, least=0, most=MOST_NOTICE)
    with scope(business=business_id):
        columns = {
            "step_minutes": rules.step_minutes,
            "notice_minutes": rules.notice_minutes,
            "days_ahead": rules.days_ahead,
            "change_until_minutes": rules.change_until_minutes,
        }
        if not BookingRules.objects.all().update(**columns):
            BookingRules.objects.create(business_id=business_id, **columns)
