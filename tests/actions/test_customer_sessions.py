"""Customers are signed in on devices, and end that themselves."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.merging import MergeOrder, merge_customers
from regulars.actions.members.sessions import (
    end_other_sessions,
    end_session,
    read_devices,
    sign_in_as,
)
from regulars.domain.errors import NotFound
from regulars.members.models import Customer
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.actions.signing_in import IRINA, VERA, minutes, sign_in, visitor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.fixture
def irina(studio: House) -> Enrolment:
    return studio.enrol(name="Irina", email=IRINA)


def test_reading_who_is_signed_in_takes_one_statement(studio: House, irina: Enrolment) -> None:
    done = sign_in(studio)

    with CaptureQueriesContext(connection) as statements:
        visitor_of(studio, done, at=NOON + minutes(20))
    with CaptureQueriesContext(connection) as an_hour_later:
        visitor_of(studio, done, at=NOON + minutes(70))
        visitor_of(studio, done, at=NOON + minutes(80))

    assert len(statements) == 1
    assert len(an_hour_later) == 3


def test_a_session_ends_after_ninety_days(studio: House, irina: Enrolment) -> None:
    done = sign_in(studio)

    assert visitor_of(studio, done, at=NOON + days(89)) is not None
    assert visitor_of(studio, done, at=NOON + days(90)) is None
    assert read_devices(studio.id, irina.customer_id, at=NOON + days(90)) == []


def test_a_customer_ends_one_device_or_all_others(studio: House, irina: Enrolment) -> None:
    here, there, elsewhere = (sign_in(studio) for _ in range(3))

    assert end_session(studio.id, irina.customer_id, there.session_id, request=asked())
    assert not end_session(studio.id, irina.customer_id, there.session_id, request=asked())
    assert visitor_of(studio, there) is None
    ended = end_other_sessions(studio.id, irina.customer_id, here.session_id, request=asked())

    assert ended == 1
    assert visitor_of(studio, elsewhere) is None
    assert visitor_of(studio, here) is not None


def test_nobody_ends_the_session_of_another_customer(studio: House, irina: Enrolment) -> None:
    vera, irinas = sign_in(studio, VERA), sign_in(studio)

    assert not end_session(studio.id, vera.customer_id, irinas.session_id, request=asked())
    assert end_other_sessions(studio.id, vera.customer_id, uuid4(), request=asked()) == 1
    assert visitor_of(studio, irinas) is not None


def test_whoever_was_merged_signs_in_again_as_whom_they_became(studio: House) -> None:
    kept = studio.enrol(name="Irina", email=IRINA)
    double = studio.enrol(name="Irina S.", email=VERA)
    done, stays = sign_in(studio, VERA), sign_in(studio, IRINA)
    order = MergeOrder(kept.customer_id, double.customer_id)
    merge_customers(studio.id, order, request=asked(actor=studio.owner))

    assert visitor_of(studio, done) is None
    assert visitor_of(studio, stays) is not None
    visitor = visitor_of(studio, sign_in(studio, VERA))
    assert visitor is not None
    assert (visitor.customer_id, visitor.member_id) == (kept.customer_id, kept.member_id)


def test_whoever_was_erased_is_signed_in_nowhere(studio: House, irina: Enrolment) -> None:
    done = sign_in(studio)
    with scope(business=studio.business):
        Customer.objects.filter(pk=irina.customer_id).update(erased_at=NOON)

    assert visitor_of(studio, done) is None
    with pytest.raises(NotFound):
        sign_in_as(studio.id, irina.customer_id, request=asked())


def test_coming_in_without_a_code_is_done_once_for_one_request(
    studio: House, irina: Enrolment
) -> None:
    request = asked()

    first = sign_in_as(studio.id, irina.customer_id, request=request)

    assert sign_in_as(studio.id, irina.customer_id, request=request) == first
    assert visitor_of(studio, first) is not None
