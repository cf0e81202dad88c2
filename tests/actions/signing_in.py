"""Signing in, for the tests of who does it."""

from datetime import datetime, timedelta

from django_scopes import scope

from regulars.actions.members.login_codes import LoginCodeSent, login_code, send_login_code
from regulars.actions.members.proving import begin_anew, send_proof_code, sign_in_with_proof
from regulars.actions.members.sessions import SignedIn, Visitor, read_visitor
from regulars.actions.members.signing_in import CodeTold, OnDevice, ToProve, sign_in_with_code
from regulars.members.models import Contact
from tests.actions.samples import NOON, House, asked

IRINA, VERA = "irina@example.org", "vera@example.org"
PHONE = "+4915123456789"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def send(
    house: House, to: str = IRINA, *, at: datetime = NOON, asked_from: str = ""
) -> LoginCodeSent:
    kind = "email" if "@" in to else "phone"
    return send_login_code(house.id, kind, to, asked_from=asked_from, request=asked(at))


def tell(
    house: House, sent: LoginCodeSent, code: str = "", *, at: datetime = NOON, **on: str
) -> SignedIn:
    told = CodeTold(sent.id, code or login_code(sent.id), OnDevice(**on))
    done = sign_in_with_code(house.id, told, request=asked(at))
    assert isinstance(done, SignedIn)
    return done


def claim(house: House, to: str = IRINA, *, at: datetime = NOON) -> ToProve:
    """Tell the code of a contact on an account that was shown to be somebody's."""
    sent = send(house, to, at=at)
    told = CodeTold(sent.id, login_code(sent.id))
    done = sign_in_with_code(house.id, told, request=asked(at))
    assert isinstance(done, ToProve)
    return done


def sign_in(house: House, to: str = IRINA, *, at: datetime = NOON) -> SignedIn:
    return tell(house, send(house, to, at=at), at=at)


def wrong(sent: LoginCodeSent, by: int = 1) -> str:
    return f"{(int(login_code(sent.id)) + by) % 1_000_000:06}"


def visitor_of(house: House, done: SignedIn, *, at: datetime = NOON) -> Visitor | None:
    return read_visitor(house.id, done.token, at=at)


def contact(house: House, value: str) -> Contact:
    with scope(business=house.business):
        return Contact.objects.get(value=value, released_at__isnull=True)


def proof(house: House, told: ToProve, by: str = PHONE, *, at: int = 0) -> LoginCodeSent:
    to, request = contact(house, by).pk, asked(NOON + minutes(at))
    return send_proof_code(house.id, told.code_id, to, request=request)


def prove(house: House, told: ToProve, sent: LoginCodeSent, *, at: int = 0) -> SignedIn:
    code = CodeTold(sent.id, login_code(sent.id))
    return sign_in_with_proof(house.id, told.code_id, code, request=asked(NOON + minutes(at)))


def anew(house: House, told: ToProve, *, at: int = 0) -> SignedIn:
    return begin_anew(house.id, told.code_id, OnDevice(), request=asked(NOON + minutes(at)))
