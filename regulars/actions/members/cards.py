"""Members' cards: given, replaced, with secret codes; and finding members by what they show.

What is generated follows from the request's id, so a request that is repeated gets the same card
and the same code again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q
from django_scopes import scope

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.keyed import drawn_by, lookup_hash
from regulars.actions.once import Answer, done_once
from regulars.business.models import Business
from regulars.domain import cards as rules
from regulars.domain.codes import make_code
from regulars.domain.errors import EnrolmentRefused
from regulars.domain.joining import WhyNot
from regulars.ledger.posting import Request
from regulars.members.contacts import LEAST_DIGITS, normalise_email, normalise_phone, region_of
from regulars.members.models import Card, Contact
from regulars.rows import Rows

CANDIDATES = 5
"""How many codes are drawn, so that one of them is free."""

SECRET = "card secret"  # noqa: S105 - what the hash is of


_TRIES = range(CANDIDATES)

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class CardOrder:
    """A card asked for: its number and secret code typed or scanned, or generated where empty."""

    number: str = ""
    generate_number: bool = False
    secret: str = ""
    generate_secret: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.number.strip() or self.generate_number)


NO_CARD = CardOrder()


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A card as it was given out."""

    id: UUID
    number: str
    secret: str
    """In clear, this once; empty where it has none."""


@dataclass(frozen=True, slots=True)
class CardPlan:
    """The numbers and secret codes that would do, best first; the only one where it was typed."""

    numbers: tuple[str, ...]
    secrets: tuple[str, ...]
    is_virtual: bool

    @property
    def hashes(self) -> tuple[bytes, ...]:
        return tuple(secret_hash(secret) for secret in self.secrets)


def plan_card(order: CardOrder, request_id: UUID) -> CardPlan | None:
    """What card to give; None where none is asked for.

    Raises EnrolmentRefused (bad_card_number, payment_card, bad_secret_code, no_card).
    """
    secrets = _secrets(order.secret, generate=order.generate_secret, request_id=request_id)
    if order.is_empty:
        if secrets:
            raise EnrolmentRefused(WhyNot.NO_CARD)
        return None
    if order.number.strip():
        return CardPlan((rules.normalise_number(order.number),), secrets, is_virtual=False)
    below = drawn_by(request_id, "card number")
    digits = (f"{below(10**rules.VIRTUAL_RANDOM):0{rules.VIRTUAL_RANDOM}}" for _ in _TRIES)
    numbers = tuple(rules.virtual_number(each) for each in digits)
    return CardPlan(numbers, secrets, is_virtual=True)


def _secrets(typed: str, *, generate: bool, request_id: UUID) -> tuple[str, ...]:
    if typed.strip():
        return (rules.normalise_secret(typed),)
    if not generate:
        return ()
    below = drawn_by(request_id, SECRET)
    return tuple(make_code(rules.SECRET_LENGTH, below) for _ in _TRIES)


def secret_hash(secret: str) -> bytes:
    """The keyed HMAC by which a normalised secret code is found."""
    return lookup_hash(SECRET, secret)


@dataclass(frozen=True, slots=True)
class ChosenCard:
    """Which of a plan's numbers and secret codes were free."""

    plan: CardPlan
    number_at: int
    secret_at: int | None

    @property
    def number(self) -> str:
        return self.plan.numbers[self.number_at]

    @property
    def secret(self) -> str:
        return "" if self.secret_at is None else self.plan.secrets[self.secret_at]


def choose_card(business_id: UUID, plan: CardPlan) -> ChosenCard:
    """The first number and the first secret code of a plan that are free.

    Raises EnrolmentRefused (card_taken, secret_taken).
    """
    with scope(business=business_id):
        found = Card.objects.filter(
            Q(number__in=plan.numbers) | Q(secret_hash__in=plan.hashes, replaced_at__isnull=True)
        ).values_list("number", "secret_hash", "replaced_at")
    taken = {number for number, _, _ in found}
    hashed = {bytes(digest) for _, digest, replaced in found if digest and not replaced}
    number_at = _first_free(plan.numbers, taken, WhyNot.CARD_TAKEN)
    secret_at = _first_free(plan.hashes, hashed, WhyNot.SECRET_TAKEN) if plan.secrets else None
    return ChosenCard(plan, number_at, secret_at)


