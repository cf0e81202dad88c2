"""One contact of a customer more or less; ``people.change_contacts`` replaces them all (C15)."""

from uuid import UUID

from django_scopes import scope

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.members.people import check_free, lock_customers
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import WhyNot
from regulars.ledger.posting import Request
from regulars.members.contacts import normalise_contacts
from regulars.members.models import Contact


@action
def add_contacts(
    business_id: UUID, customer_id: UUID, *, phone: str = "", email: str = "", request: Request
) -> None:
    """Note another phone number or e-mail address of a customer, beside those they have.

    What they have already changes nothing, so doing it twice is doing it once.

    Raises NotFound, EnrolmentRefused (nobody, bad_phone, bad_email, contact_taken), MonthClosed.
    """
    desk = open_desk(business_id, None, request, Asked())
    lock_customers(business_id, [customer_id])
    given = normalise_contacts(phone, email, desk.business.zone)
    if not given:
        raise EnrolmentRefused(WhyNot.NOBODY)
    with scope(business=business_id):
        mine = Contact.objects.filter(customer_id=customer_id, released_at__isnull=True)
        held = set(mine.values_list("kind", "value"))
    for kind, value in given:
        if (kind, value) in held:
            continue
        check_free(business_id, kind, value)
        desk.rows.add(
            Contact, business_id=business_id, customer_id=customer_id, kind=kind, value=value
        )
    desk.rows.write()


@action
def release_contact(
    business_id: UUID, customer_id: UUID, contact_id: UUID, *, request: Request
) -> None:
    """Give up one contact of a customer; it is free for somebody else then.

    Raises NotFound (customer, contact), MonthClosed.
    """
    desk = open_desk(business_id, None, request, Asked())
    lock_customers(business_id, [customer_id])
    with scope(business=business_id):
        contact = Contact.objects.filter(pk=contact_id, customer_id=customer_id).first()
    if contact is None:
        raise NotFound("contact")
    if contact.released_at is None:
        desk.rows.change(Contact, contact.id, business_id, released_at=desk.at)
    desk.rows.write()
