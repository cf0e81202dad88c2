"""Erasing a customer: no trace of the person in any table, and every sum stays."""

from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django_scopes import scope

from regulars.actions.due.sealing import seal
from regulars.actions.due.sending import send_next
from regulars.actions.giftcards.cards import issue_gift_card
from regulars.actions.keyed import encrypt
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.cards import CardOrder, identify
from regulars.actions.members.erasing import Erased, erase_customer
from regulars.actions.members.merging import MergeOrder, merge_customers
from regulars.actions.members.people import ConsentOrder, note_consent
from regulars.actions.sales import buying as sales
from regulars.actions.sales.online import open_purchase, to_provider
from regulars.actions.sales.orders import Order, OrderLine
from regulars.actions.sales.receipts import ReceiptOrder, email_receipt, emails_of
from regulars.actions.sales.settling import settle_event
from regulars.actions.visits.bookings import cancel_booking
from regulars.actions.visits.online import Buyer
from regulars.domain.errors import EraseRefused, NotAllowed, NotFound
from regulars.giftcards.models import GiftCardSending
from regulars.ledger.models import Operation
from regulars.members.models import Customer, CustomerSession, LoginCode, Member
from regulars.notices.models import Message
from regulars.reports.finding import find_people
from regulars.sales.models import OnlinePayment
from regulars.sales.providers import Event, What
from tests.actions.calendars import a_provider, a_service, booked
from tests.actions.samples import DUE, NOON, House, a_house, a_visit, asked, credited, days
from tests.actions.signing_in import send, sign_in
from tests.books import assert_books_are_right
from tests.tables import nothing_changes, tables_with

pytestmark = pytest.mark.django_db

LATER = NOON + days(1)
PERSON = ("Canaria", "canary", "1511234567", "Twitter", "K-4711")
"""What would show that something of her stayed: name, e-mail, phone, words, number."""


@pytest.fixture
def salon() -> House:
    return a_house("salon")


def a_person(salon: House) -> tuple[UUID, UUID]:
    """Somebody of whom everything is known that can be."""
    joined = salon.enrol(
        name="Canaria Voss",
        phone="+49 151 1234567",
        email="canary@mail.example",
        card=CardOrder("K-4711", secret="Twitter code"),
        code_word="Twittering",
        note="Canaria likes window seats",
        born=date(1990, 5, 1),
        external_id="canary-7",
    )
    note_consent(
        salon.id,
        ConsentOrder(joined.customer_id, "email", granted=True, source="site"),
        request=asked(NOON),
    )
    add = AdjustOrder(joined.member_id, 45, note="For Canaria, who waited")
    adjust(salon.id, add, request=asked(NOON, salon.owner))
    visit = a_visit(salon, joined.customer_id)
    credited(salon, visit, at=DUE)
    return joined.customer_id, joined.member_id


def erased(salon: House, customer: UUID, by: UUID | None = None) -> Erased:
    """By somebody of the staff, or by the customer."""
    return erase_customer(salon.id, customer, by_customer=by is None, request=asked(LATER, by))


def test_nothing_of_the_person_stays_in_any_table_and_every_sum_does(salon: House) -> None:
    customer, member = a_person(salon)
    card = issue_gift_card(
        salon.business, kind=None, value_minor=50_00, active=True, request=asked(NOON)
    )
    with scope(business=salon.business):
        CustomerSession.objects.create(
            business=salon.business,
            customer_id=customer,
            token_hash=b"0" * 32,
            device="Canary phone",
            created_at=NOON,
            seen_at=NOON,
            expires_at=LATER + days(9),
        )
        GiftCardSending.objects.create(
            business=salon.business,
            card_id=card.id,
            sender_id=customer,
            to_name="Canaria's friend",
            to_email="friend-of-canary@mail.example",
            greeting="Twitter",
            send_at=LATER + days(3),
            created_at=NOON,
        )
    points = salon.balance(member)
    seal(salon.id, at=LATER)

    done = erased(salon, customer)

    assert done.points == points == 45
    assert tables_with(*PERSON) == {}
    assert_books_are_right()
    with scope(business=salon.business):
        assert Member.objects.get(pk=member).closed_at == LATER
        gone = Customer.objects.get(pk=customer)
        assert (gone.name, gone.erased_at) == ("", LATER)
        assert GiftCardSending.objects.get().state == "cancelled"
        assert Operation.objects.filter(account=Member.objects.get(pk=member).account).exists()
    assert not find_people(salon.business, "canaria", at=LATER)


def paid(salon: House) -> Event:
    """What the provider tells of the only payment."""
    with scope(business=salon.business):
        payment = OnlinePayment.objects.get()
    return Event(
        id="evt",
        provider="test",
        what=What.PAID,
        payment_id=payment.pk,
        reference=payment.reference,
        amount_minor=payment.amount_minor,
        currency=salon.business.currency,
    )


