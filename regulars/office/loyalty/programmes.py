"""Which programme a page of the office is about."""

from uuid import UUID

from django.http import Http404

from regulars.office.access import OfficeRequest
from regulars.programmes.models import Programme


def programme_of(request: OfficeRequest) -> Programme:
    """The one that the address names, else the oldest one that is open.

    Raises Http404.
    """
    found = programmes_open()
    named = request.GET.get("programme") or request.POST.get("programme")
    try:
        wanted = UUID(named) if named else None
    except ValueError as problem:
        raise Http404 from problem
    for programme in found:
        if wanted in {None, programme.pk}:
            return programme
    raise Http404


def programmes_open() -> list[Programme]:
    """Those of the business in scope that people can be members of, the oldest first."""
    return list(Programme.objects.filter(closed_at__isnull=True).order_by("created_at", "pk"))


def others_than(programme: Programme | None) -> list[Programme]:
    """Where an account of this programme can move to."""
    if programme is None:
        return []
    return [each for each in programmes_open() if each.pk != programme.pk]