def _first_free(candidates: Sequence[C], taken: Collection[C], why: WhyNot) -> int:
    for place, candidate in enumerate(candidates):
        if candidate not in taken:
            return place
    raise EnrolmentRefused(why)


def add_card(
    rows: Rows, business_id: UUID, member_id: UUID, card: ChosenCard, *, at: datetime
) -> UUID:
    """Write a member's card; gives its id."""
    return rows.add(
        Card,
        business_id=business_id,
        member_id=member_id,
        number=card.number,
        secret_hash=secret_hash(card.secret) if card.secret else None,
        is_virtual=card.plan.is_virtual,
        issued_at=at,
    )


@action
def assign_card(
    business_id: UUID, member_id: UUID, order: CardOrder, *, request: Request
) -> IssuedCard:
    """Give a member a card; one that they have is replaced, and the points stay (S4, C18).

    A lost card's number is never given to anybody again. Where only who has a card earns, the
    member earns from now on.

    Raises NotFound, EnrolmentRefused, RequestIdReused, MonthClosed.
    """
    plan = plan_card(order, request.id)
    if plan is None:
        raise EnrolmentRefused(WhyNot.NO_CARD)
    told = done_once(
        business_id,
        request,
        ("assign_card", member_id, order),
        lambda: _assign(business_id, member_id, plan, request),
    )
    card = ChosenCard(plan, *told["card"])
    return IssuedCard(UUID(told["id"]), card.number, card.secret)


def _assign(business_id: UUID, member_id: UUID, plan: CardPlan, request: Request) -> Answer:
    desk = open_desk(business_id, member_id, request, Asked())
    assert desk.account is not None, "a member was named"
    if desk.account.facts.is_closed:
        raise EnrolmentRefused(WhyNot.CLOSED)
    member_id = desk.account.facts.id
    held = _cards_of(business_id, member_id)
    if had := _had_anyway(held, plan):
        return had
    chosen = choose_card(business_id, plan)
    for card in held:
        desk.rows.change(Card, card.id, business_id, replaced_at=desk.at)
    card_id = add_card(desk.rows, business_id, member_id, chosen, at=desk.at)
    desk.rows.write()
    return {"id": str(card_id), "card": [chosen.number_at, chosen.secret_at]}


@action
def new_secret(
    business_id: UUID, member_id: UUID, *, secret: str = "", request: Request
) -> IssuedCard:
    """Give a member's card another secret code, typed or generated (C18).

    Raises NotFound, EnrolmentRefused (no_card, bad_secret_code, secret_taken), RequestIdReused,
    MonthClosed.
    """
    secrets = _secrets(secret, generate=True, request_id=request.id)
    told = done_once(
        business_id,
        request,
        ("new_secret", member_id, secret),
        lambda: _renew(business_id, member_id, secrets, request),
    )
    with scope(business=business_id):
        card = Card.objects.get(pk=told["id"])
    return IssuedCard(card.id, card.number, secrets[told["secret"]])


def _renew(
    business_id: UUID, member_id: UUID, secrets: tuple[str, ...], request: Request
) -> Answer:
    desk = open_desk(business_id, member_id, request, Asked())
    assert desk.account is not None, "a member was named"
    held = _cards_of(business_id, desk.account.facts.id)[:1]
    if not held:
        raise EnrolmentRefused(WhyNot.NO_CARD)
    card = held[0]
    plan = CardPlan((card.number,), secrets, is_virtual=card.is_virtual)
    if had := _had_anyway(held, plan):
        return {"id": had["id"], "secret": had["card"][1]}
    with scope(business=business_id):
        others = Card.objects.filter(secret_hash__in=plan.hashes, replaced_at__isnull=True)
        hashed = {
            bytes(digest) for digest in others.values_list("secret_hash", flat=True) if digest
        }
    chosen = _first_free(plan.hashes, hashed, WhyNot.SECRET_TAKEN)
    desk.rows.change(Card, card.id, business_id, secret_hash=plan.hashes[chosen])
    desk.rows.write()
    return {"id": str(card.id), "secret": chosen}


