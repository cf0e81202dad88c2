"""Customers sign in by a code that is sent to a contact.

A contact joins a customer only by proof: whoever books may name somebody else's. One that nobody
has told a code of yet does not open an account of which another contact was shown to be somebody's
(``actions.members.proving`` goes on from there).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.members.login_codes import (
    check_code,
    end_code,
    is_right,
    keep_code,
    lock_code,
    sent_to,
)
from regulars.actions.members.people import lock_customers
from regulars.actions.members.sessions import SignedIn, kept_device, open_session, token_of
from regulars.actions.members.watching import tell_of_device
from regulars.actions.sales.orders import can_be_kept
from regulars.domain.errors import NotFound, PasscodeRefused
from regulars.domain.passcodes import LASTS, WhyNot, needs_proof
from regulars.ledger.posting import Request
from regulars.members.models import Contact, Customer, CustomerSession
from regulars.rows import Rows

SOURCE = "site"
"""Where from a customer came who signed in before they bought anything."""


@dataclass(frozen=True, slots=True)
class OnDevice:
    """What is known of a browser that signs in."""

    device: str = ""
    """In words: Firefox on Android."""
    language: str = ""
    """Of whoever is new."""


@dataclass(frozen=True, slots=True)
class CodeTold:
    """What a browser tells that asked for a code before."""

    code_id: UUID
    code: str
    on: OnDevice = OnDevice()


@dataclass(frozen=True, slots=True)
class ToProve:
    """The code was right, and signs nobody in yet: the account has been shown to be somebody's."""

    code_id: UUID
    """By which the same browser goes on."""


def sign_in_with_code(business_id: UUID, told: CodeTold, *, request: Request) -> SignedIn | ToProve:
    """Sign in whoever tells the code that was sent to a contact.

    The contact is verified then; of one that is nobody's a customer is made, not a member. A code
    signs in once; the same request again gets the same answer while the code would hold.

    Raises PasscodeRefused (expired, too_many_tries, wrong: with the tries that are left).
    """
    session_id = uuid5(business_id, f"session {told.code_id} {request.id}")
    done = signed_in_before(business_id, session_id, request.at)
    if done is not None and is_right(told.code_id, told.code):
        return done
    check_code(business_id, told.code_id, told.code, again=True, at=request.at)
    return _sign_in(business_id, session_id, told, request=request)


def signed_in_before(business_id: UUID, session_id: UUID, at: datetime) -> SignedIn | None:
    """What a request was answered whose answer got lost; None where it is new."""
    with scope(business=business_id):
        session = CustomerSession.objects.filter(
            pk=session_id, ended_at__isnull=True, created_at__gt=at - timedelta(minutes=10)
        ).first()
    return SignedIn(token_of(session_id), session_id, session.customer_id) if session else None


@action
def _sign_in(
    business_id: UUID, session_id: UUID, told: CodeTold, *, request: Request
) -> SignedIn | ToProve:
    at, rows = request.at, Rows()
    with scope(business=business_id):
        held = lock_holder(business_id, sent_to(told.code_id, at))
        code = lock_code(told.code_id, at)
        if held is not None and held.needs_proof:
            keep_code(code, rows, until=at + LASTS, at=at)
            rows.write()
            return ToProve(code.pk)
        to = end_code(code, rows, at=at)
        if held is None:
            customer_id = add_newcomer(business_id, to, told.on, rows, at=at)
        else:
            customer_id = verify(held.contact, rows, at=at)
        done = let_in(business_id, customer_id, session_id, rows, on=told.on, at=at)
    rows.write()
    return done


@dataclass(frozen=True, slots=True)
class Held:
    """A contact that somebody has, and what else was shown to be theirs."""

    contact: Contact
    verified: Sequence[Contact]
    """Other contacts; none are looked for where it is verified itself."""

    @property
    def needs_proof(self) -> bool:
        is_verified = self.contact.verified_at is not None
        return needs_proof(is_verified=is_verified, others_verified=len(self.verified))


def read_holder(to: tuple[str, str]) -> Held | None:
    """Whose a contact is; None for nobody's. The business's scope is active."""
    contact = Contact.objects.filter(kind=to[0], value=to[1], released_at__isnull=True).first()
    if contact is None:
        return None
    if contact.verified_at is not None:
        return Held(contact, ())
    theirs = Contact.objects.filter(customer_id=contact.customer_id, released_at__isnull=True)
    others = theirs.filter(verified_at__isnull=False).exclude(pk=contact.pk)
    return Held(contact, list(others.order_by("kind", "id")))


def lock_holder(business_id: UUID, to: tuple[str, str]) -> Held | None:
    """Like ``read_holder``, with the customer locked.

    Raises PasscodeRefused (expired) where it has just changed hands: a new code then.
    """
    before = read_holder(to)
    if before is None:
        return None
    try:
        lock_customers(business_id, [before.contact.customer_id])
    except NotFound as gone:
        raise PasscodeRefused(WhyNot.EXPIRED) from gone
    held = read_holder(to)
    if held is None or held.contact.customer_id != before.contact.customer_id:
        raise PasscodeRefused(WhyNot.EXPIRED)
    return held


def verify(contact: Contact, rows: Rows, *, at: datetime) -> UUID:
    """Note that a contact was shown to be its customer's; gives whose it is."""
    if contact.verified_at is None:
        rows.change(Contact, contact.pk, contact.business_id, verified_at=at)
    return contact.customer_id


def add_newcomer(
    business_id: UUID, to: tuple[str, str], on: OnDevice, rows: Rows, *, at: datetime
) -> UUID:
    """Make a customer of a contact that was shown to be somebody's; gives the id."""
    customer_id = rows.add(
        Customer,
        business_id=business_id,
        name="",
        language=on.language if can_be_kept(on.language, 35) else "",
        created_at=at,
        source=SOURCE,
    )
    rows.add(
        Contact,
        business_id=business_id,
        customer_id=customer_id,
        kind=to[0],
        value=to[1],
        verified_at=at,
    )
    return customer_id


def let_in(
    business_id: UUID,
    customer_id: UUID,
    session_id: UUID,
    rows: Rows,
    *,
    on: OnDevice,
    at: datetime,
) -> SignedIn:
    """Sign a customer in on a device, and tell them if it is one that they have not used lately."""
    tell_of_device(rows, business_id, customer_id, kept_device(on.device), at=at)
    open_session(business_id, customer_id, rows, session_id, device=on.device, at=at)
    return SignedIn(token_of(session_id), session_id, customer_id)
