"""Two entries of one person become one: who may, what is refused, and what a customer has."""

import pytest
from django.apps import apps
from django_scopes import scope

from regulars.actions.giftcards.cards import issue_gift_card
from regulars.actions.giftcards.sending_cards import SendingOrder, plan_sending
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.cards import CardOrder, identify
from regulars.actions.members.merging import Merged, MergeOrder, merge_customers, quote_merge
from regulars.actions.members.people import (
    ConsentOrder,
    lift_first_time_rule,
    note_consent,
    put_into_group,
)
from regulars.actions.members.referrals import note_referral
from regulars.actions.sales.buying import Buyer
from regulars.actions.sales.online import open_purchase
from regulars.actions.sales.orders import Order, OrderLine
from regulars.actions.visits.bookings import cancel_booking
from regulars.business.scoped import OfBusiness
from regulars.domain.errors import MergeRefused, NotAllowed, NotFound, QuoteChanged, RequestIdReused
from regulars.domain.merging import Rate
from regulars.giftcards.models import GiftCard, GiftCardSending
from regulars.ledger.posting import Request
from regulars.members.models import Consent, Contact, Customer, GroupMember, Member, Referral
from regulars.reports.finding import find_people
from regulars.rows import new_id
from regulars.sales.models import Sale
from tests.actions.samples import (
    DUE,
    NOON,
    House,
    a_house,
    a_staff,
    a_visit,
    asked,
    counted,
    credited,
    days,
)
from tests.books import assert_books_are_right
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

LATER = NOON + days(1)


@pytest.fixture
def salon() -> House:
    return a_house("salon")


def merged(house: House, kept: object, absorbed: object, **order: object) -> Merged:
    asks = MergeOrder(kept, absorbed, **order)  # type: ignore[arg-type]
    return merge_customers(house.id, asks, request=asked(LATER, house.owner))


@pytest.mark.row("C15", door="action")
def test_whoever_had_a_contact_or_a_card_of_either_finds_the_kept_one(salon: House) -> None:
    anna = salon.enrol(name="Anna Berg", phone="0151 1111111", card=CardOrder("A1"))
    again = salon.enrol(
        name="Ana Berg",
        phone="0151 2222222",
        email="anna@example.org",
        card=CardOrder("B2", secret="long enough"),
        external_id="77",
    )

    done = merged(salon, anna.customer_id, again.customer_id)

    assert (done.contacts, done.cards) == (2, 1)
    for text in ("a1", "b2", "longenough", "0151 1111111", "0151 2222222", "anna@example.org"):
        (found,) = identify(salon.id, text)
        assert (found.customer_id, found.member_id) == (anna.customer_id, anna.member_id), text
    (person,) = find_people(salon.business, "berg", at=LATER)
    assert (person.customer_id, person.card_ending) == (anna.customer_id, "B2")
    assert person.contact.endswith("11 11") or person.contact.endswith("1111")
    with scope(business=salon.business):
        assert Customer.objects.get(external_id="77").merged_into_id == anna.customer_id
        assert not Contact.objects.filter(
            customer=again.customer_id, released_at__isnull=True
        ).exists()


def test_a_merge_sent_twice_is_done_once(salon: House) -> None:
    anna, again = salon.enrol(), salon.enrol()
    adjust(salon.id, AdjustOrder(again.member_id, 40, "Before"), request=asked(NOON, salon.owner))
    order = MergeOrder(anna.customer_id, again.customer_id)
    request = asked(LATER, salon.owner)

    quoted = quote_merge(salon.id, order, at=LATER)
    first = merge_customers(salon.id, order, request=request)
    with nothing_changes():
        second = merge_customers(salon.id, order, request=request)
        other = MergeOrder(again.customer_id, anna.customer_id)
        with pytest.raises(RequestIdReused):
            merge_customers(salon.id, other, request=request)

    assert first == second
    assert quoted.mark == first.mark
    assert (quoted.operation_id, first.points) == (None, 40)
    assert_books_are_right()


def test_a_quote_writes_nothing_and_holds_the_merge_to_what_was_shown(salon: House) -> None:
    anna, again = salon.enrol(), salon.enrol(phone="0151 2222222")
    order = MergeOrder(anna.customer_id, again.customer_id)
    with nothing_changes():
        shown = quote_merge(salon.id, order, at=LATER)
    adjust(salon.id, AdjustOrder(again.member_id, 40, "New"), request=asked(NOON, salon.owner))

    with nothing_changes(), pytest.raises(QuoteChanged):
        merged(salon, anna.customer_id, again.customer_id, expect=shown.mark)


