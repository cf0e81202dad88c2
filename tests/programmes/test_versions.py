from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from regulars.actions.setup.programmes import has_issued, name_programme
from regulars.actions.setup.setting_up import bring_in
from regulars.business.models import Business
from regulars.domain.errors import TermsRefused
from regulars.domain.terms import Level, Terms
from regulars.ledger.models import Account, Lot, Operation
from regulars.programmes.models import Group, KindTerms, LevelTerms, Programme, Version
from regulars.programmes.queries import draft_of, terms_of, version_at, versions_of
from regulars.programmes.versions import LEVEL_FIELDS, PROGRAMME_FIELDS
from tests.programmes.samples import APRIL, MARCH, a_business, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business() -> Iterator[Business]:
    business = a_business("cinema")
    with scope(business=business):
        yield business


@pytest.fixture
def programme(business: Business) -> Programme:
    return Programme.objects.get()


def now_of(programme: Programme) -> Terms:
    return versions_of(programme.pk)[-1]


def rows_of(version: Version) -> list[object]:
    levels = LevelTerms.objects.filter(version=version).order_by("priority")
    kinds = KindTerms.objects.filter(level_terms__in=levels).order_by("pk")
    return [*Version.objects.filter(pk=version.pk).values(), *levels.values(), *kinds.values()]


def issue_points(programme: Programme) -> None:
    account = Account.objects.create(
        business_id=programme.business_id, unit=str(programme.pk), purpose="member"
    )
    operation = Operation.objects.create(
        business_id=programme.business_id, kind="adjust", at=APRIL, recorded_at=APRIL,
        account=account, request_id=uuid4(),
    )  # fmt: skip
    Lot.objects.create(
        business_id=programme.business_id, account=account, operation=operation,
        origin="adjust", amount=5, points_left=0, usable_from=APRIL,
    )  # fmt: skip


def test_every_field_of_the_terms_has_a_column() -> None:
    apart = {"version_id", "zone", "minor_per_major", "holds_from", "levels"}

    assert {field.name for field in fields(Terms)} - apart == set(PROGRAMME_FIELDS)
    assert {field.name for field in fields(Level)} - {"id", "kinds"} == set(LEVEL_FIELDS)


@pytest.mark.row("C7")
def test_what_was_saved_is_what_is_read(programme: Programme) -> None:
    group = Group.objects.create(business_id=programme.business_id, name="Students")
    terms = now_of(programme)
    student = replace(terms.levels[2], id=uuid4(), name="Student", priority=4, group_id=group.pk)
    wanted = replace(
        terms, levels=(*terms.levels, student), runs_from=MARCH, runs_until=APRIL,
        welcome_points=7, needs_confirmation=True, earns_on_memorandum=True,
    )  # fmt: skip

    version = save(programme, wanted)

    saved = terms_of(version.pk)
    new_level = saved.levels[3]
    levels = (*wanted.levels[:3], replace(student, id=new_level.id))
    assert saved == replace(wanted, version_id=version.pk, holds_from=APRIL, levels=levels)


def test_saving_leaves_earlier_versions_as_they_are(programme: Programme) -> None:
    first = Version.objects.get()
    before = rows_of(first)

    second = save(programme, replace(now_of(programme), welcome_points=1))

    assert rows_of(first) == before
    assert (first.number, second.number) == (1, 2)
    assert [terms.welcome_points for terms in versions_of(programme.pk)] == [100, 1]


def test_a_level_keeps_its_id_through_versions_also_when_it_was_away(programme: Programme) -> None:
    terms = now_of(programme)
    guest, friend, star = terms.levels

    save(programme, replace(terms, levels=(guest, replace(star, priority=2))))
    save(programme, replace(terms, levels=(guest, replace(friend, name="Pal"), star)))

    ids = [[level.id for level in version.levels] for version in versions_of(programme.pk)]
    assert ids == [[guest.id, friend.id, star.id], [guest.id, star.id],
                   [guest.id, friend.id, star.id]]  # fmt: skip


def test_a_level_of_another_business_is_not_taken_over(programme: Programme) -> None:
    other = a_business(slug="other")
    with scope(business=other):
        foreign = now_of(Programme.objects.get()).levels

    version = save(programme, replace(now_of(programme), levels=foreign))

    ids = {level.id for level in terms_of(version.pk).levels}
    assert ids.isdisjoint(level.id for level in foreign)


def test_the_version_at_an_instant_is_the_last_that_held(programme: Programme) -> None:
    first, second = Version.objects.get(), save(programme, now_of(programme), at=APRIL)

    def at(instant: datetime) -> Version | None:
        return version_at(programme.pk, instant)

    assert at(MARCH - timedelta(seconds=1)) is None
    assert at(MARCH) == at(APRIL - timedelta(microseconds=1)) == first
    assert at(APRIL) == second


def test_of_two_versions_from_the_same_instant_the_later_one_holds(programme: Programme) -> None:
    save(programme, now_of(programme), at=APRIL)
    last = save(programme, now_of(programme), at=APRIL)

    assert version_at(programme.pk, APRIL) == last
    assert now_of(programme).version_id == last.pk


