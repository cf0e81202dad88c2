"""Sending receipts: asked for by the customer, so they need no consent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.keyed import encrypt, lookup_hash
from regulars.actions.telling import tell_asked
from regulars.domain.errors import NotFound, RequestIdReused
from regulars.ledger.posting import Request, lock_request
from regulars.members.contacts import normalise_email
from regulars.members.models import Contact
from regulars.notices.models import Message
from regulars.rows import Rows
from regulars.sales.models import Sale


@dataclass(frozen=True, slots=True)
class ReceiptOrder:
    """Where the receipt of a sale goes: a contact of its customer, or an address told for it."""

    sale_id: UUID
    contact_id: UUID | None = None
    email: str = ""


@action
def email_receipt(business_id: UUID, order: ReceiptOrder, *, request: Request) -> str:
    """Send a receipt by e-mail; gives the address that it goes to.

    It was asked for: no consent is needed (B3). Safe to send twice: one request, one message. An
    address that is told is kept encrypted until the message has left, and never with a customer.

    Raises NotFound (sale, channel), EnrolmentRefused (bad_email), RequestIdReused.
    """
    message_id = uuid5(business_id, f"receipt {request.id}")
    lock_request(request.id)
    with scope(business=business_id):
        sale = Sale.objects.filter(pk=order.sale_id).first()
        if sale is None:
            raise NotFound("sale")
        contact = _contact_of(sale, order.contact_id) if order.contact_id else None
        address = contact.value if contact else normalise_email(order.email)
        digest = request.hash_of("email_receipt", order).hex()
        asked = lookup_hash("receipt", digest).hex()  # Keyed: an address is guessed easily.
        sent = Message.objects.filter(pk=message_id).first()
    if sent is not None:
        if sent.data.get("asked") != asked:
            raise RequestIdReused
        return address
    to = {"contact": str(contact.pk)} if contact else {"to": encrypt(address).decode()}
    rows = Rows()
    rows.add(
        Message,
        id=message_id,
        business_id=business_id,
        customer_id=contact.customer_id if contact else None,
        channel=str(Message.Channel.EMAIL),
        message_class=str(Message.Class.ASKED_FOR),
        template="receipt",
        data={"sale": str(sale.pk), "asked": asked, **to},
        next_try_at=request.at,
        created_at=request.at,
    )
    rows.write()
    return address


def tell_buyer(rows: Rows, business_id: UUID, sale_id: UUID, *, at: datetime) -> None:
    """Send who has bought online the receipt, if there is an e-mail address; without consent."""
    with scope(business=business_id):
        whose = Sale.objects.values_list("customer_id", "member__customer_id").get(pk=sale_id)
        customer_id = next(filter(None, whose), None)
        held = Contact.objects.filter(customer=customer_id, released_at__isnull=True)
        if customer_id is None or not held.filter(kind=Contact.Kind.EMAIL).exists():
            return
    tell_asked(
        rows,
        "receipt",
        business_id=business_id,
        customer_id=customer_id,
        channel=Message.Channel.EMAIL,
        at=at,
        sale=str(sale_id),
    )


def emails_of(sale_id: UUID) -> list[Contact]:
    """The e-mail addresses of a sale's customer, the confirmed ones first.

    Asked inside ``scope(business=...)``.
    """
    sale = Sale.objects.select_related("customer").get(pk=sale_id)
    if sale.customer is None:
        return []
    held = Contact.objects.filter(
        customer=sale.customer, kind=Contact.Kind.EMAIL, released_at__isnull=True
    )
    return sorted(held.order_by("id"), key=lambda contact: contact.verified_at is None)


def _contact_of(sale: Sale, contact_id: UUID) -> Contact:
    """Raises NotFound where it is no e-mail address of the sale's customer, or no longer."""
    for contact in emails_of(sale.pk):
        if contact.pk == contact_id:
            return contact
    raise NotFound("channel")
