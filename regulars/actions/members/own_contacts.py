"""Contacts that customers change themselves: by a code sent to the new one, never to none left."""

from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.members.login_codes import check_code, use_code
from regulars.actions.members.people import check_free, lock_customers
from regulars.actions.members.watching import tell_of_contact
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import WhyNot
from regulars.ledger.posting import Request
from regulars.members.models import Contact
from regulars.rows import Rows


def add_contact_with_code(
    business_id: UUID,
    customer_id: UUID,
    code_id: UUID,
    code: str,
    *,
    instead_of: UUID | None = None,
    request: Request,
) -> None:
    """Add the contact to which a code was sent, verified; in place of another one, or beside it.

    One of the same kind that they have already becomes verified by it.

    Raises PasscodeRefused (expired, too_many_tries, wrong: with the tries that are left), NotFound
    (customer, contact), EnrolmentRefused (contact_taken).
    """
    check_code(business_id, code_id, code, at=request.at)
    _add(business_id, customer_id, code_id, instead_of, request=request)


@action
def _add(
    business_id: UUID,
    customer_id: UUID,
    code_id: UUID,
    instead_of: UUID | None,
    *,
    request: Request,
) -> None:
    rows = Rows()
    lock_customers(business_id, [customer_id])
    kind, value = use_code(business_id, code_id, rows, at=request.at)
    with scope(business=business_id):
        held = list(Contact.objects.filter(customer_id=customer_id, released_at__isnull=True))
    same = next((each for each in held if (each.kind, each.value) == (kind, value)), None)
    old = next((each for each in held if each.pk == instead_of), None)
    if instead_of is not None and old is None:
        raise NotFound("contact")
    gone = [old] if old is not None and old is not same else []
    if same is not None:
        rows.change(Contact, same.pk, business_id, verified_at=request.at)
    else:
        stay = [each for each in held if each not in gone]
        tell_of_contact(rows, customer_id, stay, kind, added=True, at=request.at)
        check_free(business_id, kind, value)
        rows.add(
            Contact,
            business_id=business_id,
            customer_id=customer_id,
            kind=kind,
            value=value,
            verified_at=request.at,
        )
    for each in gone:
        tell_of_contact(rows, customer_id, [each], each.kind, added=False, at=request.at)
        rows.change(Contact, each.pk, business_id, released_at=request.at)
    rows.write()


@action
def give_up_contact(
    business_id: UUID, customer_id: UUID, contact_id: UUID, *, request: Request
) -> None:
    """Give up one of one's contacts; doing it twice is doing it once.

    Raises NotFound (customer, contact), EnrolmentRefused (last_contact): at least one stays, by
    which they sign in. It is a verified one, if they have any: else whoever has the other one would
    come to have the account.
    """
    lock_customers(business_id, [customer_id])
    with scope(business=business_id):
        theirs = list(Contact.objects.filter(customer_id=customer_id))
    contact = next((each for each in theirs if each.pk == contact_id), None)
    if contact is None:
        raise NotFound("contact")
    if contact.released_at is not None:
        return
    stay = [each for each in theirs if each.released_at is None and each is not contact]
    is_verified = contact.verified_at is not None
    if not any(each.verified_at is not None or not is_verified for each in stay):
        raise EnrolmentRefused(WhyNot.LAST_CONTACT)
    rows = Rows()
    tell_of_contact(rows, customer_id, [contact], contact.kind, added=False, at=request.at)
    rows.change(Contact, contact_id, business_id, released_at=request.at)
    rows.write()