def test_a_versions_terms_are_read_once(
    programme: Programme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = Version.objects.get()
    terms = terms_of(version.pk)

    with django_assert_num_queries(0):
        assert terms_of(version.pk) is terms


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"levels": ()}, "a programme needs at least one level"),
        ({"welcome_points": -1}, "numbers of points lie between 0 and"),
        ({"welcome_points": 2**63}, "numbers of points lie between 0 and"),
        ({"returned_days": 2**31}, "numbers of days and visits lie between 0 and"),
        ({"point_value_minor": 0}, "a point is worth at least one minor unit"),
    ],
)
def test_refuses_terms_that_make_no_sense(
    programme: Programme, change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(TermsRefused) as refused:
        save(programme, replace(now_of(programme), **change))  # type: ignore[arg-type]

    assert any(problem.startswith(sentence) for problem in refused.value.problems)
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(
            {"spend_products_minor": 200_00, "spend_tickets_minor": 200_00},
            "Star: the sums for the bar and for tickets are more than the total",
            marks=pytest.mark.row("C10"),
        ),
        pytest.param(
            {"priority": 2}, "two levels have the same priority", marks=pytest.mark.row("C9")
        ),
        ({"group_id": UUID(int=1)}, "a level is limited to a customer group that does not exist"),
        ({"name": "x" * 201}, "the name of a level has at most 200 letters"),
        ({"priority": 1_001}, "priorities go up to 1,000"),
        ({"burn_days": 36_501}, "Star: numbers of days and visits lie between 0 and 36,500"),
    ],
)
def test_refuses_levels_that_make_no_sense(
    programme: Programme, change: dict[str, object], sentence: str
) -> None:
    terms = now_of(programme)
    top = replace(terms.levels[2], **change)  # type: ignore[arg-type]

    with pytest.raises(TermsRefused) as refused:
        save(programme, replace(terms, levels=(*terms.levels[:2], top)))

    assert refused.value.problems == [sentence]


def test_refuses_a_level_that_appears_twice(programme: Programme) -> None:
    terms = now_of(programme)
    again = replace(terms.lowest, priority=9)

    with pytest.raises(TermsRefused, match="a level appears twice"):
        save(programme, replace(terms, levels=(*terms.levels, again)))


def test_refuses_to_save_before_what_is_saved_already(programme: Programme) -> None:
    with pytest.raises(TermsRefused, match="holds from later on"):
        save(programme, now_of(programme), at=MARCH - timedelta(days=1))


def test_a_points_value_can_be_changed_until_points_have_been_issued(programme: Programme) -> None:
    terms = now_of(programme)
    save(programme, replace(terms, point_value_minor=5))
    assert not has_issued(programme)

    issue_points(programme)

    assert has_issued(programme)
    save(programme, replace(terms, point_value_minor=5, welcome_points=3))
    for value in (1, None):
        with pytest.raises(TermsRefused, match="stays as it is once points have been issued"):
            save(programme, replace(terms, point_value_minor=value))


def test_points_of_another_programme_fix_nothing(programme: Programme) -> None:
    draft = replace(draft_of(Version.objects.get()), name="Another")
    other = bring_in(programme.business_id, draft, author=None, at=APRIL).programme
    issue_points(other)

    version = save(programme, replace(now_of(programme), point_value_minor=5))

    assert terms_of(version.pk).point_value_minor == 5


def test_a_programme_and_its_unit_can_be_renamed(programme: Programme) -> None:
    name_programme(programme, name="Stars", unit_one="star", unit_many="stars")

    draft = draft_of(Version.objects.get())
    assert (draft.name, draft.unit_one, draft.unit_many) == ("Stars", "star", "stars")


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "Another"])
def test_refuses_a_name_that_is_empty_long_or_taken(programme: Programme, name: str) -> None:
    draft = replace(draft_of(Version.objects.get()), name="Another")
    bring_in(programme.business_id, draft, author=None, at=APRIL)

    with pytest.raises(TermsRefused):
        name_programme(programme, name=name, unit_one="star", unit_many="stars")


def test_bringing_in_a_draft_knows_levels_by_name_and_makes_groups(programme: Programme) -> None:
    draft = draft_of(Version.objects.get())
    group = uuid4()
    levels = tuple(replace(level, id=uuid4()) for level in draft.terms.levels)
    limited = (*levels[:2], replace(levels[2], group_id=group))
    terms = replace(draft.terms, levels=limited)
    changed = replace(draft, unit_one="star", groups={group: "Students"}, terms=terms)

    version = bring_in(programme.business_id, changed, author=None, at=APRIL)

    saved = terms_of(version.pk)
    assert [level.id for level in saved.levels] == [level.id for level in draft.terms.levels]
    assert saved.levels[2].group_id == Group.objects.get(name="Students").pk
    assert Programme.objects.get().unit_one == "star"
