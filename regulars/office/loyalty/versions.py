"""Saving what a programme promises: always a whole new version, which holds from now on."""

from dataclasses import dataclass, replace

from django.http import Http404

from regulars.actions.setup.programmes import save_version
from regulars.domain.terms import Terms
from regulars.office.access import Office
from regulars.programmes.models import Programme, Version
from regulars.programmes.queries import terms_of


@dataclass(frozen=True, slots=True)
class Base:
    """A programme and the version that was saved last, from which a change starts."""

    programme: Programme
    version: Version
    terms: Terms

    @property
    def number(self) -> int:
        return self.version.number


def base_of(programme: Programme) -> Base:
    """Raises Http404 for a programme without any version, which none of ours is."""
    versions = Version.objects.filter(programme=programme)
    version = versions.order_by("-number").first()
    if version is None:
        raise Http404
    return Base(programme, version, terms_of(version.pk))


def save_terms(office: Office, base: Base, terms: Terms, *, based_on: int | None) -> Version | None:
    """Save other terms; None where they hold already.

    ``based_on`` is the number of the version that was shown; where another one was saved since,
    nothing is.

    Raises TermsRefused.
    """
    if same(terms, base.terms):
        return None
    return save_version(
        base.programme,
        terms,
        joins_by=base.version.joins_by,
        confirm_by=base.version.confirm_by,
        terms_url=base.version.terms_url,
        author=office.staff.pk,
        at=office.at,
        based_on=based_on,
    )


def same(terms: Terms, others: Terms) -> bool:
    """Whether two versions promise the same."""
    named = replace(terms, version_id=others.version_id, holds_from=others.holds_from)
    return named == others
