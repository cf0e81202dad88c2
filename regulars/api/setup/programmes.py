"""Programmes, their versions, levels and terms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django_scopes import scope

from regulars.actions.setup.programmes import name_programme
from regulars.actions.setup.setting_up import save_draft
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.errors import Code, Problem, problem_with
from regulars.api.requests import request_of, request_or_new
from regulars.api.scopes import Scope
from regulars.api.setup import programme_shapes as shapes
from regulars.api.shapes import answer
from regulars.api.telling import formats_of
from regulars.domain import terms as domain
from regulars.domain.errors import NotFound
from regulars.programmes.draft import Draft
from regulars.programmes.models import Group, Programme, Version
from regulars.programmes.queries import draft_of, terms_of
from regulars.programmes.versions import LEVEL_FIELDS, PROGRAMME_FIELDS
from regulars.reports.programmes import in_words
from regulars.rows import new_id

programmes = Resource("Programmes")

READ, WRITE = Scope.SETUP_READ, Scope.SETUP_WRITE


@programmes.reads("/programmes", READ, shapes.Programmes)
def list_programmes(request: ApiRequest) -> HttpResponse:
    """All programmes, each with the version that holds now."""
    with scope(business=request.auth.business_id):
        found = list(Programme.objects.order_by("created_at", "pk"))
        told = [_told(request.auth, programme) for programme in found]
    return answer(shapes.Programmes(programmes=told))


@programmes.writes("/programmes", WRITE, shapes.ProgrammeOut)
def create_programme(request: ApiRequest, body: shapes.ProgrammeIn) -> HttpResponse:
    """A new programme. Sent again as it is, nothing changes."""
    caller = request.auth

    def make() -> Draft | UUID:
        there = Programme.objects.filter(name=body.name).first()
        draft = _draft(caller, body, there)
        if there is None:
            return draft
        if not _is_saved(there, draft):
            raise Problem(Code.ALREADY_THERE, "There is a programme of this name already.")
        return _last(there).pk

    saved = _saved(request, ("create_programme",), body, make)
    with scope(business=caller.business_id):
        return answer(_told(caller, _programme(saved.programme_id)), 201)


def _saved(
    request: ApiRequest,
    asked: tuple[object, ...],
    body: shapes.ProgrammeIn | shapes.VersionIn,
    make: Callable[[], Draft | UUID],
) -> Version:
    """The version that a request saves, or has saved."""
    business_id, by = request.auth.business_id, request_of(request, body)
    sent = body.model_dump(mode="json", exclude={"request_id"})
    with scope(business=business_id):
        version_id = save_draft(business_id, (*asked, sent), make, request=by)
        return Version.objects.get(pk=version_id)


@programmes.reads("/programmes/{uuid:programme_id}", READ, shapes.ProgrammeOut)
def read_programme(request: ApiRequest, programme_id: UUID) -> HttpResponse:
    """A programme with the version that holds now."""
    with scope(business=request.auth.business_id):
        return answer(_told(request.auth, _programme(programme_id)))


@programmes.writes("/programmes/{uuid:programme_id}", WRITE, shapes.ProgrammeOut, method="PATCH")
def change_programme(
    request: ApiRequest, programme_id: UUID, body: shapes.ProgrammePatch
) -> HttpResponse:
    """Give a programme or its points other names."""
    request_or_new(request, body)
    with scope(business=request.auth.business_id):
        programme = _programme(programme_id)
        name_programme(
            programme,
            name=body.name or programme.name,
            unit_one=body.unit_one or programme.unit_one,
            unit_many=body.unit_many or programme.unit_many,
        )
        return answer(_told(request.auth, _programme(programme_id)))


@programmes.reads("/programmes/{uuid:programme_id}/versions", READ, shapes.Versions)
def list_versions(request: ApiRequest, programme_id: UUID) -> HttpResponse:
    """All versions of a programme, the first one first."""
    with scope(business=request.auth.business_id):
        _programme(programme_id)
        found = Version.objects.filter(programme_id=programme_id).order_by("number")
        lines = [
            shapes.VersionLine(id=each.pk, number=each.number, holds_from=each.holds_from)
            for each in found
        ]
    return answer(shapes.Versions(versions=lines))


@programmes.reads(
    "/programmes/{uuid:programme_id}/versions/{uuid:version_id}", READ, shapes.VersionOut
)
def read_version(request: ApiRequest, programme_id: UUID, version_id: UUID) -> HttpResponse:
    """A version, complete."""
    with scope(business=request.auth.business_id):
        found = Version.objects.filter(programme_id=programme_id, pk=version_id).first()
        if found is None:
            raise NotFound("version")
        return answer(_version(found))


@programmes.writes("/programmes/{uuid:programme_id}/versions", WRITE, shapes.VersionOut)
def save_version(request: ApiRequest, programme_id: UUID, body: shapes.VersionIn) -> HttpResponse:
    """Save what a programme promises from now on. The same once more changes nothing."""
    caller = request.auth

    def make() -> Draft | UUID:
        programme = _programme(programme_id)
        draft = _draft(caller, body, programme)
        return _last(programme).pk if _is_saved(programme, draft) else draft

    saved = _saved(request, ("save_version", programme_id), body, make)
    with scope(business=caller.business_id):
        return answer(_version(saved), 201)


def _programme(programme_id: UUID) -> Programme:
    found = Programme.objects.filter(pk=programme_id).first()
    if found is None:
        raise NotFound("programme")
    return found


def _last(programme: Programme) -> Version:
    return Version.objects.select_related("programme").filter(programme=programme).latest("number")


def _is_saved(programme: Programme, draft: Draft) -> bool:
    """Whether the last version says the same already."""
    last = draft_of(_last(programme))
    terms = replace(
        last.terms, version_id=draft.terms.version_id, holds_from=draft.terms.holds_from
    )
    return replace(last, terms=terms, joins_by=tuple(sorted(last.joins_by))) == draft


def _draft(
    caller: Caller, body: shapes.ProgrammeIn | shapes.VersionIn, programme: Programme | None
) -> Draft:
    """What was sent, as it would be saved. Levels are known by their ids, else by their names.

    Raises NotFound (group), Problem (invalid_request).
    """
    known = terms_of(_last(programme).pk).levels if programme else ()
    by_name = {level.name: level.id for level in known}
    levels = tuple(_level(level, by_name) for level in body.levels)
    wanted = {level.group_id for level in levels if level.group_id}
    groups = dict(Group.objects.filter(pk__in=wanted).values_list("pk", "name"))
    if len(groups) < len(wanted):
        raise NotFound("group")
    names: Any = body if isinstance(body, shapes.ProgrammeIn) else programme
    plain = {name: getattr(body, name) for name in PROGRAMME_FIELDS}
    return Draft(
        name=names.name,
        unit_one=names.unit_one,
        unit_many=names.unit_many,
        terms=domain.Terms(
            version_id=caller.key_id,
            zone=caller.business.zone,
            minor_per_major=caller.business.minor_per_major,
            holds_from=datetime.fromtimestamp(0, caller.business.zone),
            levels=levels,
            **plain,
        ),
        joins_by=tuple(sorted(set(body.joins_by))),
        confirm_by=body.confirm_by,
        terms_url=body.terms_url,
        groups=groups,
    )


def _level(level: shapes.Level, by_name: Mapping[str, UUID]) -> domain.Level:
    kinds = {
        domain.Kind(of.kind): domain.KindTerms(
            domain.EarnsOn(of.earns_on),
            domain.Rate(of.rate_ppm, domain.Basis(of.rate_basis)),
            of.payable_ppm,
        )
        for of in level.kinds
    }
    if len(kinds) < len(level.kinds):
        raise problem_with("levels.kinds", "a kind stands there twice")
    plain = {name: getattr(level, name) for name in LEVEL_FIELDS}
    return domain.Level(id=level.id or by_name.get(level.name) or new_id(), kinds=kinds, **plain)


def _told(caller: Caller, programme: Programme) -> shapes.ProgrammeOut:
    versions = Version.objects.filter(programme=programme).order_by("holds_from", "number")
    now = timezone.now()
    holding = versions.filter(holds_from__lte=now).last() or versions.first()
    assert holding is not None, "a programme has a version"
    formats = replace(
        formats_of(caller), unit_one=programme.unit_one, unit_many=programme.unit_many
    )
    return shapes.ProgrammeOut(
        id=programme.pk,
        name=programme.name,
        unit_one=programme.unit_one,
        unit_many=programme.unit_many,
        created_at=programme.created_at,
        closed_at=programme.closed_at,
        version=_version(holding),
        text=in_words(terms_of(holding.pk), formats),
    )


def _version(version: Version) -> shapes.VersionOut:
    terms = terms_of(version.pk)
    plain = {name: getattr(terms, name) for name in PROGRAMME_FIELDS}
    plain |= {
        "terms_url": version.terms_url,
        "joins_by": list(version.joins_by),
        "confirm_by": version.confirm_by,
        "levels": [_level_out(level) for level in terms.levels],
    }
    return shapes.VersionOut(
        id=version.pk,
        number=version.number,
        holds_from=version.holds_from,
        terms=shapes.Terms.model_validate(plain),
    )


def _level_out(level: domain.Level) -> dict[str, Any]:
    kinds = [
        {
            "kind": str(kind),
            "earns_on": str(of.earns_on),
            "rate_ppm": of.rate.ppm,
            "rate_basis": str(of.rate.basis),
            "payable_ppm": of.payable_ppm,
        }
        for kind, of in level.kinds.items()
    ]
    return {name: getattr(level, name) for name in LEVEL_FIELDS} | {"id": level.id, "kinds": kinds}
