"""Signing in, for the tests of who does it."""

from datetime import datetime, timedelta

from regulars.actions.members.login_codes import LoginCodeSent, login_code, send_login_code
from regulars.actions.members.sessions import (
    CodeTold,
    SignedIn,
    Visitor,
    read_visitor,
    sign_in_with_code,
)
from tests.actions.samples import NOON, House, asked

IRINA, VERA = "irina@example.org", "vera@example.org"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def send(house: House, to: str = IRINA, *, at: datetime = NOON) -> LoginCodeSent:
    kind = "email" if "@" in to else "phone"
    return send_login_code(house.id, kind, to, request=asked(at))


def tell(
    house: House, sent: LoginCodeSent, code: str = "", *, at: datetime = NOON, **rest: str
) -> SignedIn:
    told = CodeTold(sent.id, code or login_code(sent.id), **rest)
    return sign_in_with_code(house.id, told, request=asked(at))


def sign_in(house: House, to: str = IRINA, *, at: datetime = NOON) -> SignedIn:
    return tell(house, send(house, to, at=at), at=at)


def wrong(sent: LoginCodeSent, by: int = 1) -> str:
    return f"{(int(login_code(sent.id)) + by) % 1_000_000:06}"


def visitor_of(house: House, done: SignedIn, *, at: datetime = NOON) -> Visitor | None:
    return read_visitor(house.id, done.token, at=at)