def _cards_of(business_id: UUID, member_id: UUID) -> list[Card]:
    with scope(business=business_id):
        held = Card.objects.filter(member_id=member_id, replaced_at__isnull=True)
        return list(held.order_by("-issued_at"))


def _had_anyway(held: Iterable[Card], plan: CardPlan) -> Answer | None:
    """The card asked for, where the member has it already."""
    for card in held:
        digest = bytes(card.secret_hash) if card.secret_hash else None
        if card.number in plan.numbers and (digest in plan.hashes or not plan.secrets):
            secret_at = plan.hashes.index(digest) if digest in plan.hashes else None
            return {"id": str(card.id), "card": [plan.numbers.index(card.number), secret_at]}
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was identified; ``member_id`` is None for a customer in no programme."""

    customer_id: UUID
    member_id: UUID | None
    by: str
    """card, secret, phone or email."""


_IDENTIFY = """
(SELECT m.customer_id, m.id, 'card', 1 AS place
 FROM members_card k
 JOIN members_member m ON m.business_id = k.business_id AND m.id = k.member_id
 WHERE k.business_id = %(business_id)s AND k.replaced_at IS NULL AND m.closed_at IS NULL
   AND k.number = %(number)s)
UNION ALL
(SELECT m.customer_id, m.id, 'secret', 2
 FROM members_card k
 JOIN members_member m ON m.business_id = k.business_id AND m.id = k.member_id
 WHERE k.business_id = %(business_id)s AND k.replaced_at IS NULL AND m.closed_at IS NULL
   AND k.secret_hash = %(secret)s)
UNION ALL
(SELECT w.customer_id, m.id, w.kind, 3
 FROM members_contact w
 LEFT JOIN members_member m ON m.business_id = w.business_id AND m.customer_id = w.customer_id
   AND m.closed_at IS NULL
 WHERE w.business_id = %(business_id)s AND w.kind = %(kind)s AND w.value = %(value)s
   AND w.released_at IS NULL)
ORDER BY place LIMIT 1
"""


def identify(business_id: UUID, text: str, *, zone: ZoneInfo | None = None) -> list[Found]:
    """Whose card, secret code, phone number or e-mail address this is (C4, C17).

    Reads only, in one statement where the business's ``zone`` is told, which says of what country
    a phone number is. A card number comes before a secret code, and both before a contact; a
    secret code alone identifies from 8 characters on. Nobody found: an empty list.
    """
    number, secret = _number(text), _secret_alone(text)
    kind, value = _contact(business_id, text, zone)
    if not (number or secret or value):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _IDENTIFY,
            {
                "business_id": business_id,
                "number": number,
                "secret": secret_hash(secret) if secret else None,
                "kind": kind,
                "value": value,
            },
        )
        return [Found(*row[:3]) for row in cursor.fetchall()]


def identify_by_both(business_id: UUID, number: str, secret: str) -> Found | None:
    """Whose card this is, if the secret code is the card's own; it may be a short one (C18)."""
    try:
        number, secret = rules.normalise_number(number), rules.normalise_secret(secret)
    except EnrolmentRefused:
        return None
    with scope(business=business_id):
        card = (
            Card.objects.select_related("member")
            .filter(number=number, secret_hash=secret_hash(secret), replaced_at__isnull=True)
            .filter(member__closed_at__isnull=True)
            .first()
        )
    return Found(card.member.customer_id, card.member_id, "card") if card else None


def _number(text: str) -> str | None:
    try:
        return rules.normalise_number(text)
    except EnrolmentRefused:
        return None


def _secret_alone(text: str) -> str | None:
    try:
        secret = rules.normalise_secret(text)
    except EnrolmentRefused:
        return None
    return secret if rules.identifies_alone(secret) else None


def _contact(business_id: UUID, text: str, zone: ZoneInfo | None) -> tuple[str, str | None]:
    """Kind and value; None where the text is neither a phone number nor an e-mail address."""
    try:
        if "@" in text:
            return Contact.Kind.EMAIL.value, normalise_email(text)
        if sum(map(str.isalnum, text)) < LEAST_DIGITS:
            return "", None
        if zone is None:
            zone = Business.objects.only("timezone").get(pk=business_id).zone
        return Contact.Kind.PHONE.value, normalise_phone(text, region_of(zone))
    except EnrolmentRefused:
        return "", None
