"""Everything that a business knows of one customer, to take along: one document, a few statements.

What others are to them (who brought whom) is theirs too, and stays out.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from regulars.bookings.models import Booking
from regulars.business.models import Business
from regulars.giftcards.models import GiftCard, GiftCardSending
from regulars.members.models import Card, Consent, Contact, CustomerSession, Member
from regulars.notices.models import Message
from regulars.reports.customer_file import CustomerFile, read_customer
from regulars.reports.wording import KINDS
from regulars.sales.models import Sale

Facts = dict[str, Any]


def own_data(business: Business, customer_id: UUID, *, at: datetime) -> Facts:
    """The document as plain data; times are in UTC, money is in minor units of the currency.

    The business's scope is active. Raises NotFound.
    """
    found = read_customer(customer_id)
    members = list(Member.objects.filter(customer_id=customer_id).select_related("programme"))
    return {
        "business": business.name,
        "currency": business.currency,
        "written_at": at,
        "customer": _person(found),
        "contacts": _rows(
            Contact.objects.filter(customer_id=customer_id), "kind value verified_at released_at"
        ),
        "consents": _rows(
            Consent.objects.filter(customer_id=customer_id), "channel granted at source"
        ),
        "groups": [group.name for group in found.groups],
        "memberships": [_membership(business, member) for member in members],
        "purchases": _purchases(customer_id, members),
        "bookings": [_booking(each) for each in _bookings(customer_id)],
        "gift_cards": _gift_cards(customer_id),
        "gift_cards_sent": _rows(
            GiftCardSending.objects.filter(sender_id=customer_id),
            "to_name to_email from_name greeting send_at state",
        ),
        "messages": _rows(
            Message.objects.filter(customer_id=customer_id),
            "template channel state created_at sent_at",
        ),
        "devices": _rows(
            CustomerSession.objects.filter(customer_id=customer_id),
            "device created_at seen_at ended_at",
        ),
    }


def own_data_file(business: Business, customer_id: UUID, *, at: datetime) -> tuple[str, bytes]:
    """The document as a file to download: its name, and JSON in UTF-8."""
    day = at.astimezone(business.zone).date()
    name = f"{business.slug}-my-data-{day:%Y-%m-%d}.json"
    told = own_data(business, customer_id, at=at)
    return name, json.dumps(told, ensure_ascii=False, indent=2, default=_plain).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _rows(found: Any, names: str) -> list[Facts]:  # noqa: ANN401 - any model's rows
    return list(found.order_by("id").values(*names.split()))


def _person(found: CustomerFile) -> Facts:
    customer = found.customer
    return {
        "name": customer.name,
        "language": customer.language,
        "born": found.born,
        "code_word": found.code_word,
        "note": customer.note,
        "number_elsewhere": customer.external_id,
        "known_since": customer.created_at,
        "from": customer.source,
    }


# What each operation changed of an account, as the books have it.
_OPERATIONS = """
SELECT o.at, o.kind, o.note, coalesce(
  (SELECT sum(CASE WHEN t.to_account_id = o.account_id THEN t.amount ELSE -t.amount END)::bigint
   FROM ledger_transfer t WHERE t.business_id = o.business_id AND t.operation_id = o.id
     AND o.account_id IN (t.to_account_id, t.from_account_id)), 0)
FROM ledger_operation o
WHERE o.business_id = %s AND o.account_id = %s ORDER BY o.at, o.id
"""


def _membership(business: Business, member: Member) -> Facts:
    with connection.cursor() as cursor:
        cursor.execute(_OPERATIONS, [business.pk, member.account_id])
        operations = cursor.fetchall()
    cards = Card.objects.filter(member_id=member.pk)
    return {
        "programme": member.programme.name,
        "joined_at": member.joined_at,
        "activated_at": member.activated_at,
        "closed_at": member.closed_at,
        "cards": _rows(cards, "number issued_at replaced_at"),
        "operations": [
            {"at": at, "what": str(KINDS[kind]), "points": points, "note": note}
            for at, kind, note, points in operations
        ],
    }


def _purchases(customer_id: UUID, members: Iterable[Member]) -> list[Facts]:
    without = Q(customer_id=customer_id, member_id__isnull=True)
    whose = without | Q(member_id__in=[member.pk for member in members])
    sales = Sale.objects.filter(whose).order_by("opened_at", "id")
    return [_purchase(sale) for sale in sales.prefetch_related("lines", "payments")]


def _purchase(sale: Sale) -> Facts:
    return {
        "number": sale.number,
        "receipt": sale.receipt,
        "state": sale.state,
        "at": sale.paid_at or sale.opened_at,
        "charged_minor": sale.charged_minor,
        "refunded_minor": sale.refunded_minor,
        "points_paid": sale.points_paid,
        "points_earned": sale.points_earned,
        "lines": [
            {"name": line.name, "quantity": line.quantity, "charged_minor": line.charged_minor}
            for line in sorted(sale.lines.all(), key=lambda line: line.position)
        ],
        "payments": [
            {"method": each.method, "amount_minor": each.amount_minor, "points": each.points}
            for each in sorted(sale.payments.all(), key=lambda each: each.position)
        ],
    }


def _bookings(customer_id: UUID) -> Iterable[Booking]:
    found = Booking.objects.filter(customer_id=customer_id).select_related("item", "place")
    return found.order_by("starts_at", "id")


def _booking(booking: Booking) -> Mapping[str, object]:
    return {
        "what": booking.item.name,
        "place": booking.place.name if booking.place else "",
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "seats": booking.seats,
        "state": booking.state,
    }


def _gift_cards(customer_id: UUID) -> list[Facts]:
    cards = GiftCard.objects.filter(owner_id=customer_id).select_related("account")
    return [
        {
            "ends_with": card.last_four,
            "value_minor": card.issued_minor,
            "left_minor": card.account.balance,
            "state": card.state,
            "issued_at": card.issued_at,
            "valid_until": card.valid_until,
        }
        for card in cards.order_by("issued_at", "id")
    ]