def test_who_cannot_be_merged_is_told_why_and_nothing_changes(salon: House) -> None:
    anna, again, third = (salon.enrol().customer_id for _ in range(3))
    gone, stranger = salon.enrol().customer_id, a_house("salon").enrol().customer_id
    with scope(business=salon.business):
        Customer.objects.filter(pk=gone).update(erased_at=NOON)
    merged(salon, anna, again)

    cases = {
        (anna, anna): "oneself",
        (anna, gone): "erased",
        (gone, anna): "erased",
        (again, third): "kept_is_merged",
        (third, again): "already_merged",
        (anna, again): "already_merged",
    }
    with nothing_changes():
        for (kept, absorbed), why in cases.items():
            with pytest.raises(MergeRefused) as refused:
                merged(salon, kept, absorbed)
            assert refused.value.why == why
        with pytest.raises(MergeRefused) as refused:
            merged(salon, anna, third, rate=Rate(1))
        assert refused.value.why == "same_programme"
        for pair in ((anna, stranger), (stranger, anna), (anna, new_id())):
            with pytest.raises(NotFound):
                merged(salon, *pair)


def test_only_managers_and_owners_merge(salon: House) -> None:
    anna, again = salon.enrol(), salon.enrol()
    order = MergeOrder(anna.customer_id, again.customer_id)
    cashier, manager = (a_staff(salon.business, role) for role in ("cashier", "manager"))

    with nothing_changes():
        for actor, why in ((cashier, "role"), (None, "no_staff")):
            with pytest.raises(NotAllowed) as refused:
                merge_customers(salon.id, order, request=Request(new_id(), LATER, actor))
            assert refused.value.why == why
    done = merge_customers(salon.id, order, request=asked(LATER, manager))

    (posted,) = [each for each in salon.operations(anna.member_id) if each.kind == "merge"]
    (other,) = [each for each in salon.operations(again.member_id) if each.kind == "merge"]
    assert (posted.pk, posted.actor, other.actor) == (done.operation_id, manager, manager)


@pytest.mark.row("B3")
def test_a_no_of_either_holds_and_what_was_said_stays_noted(salon: House) -> None:
    anna = salon.enrol(phone="0151 1111111", consents=("sms", "email"))
    again = salon.enrol(phone="0151 2222222")
    no = ConsentOrder(again.customer_id, "sms", granted=False, source="till")
    note_consent(salon.id, no, request=asked())

    done = merged(salon, anna.customer_id, again.customer_id)

    assert done.consents_lost == ("sms",)
    with scope(business=salon.business):
        said = Consent.objects.filter(customer=anna.customer_id).order_by("at", "id")
        assert list(said.values_list("channel", "granted", "source"))[-1] == ("sms", False, "merge")
        assert Consent.objects.filter(customer=again.customer_id).count() == 1


def test_what_only_one_of_them_has_the_kept_one_has(salon: House) -> None:
    group, shared = salon.a_group(), salon.a_group("Both")
    anna = salon.enrol(name="", group_ids=(shared,), card=CardOrder("A1"))
    again = salon.enrol(
        name="Anna", note="Likes tea", group_ids=(group, shared), code_word="Otter", language="ru"
    )
    lift_first_time_rule(salon.id, again.customer_id, lifted=True)

    done = merged(salon, anna.customer_id, again.customer_id)

    kept = salon.customer(anna.customer_id)
    assert (kept.name, kept.note, kept.language) == ("Anna", "Likes tea", "ru")
    assert kept.reward_rule_lifted
    assert kept.code_word_encrypted
    assert done.groups == 1
    with scope(business=salon.business):
        inside = GroupMember.objects.filter(customer=anna.customer_id)
        assert set(inside.values_list("group_id", flat=True)) == {group, shared}


def test_what_was_bought_and_sent_without_an_account_is_the_kept_ones(salon: House) -> None:
    anna = salon.enrol().customer_id
    card = issue_gift_card(
        salon.business, kind=None, value_minor=50_00, active=True, request=asked(NOON)
    )
    with scope(business=salon.business):
        guest = Customer.objects.create(business=salon.business, name="Anna", created_at=NOON).pk
        friend = Customer.objects.create(business=salon.business, created_at=NOON).pk
        GiftCard.objects.filter(pk=card.id).update(owner_id=guest)
    sending = plan_sending(salon.id, SendingOrder(card.id, "vera@example.org"), request=asked())
    with scope(business=salon.business):
        GiftCard.objects.filter(pk=card.id).update(owner_id=friend)  # Who has got it by now.
    line = OrderLine(kind="product", name="Wax", price_minor=12_00)
    buyer = Buyer(customer_id=guest)
    bought = open_purchase(salon.id, Order(lines=(line,)), buyer, request=asked())

    merged(salon, anna, guest)

    with scope(business=salon.business):
        assert Sale.objects.get(pk=bought.sale_id).customer_id == anna
        assert GiftCardSending.objects.get(pk=sending).sender_id == anna
        assert GiftCard.objects.get(pk=card.id).owner_id == friend