def test_nothing_stays_of_what_they_did_on_the_site(salon: House) -> None:
    buyer = Buyer(name="Canaria Voss", email="canary@mail.example", phone="+49 151 1234567")
    cut = a_service(salon)
    a_provider(salon, cut)
    visit = booked(salon, cut, booker=buyer)
    signed = sign_in(salon, "canary@mail.example")
    assert signed.customer_id == visit.customer_id
    line = OrderLine(kind="product", name="Wax", price_minor=12_00)
    by_themselves = sales.Buyer(customer_id=visit.customer_id)
    bought = open_purchase(salon.id, Order(lines=(line,)), by_themselves, request=asked())
    assert bought.online_payment_id is not None
    to_provider(salon.id, bought.online_payment_id, back_url="/back/", words="Wax")
    settle_event(salon.id, paid(salon), at=NOON)
    with scope(business=salon.business):
        (contact,) = emails_of(bought.sale_id)
    email_receipt(salon.id, ReceiptOrder(bought.sale_id, contact.pk), request=asked())
    send(salon, "canary@mail.example", at=NOON)  # A code that is on its way.
    cancel_booking(salon.id, visit.booking_id, request=asked())

    erased(salon, visit.customer_id)
    while send_next(salon.id, at=LATER) is not None:
        pass

    assert tables_with(*PERSON) == {}
    assert_books_are_right()
    with scope(business=salon.business):
        assert not LoginCode.objects.exists()
        assert not CustomerSession.objects.exists()
        assert not Message.objects.filter(state="waiting").exists()


def test_a_card_or_contact_of_somebody_erased_is_free_for_others(salon: House) -> None:
    customer, _member = a_person(salon)

    erased(salon, customer)

    assert identify(salon.id, "canary@mail.example") == []
    other = salon.enrol(
        at=LATER, email="canary@mail.example", phone="+49 151 1234567", card=CardOrder("K-4711")
    )
    assert other.customer_id != customer


def test_what_was_merged_into_somebody_is_erased_with_them(salon: House) -> None:
    customer, _member = a_person(salon)
    twin = salon.enrol(name="Canaria V.", email="canary.two@mail.example")
    both = MergeOrder(twin.customer_id, customer)
    merge_customers(salon.id, both, request=asked(NOON + days(0.5), salon.owner))

    erased(salon, customer)

    assert tables_with(*PERSON) == {}
    assert_books_are_right()


def test_sent_twice_it_is_done_once(salon: House) -> None:
    customer, _member = a_person(salon)
    request = asked(LATER)
    first = erase_customer(salon.id, customer, by_customer=True, request=request)

    with nothing_changes():
        again = erase_customer(salon.id, customer, by_customer=True, request=request)

    assert again == first
    with nothing_changes(), pytest.raises(EraseRefused) as refused:
        erased(salon, customer)
    assert refused.value.why == "erased"


def test_what_is_still_to_happen_is_ended_first(salon: House) -> None:
    joined = salon.enrol()
    visit = a_visit(salon, joined.customer_id, starts_at=LATER + days(2), ends_at=LATER + days(3))

    with nothing_changes(), pytest.raises(EraseRefused) as refused:
        erased(salon, joined.customer_id)

    assert refused.value.why == "bookings_to_come"
    cancel_booking(salon.id, visit, request=asked(LATER))
    erased(salon, joined.customer_id)


def test_only_owners_managers_and_the_customer_erase(salon: House) -> None:
    customer, _member = a_person(salon)

    cashier, elsewhere = salon.a_staff("cashier"), a_house("studio")
    with nothing_changes(), pytest.raises(NotAllowed):
        erased(salon, customer, cashier)
    with nothing_changes(), pytest.raises(NotFound):
        erased(elsewhere, customer)

    erased(salon, customer, salon.a_staff("manager"))


def test_somebody_who_is_no_member_is_erased_too(salon: House) -> None:
    with scope(business=salon.business):
        guest = Customer.objects.create(
            business=salon.business,
            name="Canaria",
            code_word_encrypted=encrypt("Twitter"),
            created_at=NOON,
        )

    done = erased(salon, guest.pk)

    assert (done.points, done.gift_cards) == (0, 0)
    assert tables_with(*PERSON) == {}


def test_a_note_of_the_books_can_be_erased_and_never_rewritten(salon: House) -> None:
    a_person(salon)
    with scope(business=salon.business):
        noted = Operation.objects.exclude(note="").first()
        assert noted is not None
        for values in ({"note": "Something else"}, {"note": "", "at": LATER}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Operation.objects.filter(pk=noted.pk).update(**values)
        with transaction.atomic():
            assert Operation.objects.filter(pk=noted.pk).update(note="") == 1
            transaction.set_rollback(True)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_operation WHERE business_id = %s", [salon.id])
