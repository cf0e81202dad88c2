"""An account that was shown to be somebody's, and a contact on it of which that was not shown.

Whoever told the code of such a contact is either the same person: then they tell another code, sent
to a contact that was verified. Or somebody else named it, by mistake or not: then it leaves that
account, and they begin with one of their own. Until then the first code waits, used up
(``login_codes.keep_code``); its id is known to the browser that told it, and to nobody else.

Of two devices that do both at once the first one does it; the other one has to ask for a new code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.members.login_codes import (
    LoginCodeSent,
    add_code,
    check_code,
    contact_of,
    end_code,
    is_right,
    keep_code,
    lock_code,
    sent_to,
    use_code,
)
from regulars.actions.members.sessions import SignedIn
from regulars.actions.members.signing_in import (
    CodeTold,
    Held,
    OnDevice,
    add_newcomer,
    let_in,
    lock_holder,
    read_holder,
    signed_in_before,
    verify,
)
from regulars.actions.members.watching import tell_of_loss
from regulars.domain.errors import NotFound, PasscodeRefused
from regulars.domain.passcodes import WhyNot
from regulars.ledger.posting import Request
from regulars.members.models import Contact, LoginCode
from regulars.rows import Rows


@dataclass(frozen=True, slots=True)
class Claim:
    """A contact whose code was told right, on an account that was shown to be somebody's."""

    kind: str
    value: str
    verified: Sequence[Contact]
    """By which whoever it is can show that the account is theirs."""


def read_claim(business_id: UUID, code_id: UUID, *, at: datetime) -> Claim | None:
    """What is still to be shown, for the browser that told the code; None where it is nothing."""
    with scope(business=business_id):
        code = LoginCode.objects.filter(
            pk=code_id, used_at__isnull=False, expires_at__gt=at
        ).first()
        if code is None or not code.to_encrypted:
            return None
        held = read_holder(contact_of(code))
    if held is None or not held.needs_proof:
        return None
    return Claim(held.contact.kind, held.contact.value, held.verified)


@action
def send_proof_code(
    business_id: UUID,
    code_id: UUID,
    contact_id: UUID,
    *,
    asked_from: str = "",
    request: Request,
) -> LoginCodeSent:
    """Send a code to a verified contact of the account, for whoever told ``code_id`` right.

    Raises PasscodeRefused (expired, switched_off, too_many_codes), NotFound (contact).
    """
    rows = Rows()
    with scope(business=business_id):
        code, held = _lock(business_id, code_id, at=request.at)
        to = next((each for each in held.verified if each.pk == contact_id), None)
    if to is None:
        raise NotFound("contact")
    to_contact = (to.kind, to.value)
    sent = add_code(business_id, to_contact, rows, asked_from=asked_from, request=request)
    keep_code(code, rows, until=sent.expires_at, at=request.at)
    rows.write()
    return sent


def sign_in_with_proof(
    business_id: UUID, code_id: UUID, told: CodeTold, *, request: Request
) -> SignedIn:
    """Sign in whoever told ``code_id`` right, and now a code of a verified contact of the account.

    The first contact is verified then. The same request again gets the same answer while the code
    would hold.

    Raises PasscodeRefused (expired, too_many_tries, wrong: with the tries that are left).
    """
    session_id = uuid5(business_id, f"proved {code_id} {told.code_id} {request.id}")
    done = signed_in_before(business_id, session_id, request.at)
    if done is not None and is_right(told.code_id, told.code):
        return done
    check_code(business_id, told.code_id, told.code, at=request.at)
    return _prove(business_id, code_id, session_id, told, request=request)


@action
def _prove(
    business_id: UUID, code_id: UUID, session_id: UUID, told: CodeTold, *, request: Request
) -> SignedIn:
    at, rows = request.at, Rows()
    with scope(business=business_id):
        code, held = _lock(business_id, code_id, at=at)
        proof = use_code(business_id, told.code_id, rows, at=at)
        if proof not in {(each.kind, each.value) for each in held.verified}:
            raise PasscodeRefused(WhyNot.EXPIRED)
        end_code(code, rows, at=at)
        customer_id = verify(held.contact, rows, at=at)
        done = let_in(business_id, customer_id, session_id, rows, on=told.on, at=at)
    rows.write()
    return done


def begin_anew(business_id: UUID, code_id: UUID, on: OnDevice, *, request: Request) -> SignedIn:
    """Take the contact of a code that was told right from an account that is somebody else's, and
    sign its owner in as a new customer.

    The other customer keeps everything else, and is told. The same request again gets the same
    answer while the code would hold.

    Raises PasscodeRefused (expired).
    """
    session_id = uuid5(business_id, f"anew {code_id} {request.id}")
    done = signed_in_before(business_id, session_id, request.at)
    return done or _begin(business_id, code_id, session_id, on, request=request)


@action
def _begin(
    business_id: UUID, code_id: UUID, session_id: UUID, on: OnDevice, *, request: Request
) -> SignedIn:
    at, rows = request.at, Rows()
    with scope(business=business_id):
        code, held = _lock(business_id, code_id, at=at)
        to = end_code(code, rows, at=at)
        tell_of_loss(rows, held.verified, held.contact.kind, at=at)
        # At once: it is free for the new customer only when it has been released.
        Contact.objects.filter(pk=held.contact.pk).update(released_at=at)
        customer_id = add_newcomer(business_id, to, on, rows, at=at)
        done = let_in(business_id, customer_id, session_id, rows, on=on, at=at)
    rows.write()
    return done


def _lock(business_id: UUID, code_id: UUID, *, at: datetime) -> tuple[LoginCode, Held]:
    """A code that waits for proof and whose its contact is, both under lock.

    Raises PasscodeRefused (expired), also for a code that nobody has told yet, and where there is
    nothing to prove any more.
    """
    held = lock_holder(business_id, sent_to(code_id, at))
    code = lock_code(code_id, at)
    if code.used_at is None or held is None or not held.needs_proof:
        raise PasscodeRefused(WhyNot.EXPIRED)
    return code, held
