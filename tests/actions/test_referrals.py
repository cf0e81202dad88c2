"""Who brought whom."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from regulars.actions.members.adjusting import Lasting
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.referrals import credit_referral, note_referral
from regulars.actions.setup.features import switch_feature
from regulars.business.models import DoneRequest
from regulars.domain.errors import NotFound, ReferralRefused, RequestIdReused
from regulars.members.models import Referral
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def salon() -> House:
    return a_house("salon")


@pytest.mark.row("S12")
def test_the_referrer_with_a_card_gets_the_points_and_a_thank_you(salon: House) -> None:
    heike = salon.enrol(card=CardOrder("A1"), phone="0151 23456789", consents=("sms",))
    jana = salon.enrol()

    noted = note_referral(salon.id, jana.customer_id, heike.customer_id, request=asked())
    assert noted.offer_points == 100
    request = asked(NOON + days(1), salon.owner)
    first = credit_referral(salon.id, noted.id, request=request)
    with nothing_changes():
        again = credit_referral(salon.id, noted.id, request=request)
        with pytest.raises(RequestIdReused):
            credit_referral(salon.id, noted.id, lasting=Lasting(forever=True), request=request)
        with pytest.raises(ReferralRefused) as refused:
            credit_referral(salon.id, noted.id, request=asked(NOON + days(2)))

    assert first == again
    assert refused.value.why == "already_credited"
    assert (first.points, first.message) == (100, "waiting")
    assert salon.balance(heike.member_id) == 100
    (lot,) = salon.lots(heike.member_id)
    assert (lot.origin, lot.usable_from, lot.usable_until) == ("referral", NOON + days(1), None)
    (message,) = salon.messages(heike.customer_id)
    assert (message.template, message.channel) == ("referral_thanks", "sms")
    assert message.data == {"points": 100, "referred": str(jana.customer_id)}
    with scope(business=salon.business):
        assert Referral.objects.get().operation_id == first.operation_id


def test_the_points_of_a_referral_last_as_the_dialogue_says(salon: House) -> None:
    heike, jana = salon.enrol(card=CardOrder("A1")), salon.enrol()
    noted = note_referral(salon.id, jana.customer_id, heike.customer_id, request=asked())

    lasting = Lasting(date(2026, 4, 1))
    credit_referral(salon.id, noted.id, lasting=lasting, request=asked())

    (lot,) = salon.lots(heike.member_id)
    assert lot.usable_until == datetime(2026, 4, 2, tzinfo=BERLIN)


@pytest.mark.row("S12")
def test_one_customer_brings_one_referral_nobody_themselves_and_no_circles(salon: House) -> None:
    anna, berta, clara, dora = (salon.enrol().customer_id for _ in range(4))
    note_referral(salon.id, berta, anna, request=asked())
    note_referral(salon.id, clara, berta, request=asked())

    with nothing_changes():
        for referred, referrer, why in (
            (anna, anna, "self"),
            (berta, dora, "already_referred"),
            (anna, clara, "circle"),
        ):
            with pytest.raises(ReferralRefused) as refused:
                note_referral(salon.id, referred, referrer, request=asked())
            assert refused.value.why == why
        with pytest.raises(NotFound):
            note_referral(salon.id, dora, new_id(), request=asked())
    with nothing_changes(DoneRequest):
        note_referral(salon.id, berta, anna, request=asked())  # The same once more.


@pytest.mark.row("S12")
def test_nothing_is_offered_to_a_referrer_without_a_card(salon: House) -> None:
    heike, jana = salon.enrol(), salon.enrol()

    noted = note_referral(salon.id, jana.customer_id, heike.customer_id, request=asked())

    assert noted.offer_points == 0
    with nothing_changes(), pytest.raises(ReferralRefused) as refused:
        credit_referral(salon.id, noted.id, request=asked())
    assert refused.value.why == "no_card"


@pytest.mark.row("S11")
def test_the_programme_says_how_many_points_a_referral_brings(salon: House) -> None:
    heike = salon.enrol(card=CardOrder("A1"))
    salon.change_terms(referral_points=0)
    anna = salon.enrol()
    noted = note_referral(salon.id, anna.customer_id, heike.customer_id, request=asked())
    assert noted.offer_points == 0
    with nothing_changes(), pytest.raises(ReferralRefused) as refused:
        credit_referral(salon.id, noted.id, request=asked())
    assert refused.value.why == "no_points"

    salon.change_terms(referral_points=250)
    jana = salon.enrol()
    noted = note_referral(salon.id, jana.customer_id, heike.customer_id, request=asked())
    assert noted.offer_points == 250
    credit_referral(salon.id, noted.id, request=asked())
    assert salon.balance(heike.member_id) == 250


@pytest.mark.row("S12")
def test_a_referrer_in_no_programme_gets_nothing(salon: House) -> None:
    heike, jana = salon.enrol(card=CardOrder("A1")), salon.enrol()
    salon.close(heike.member_id)

    noted = note_referral(salon.id, jana.customer_id, heike.customer_id, request=asked())

    assert noted.offer_points == 0
    with nothing_changes(), pytest.raises(ReferralRefused) as refused:
        credit_referral(salon.id, noted.id, request=asked())
    assert refused.value.why == "no_member"


@pytest.mark.row("B1")
def test_a_referral_brings_nothing_while_loyalty_is_off(salon: House) -> None:
    heike, jana = salon.enrol(card=CardOrder("A1")), salon.enrol()
    switch_feature(salon.id, "loyalty", on=False, request=asked())

    noted = note_referral(salon.id, jana.customer_id, heike.customer_id, request=asked())

    assert noted.offer_points == 0
    with nothing_changes():
        for referral_id, refusal in ((noted.id, ReferralRefused), (new_id(), NotFound)):
            with pytest.raises(refusal):
                credit_referral(salon.id, referral_id, request=asked(NOON + days(1)))
