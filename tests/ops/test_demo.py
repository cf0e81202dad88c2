"""The demonstration's businesses: made by actions, right in the books, shown on their pages."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.business.models import Business
from regulars.members.models import Member
from regulars.ops.demonstration import seeding
from regulars.ops.demonstration.cinema import IRINA
from regulars.reports.history import Cut
from regulars.reports.membership import Membership, read_membership
from tests.actions.selling_builders import a_shop
from tests.books import breaches
from tests.doors.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def _seeded(now: datetime, settings: Settings) -> Iterator[None]:
    settings.DEMO = True
    seeding.seed(now)
    yield
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA public IS NULL")


def of(name: str, now: datetime) -> Membership:
    member = Member.objects.get(customer__name=name)
    return read_membership(member.business, member.pk, at=now, cut=Cut())


@pytest.mark.usefixtures("_seeded")
def test_the_demonstration_is_right_and_shows_everybody(client: Client, now: datetime) -> None:
    start = Page(client.get("/").content.decode())
    ways_in = [to for to in start.addresses if "/members/" in to]
    answers = {to: client.post(to, follow=True) for to in ways_in}

    assert breaches() == {}
    assert set(Business.objects.values_list("slug", flat=True)) == seeding.SLUGS
    assert seeding.is_complete()
    assert len(ways_in) == 12
    assert {answer.status_code for answer in answers.values()} == {200}
    said = " ".join(Page(answer.content.decode()).said for answer in answers.values())
    assert "are owed" in said
    assert "to come on" in said
    assert "expire on" in said
    assert "New level" in said
    assert "A gift from Zarya Sorry about the projector on Sunday" in said
    assert re.search(r"Refund: \w", said)


@pytest.mark.usefixtures("_seeded")
def test_irina_is_on_her_way_to_gold(now: datetime) -> None:
    zarya = Business.objects.get(slug="zarya")
    with scope(business=zarya):
        seen = of(IRINA.name, now)

    assert seen.who.card_number == IRINA.card
    assert (seen.balance, seen.level.name) == (245, "Silver")
    assert seen.next is not None
    assert (seen.next.level.name, seen.next.progress.visits) == ("Gold", 14)
    assert [held.lot.points_left for held in seen.lots if held.lot.is_pending(now)] == [30]
    assert seen.lots[0].lot.points_left == 60


def test_a_demonstration_never_takes_over_other_peoples_businesses() -> None:
    shop = a_shop()

    with pytest.raises(seeding.NotADemonstrationError, match="Zarya"):
        seeding.clear()

    assert Business.objects.filter(pk=shop.id).exists()
    assert not seeding.is_complete()
