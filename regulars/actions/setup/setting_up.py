"""Setting up: a business of its kind, and programmes from templates and files."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.once import Answer, done_once
from regulars.actions.setup.programmes import (
    MOST_LETTERS,
    Joining,
    check_names,
    known_levels,
    write_version,
)
from regulars.business.models import Business, Feature, FeatureChange, Method, Place, Till
from regulars.domain import features
from regulars.domain.errors import TermsRefused
from regulars.domain.terms import Level as DomainLevel
from regulars.ledger import posting
from regulars.ledger.posting import Request
from regulars.programmes.draft import Draft
from regulars.programmes.models import Group, LevelTerms, Programme, Version
from regulars.programmes.starting import starting_draft
from regulars.rows import Rows

TAKES = (Method.CASH, Method.CARD, Method.GIFT_CARD)
"""What every till takes at first; a cinema's takes points too."""


@transaction.atomic(durable=True)
def new_business(  # noqa: PLR0913 - the fields of a business
    *,
    name: str,
    slug: str,
    template: str,
    currency: str,
    timezone: str,
    locale: str,
    city: str,
    accent: tuple[int, int],
    at: datetime,
    point_value_minor: int | None = None,
) -> Business:
    """Set up a business with a place, a till, a programme and loyalty switched on.

    ``template`` is one of ``Business.Kind``. ``accent`` is hue (0 to 359) and chroma (thousandths,
    at most 120). ``point_value_minor`` is what a point is worth where points are a payment; by
    default it follows from the currency.

    Raises ValidationError, by field.
    """
    business = Business(
        name=name,
        slug=slug,
        city=city,
        currency=currency,
        timezone=timezone,
        locale=locale,
        accent_hue=accent[0],
        accent_chroma_milli=accent[1],
        kind=template,
        created_at=at,
    )
    business.full_clean()
    business.save(force_insert=True)
    with scope(business=business):
        _switch_on(business, at)
        _open_till(business)
        rows = Rows()
        posting.open_system_accounts(rows, business.pk, currency, posting.OF_MONEY)
        rows.write()
        draft = starting_draft(business, point_value_minor=point_value_minor)
        create_programme(business.pk, draft, author=None, at=at)
    return business


def _switch_on(business: Business, at: datetime) -> None:
    for code, on in features.plan_switch({}, features.Feature.LOYALTY, on=True):
        Feature.objects.create(business=business, code=code, on=on, since=at)
        FeatureChange.objects.create(business=business, code=code, on=on, at=at)


def _open_till(business: Business) -> None:
    place = Place.objects.create(business=business, name=business.name, address=business.city)
    is_cinema = business.kind == Business.Kind.CINEMA
    takes = [*TAKES, Method.POINTS] if is_cinema else TAKES
    names = [method.value for method in takes]
    Till.objects.create(business=business, place=place, name=_("Till 1"), takes=names)


@transaction.atomic(durable=True)
def bring_in(business_id: UUID, draft: Draft, *, author: UUID | None, at: datetime) -> Version:
    """Save a draft as the next version of the programme of its name, or as a new programme.

    Levels are known by their ids, else by their names; groups by their names, new ones are made.

    Raises TermsRefused.
    """
    return _bring_in(business_id, draft, author=author, at=at)


@action
def save_draft(
    business_id: UUID,
    asked: Sequence[object],
    make: Callable[[], Draft | UUID],
    *,
    request: Request,
) -> UUID:
    """Bring a draft in for a request; gives the version's id, the same for its repeats.

    ``asked`` is the name of what is asked for and what was given. ``make`` makes the draft of it
    when it is not done yet, or gives the version that says the same already.

    Raises TermsRefused, RequestIdReused, and what ``make`` raises.
    """

    def save() -> Answer:
        made = make()
        if isinstance(made, Draft):
            made = _bring_in(business_id, made, author=request.actor, at=request.at).pk
        return {"version": str(made)}

    return UUID(done_once(business_id, request, asked, save)["version"])


def _bring_in(business_id: UUID, draft: Draft, *, author: UUID | None, at: datetime) -> Version:
    _check_texts(draft)
    programme = Programme.objects.filter(name=draft.name).first()
    if programme is None:
        return create_programme(business_id, draft, author=author, at=at)
    Programme.objects.filter(pk=programme.pk).update(
        unit_one=draft.unit_one, unit_many=draft.unit_many
    )
    return _write_draft(programme, draft, author=author, at=at)


def create_programme(
    business_id: UUID, draft: Draft, *, author: UUID | None, at: datetime
) -> Version:
    """A step of actions: a new programme with its first version and its accounts in the books.

    Raises TermsRefused.
    """
    _check_texts(draft)
    programme = Programme(
        business_id=business_id,
        name=draft.name,
        unit_one=draft.unit_one,
        unit_many=draft.unit_many,
        created_at=at,
    )
    programme.save(force_insert=True)
    rows = Rows()
    posting.open_system_accounts(rows, business_id, str(programme.pk), posting.OF_POINTS)
    rows.write()
    return _write_draft(programme, draft, author=author, at=at)


def _write_draft(
    programme: Programme, draft: Draft, *, author: UUID | None, at: datetime
) -> Version:
    groups = {group_id: _group_named(programme, name) for group_id, name in draft.groups.items()}
    by_name = _levels_by_name(programme)
    known = known_levels(programme)
    levels = tuple(_adopted(level, groups, by_name, known) for level in draft.terms.levels)
    joining = Joining(draft.joins_by, draft.confirm_by, draft.terms_url)
    terms = replace(draft.terms, levels=levels)
    return write_version(programme, terms, joining, author=author, at=at)


def _adopted(
    level: DomainLevel,
    groups: Mapping[UUID, UUID],
    by_name: Mapping[str, UUID],
    known: Collection[UUID],
) -> DomainLevel:
    level_id = level.id if level.id in known else by_name.get(level.name, level.id)
    group_id = None if level.group_id is None else groups[level.group_id]
    return replace(level, id=level_id, group_id=group_id)


def _levels_by_name(programme: Programme) -> dict[str, UUID]:
    last = Version.objects.filter(programme=programme).order_by("-number").first()
    rows = LevelTerms.objects.filter(version=last) if last else LevelTerms.objects.none()
    return {row.name: row.level_id for row in rows}


def _group_named(programme: Programme, name: str) -> UUID:
    return Group.objects.get_or_create(name=name, business_id=programme.business_id)[0].pk


def _check_texts(draft: Draft) -> None:
    check_names(draft.name, draft.unit_one, draft.unit_many)
    if any(len(name) > MOST_LETTERS for name in draft.groups.values()):
        raise TermsRefused([f"the name of a group has at most {MOST_LETTERS} letters"])
