"""What programmes promise, and promised. Asked inside ``scope(business=...)``."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from regulars.domain.terms import Terms
from regulars.programmes.draft import Draft
from regulars.programmes.models import Group, Version
from regulars.programmes.versions import terms_from


@lru_cache(maxsize=2048)
def terms_of(version_id: UUID) -> Terms:
    """The terms of a version: read once by each process, since versions never change.

    They carry the business's time zone and currency of the time they were read, so whoever
    changes the zone saves new versions.

    Raises Version.DoesNotExist.
    """
    versions = Version.objects.select_related("business").prefetch_related("levels__kinds")
    return terms_from(versions.get(pk=version_id))


def versions_of(programme_id: UUID) -> tuple[Terms, ...]:
    """All versions of a programme, in the order in which they came to hold."""
    versions = Version.objects.filter(programme_id=programme_id)
    ids = versions.order_by("holds_from", "number").values_list("pk", flat=True)
    return tuple(terms_of(version_id) for version_id in ids)


def version_at(programme_id: UUID, at: datetime) -> Version | None:
    """The version that holds at an instant; None before the first."""
    versions = Version.objects.filter(programme_id=programme_id, holds_from__lte=at)
    return versions.order_by("-holds_from", "-number").first()


def draft_of(version: Version) -> Draft:
    """A version as it would be written into a file."""
    terms = terms_of(version.pk)
    groups = Group.objects.filter(pk__in=[level.group_id for level in terms.levels])
    return Draft(
        name=version.programme.name,
        terms=terms,
        unit_one=version.programme.unit_one,
        unit_many=version.programme.unit_many,
        joins_by=tuple(version.joins_by),
        confirm_by=version.confirm_by,
        terms_url=version.terms_url,
        groups={group.pk: group.name for group in groups},
    )