@pytest.mark.row("S12")
def test_who_brought_whom_follows_the_kept_one(salon: House) -> None:
    anna, again, friend, mother = (salon.enrol().customer_id for _ in range(4))
    for referred, referrer in ((friend, again), (again, mother), (anna, again)):
        note_referral(salon.id, referred, referrer, request=asked())

    done = merged(salon, anna, again)

    with scope(business=salon.business):
        pairs = set(Referral.objects.values_list("referred_id", "referrer_id"))
    assert pairs == {(friend, anna), (anna, mother)}
    assert done.referrals_dropped == 1


@pytest.mark.row("S7")
def test_what_either_had_counts_as_had(salon: House) -> None:
    from regulars.sales.queries import items_had  # noqa: PLC0415

    anna, again = salon.enrol(), salon.enrol()
    item = salon.an_item("service")
    a_visit(salon, again.customer_id, item_id=item.pk)
    assert items_had(salon.id, anna.customer_id, [item.pk]) == set()

    merged(salon, anna.customer_id, again.customer_id)

    assert items_had(salon.id, anna.customer_id, [item.pk]) == {item.pk}


@pytest.mark.row("B6")
def test_a_visit_credited_before_is_taken_back_from_its_points(salon: House) -> None:
    studio = a_house("studio")
    anna, again = (studio.enrol(at=NOON - days(2)) for _ in range(2))
    done, still_to_come = (a_visit(studio, again.customer_id, points=points) for points in (15, 20))
    credited(studio, done)

    order = MergeOrder(anna.customer_id, again.customer_id)
    merge_customers(studio.id, order, request=asked(DUE, studio.owner))
    assert studio.balance(anna.member_id) == 15
    assert credited(studio, still_to_come).points == 20
    cancel_booking(studio.id, done, request=asked(LATER))

    assert studio.balance(anna.member_id) == 20
    assert studio.owed(anna.member_id) == studio.owed(again.member_id) == 0
    assert_books_are_right()


def test_the_account_of_one_alone_becomes_the_kept_ones(salon: House) -> None:
    with scope(business=salon.business):
        anna = Customer.objects.create(business=salon.business, name="Anna", created_at=NOON).pk
        berta = Customer.objects.create(business=salon.business, name="Berta", created_at=NOON).pk
    again = salon.enrol(card=CardOrder("B2"))
    adjust(salon.id, AdjustOrder(again.member_id, 40, "Before"), request=asked(NOON, salon.owner))

    done = merged(salon, anna, again.customer_id)
    nobody = merged(salon, anna, berta)

    assert (done.member_id, done.closed_member_id, done.available) == (again.member_id, None, 40)
    member = salon.member(again.member_id)
    assert (member.customer_id, member.closed_at) == (anna, None)
    assert nobody.member_id == again.member_id
    assert_books_are_right()


def test_who_was_merged_into_a_merged_one_leads_to_the_last(salon: House) -> None:
    first, second, third = (salon.enrol().customer_id for _ in range(3))

    merged(salon, second, first)
    merged(salon, third, second)

    assert salon.customer(first).merged_into_id == third


def test_a_merge_takes_few_statements_however_much_there_is(salon: House) -> None:
    def a_pair(size: int) -> MergeOrder:
        anna, again = salon.enrol(), salon.enrol()
        for number in range(size):
            order = AdjustOrder(again.member_id, 10, "Before")
            adjust(salon.id, order, request=asked(NOON, salon.owner))
            referred = salon.enrol().customer_id
            note_referral(salon.id, referred, again.customer_id, request=asked())
            put_into_group(
                salon.id,
                salon.a_group(f"{referred} {number}"),
                [again.customer_id],
                request=asked(),
            )
        return MergeOrder(anna.customer_id, again.customer_id)

    taken = []
    for order in (a_pair(1), a_pair(12)):
        with counted() as statements:
            merge_customers(salon.id, order, request=asked(LATER, salon.owner))
        taken.append(len(statements))

    assert taken[0] == taken[1] <= 22


STAYS = {
    "members_customer.merged_into_id": "kept flat: it leads to who is there",
    "members_consent.customer_id": "what was said stays as it was said",
    "members_contact.customer_id": "released there, and new for the kept one",
    "members_activationcode.member_id": "of an account that is closed",
    "members_levelchange.member_id": "the history of the closed account",
    "members_customersession.customer_id": "ended: whoever was signed in signs in again",
}
MOVES = {
    "members_groupmember.customer_id",
    "members_member.customer_id",
    "members_card.member_id",
    "members_referral.referred_id",
    "members_referral.referrer_id",
    "bookings_booking.customer_id",
    "giftcards_giftcard.owner_id",
    "giftcards_giftcardsending.sender_id",
    "notices_message.customer_id",
    "sales_sale.customer_id",
    "sales_sale.member_id",
}


def test_whatever_points_to_a_customer_or_an_account_is_thought_of() -> None:
    pointing = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if issubclass(model, OfBusiness)
        for field in model._meta.concrete_fields
        if field.related_model in {Customer, Member}
    }

    assert pointing == MOVES | set(STAYS)
