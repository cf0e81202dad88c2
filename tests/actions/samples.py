"""Businesses of the three kinds, and people in them; everything goes through the actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from regulars.actions.members.enrolment import Enrolment, EnrolOrder, enrol
from regulars.actions.setup.programmes import save_version
from regulars.actions.setup.setting_up import new_business
from regulars.actions.visits.bookings import BookingOrder, book, credit_booking
from regulars.actions.visits.crediting import Visit
from regulars.business.models import Business, Staff, User
from regulars.catalogue.models import Item
from regulars.domain.joining import How
from regulars.domain.terms import Level, Terms
from regulars.ledger.models import Account, Lot, Operation
from regulars.ledger.posting import Request
from regulars.members.models import Customer, LevelChange, Member
from regulars.notices.models import Message
from regulars.programmes.models import Group, Programme, Version
from regulars.programmes.queries import terms_of
from regulars.rows import new_id

LONG_AGO = datetime(2025, 1, 1, 9, tzinfo=UTC)
NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
"""Twelve o'clock in Berlin."""

ENDS = NOON + timedelta(hours=1)
DUE = ENDS + timedelta(hours=3)
"""When a visit that has ended then is credited."""

_numbers = count(1)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def asked(at: datetime = NOON, actor: UUID | None = None) -> Request:
    """A fresh request."""
    return Request(new_id(), at, actor)


@dataclass(frozen=True)
class House:
    """A business with one programme."""

    business: Business
    programme: Programme
    owner: UUID
    """Who of the staff may do everything."""

    @property
    def id(self) -> UUID:
        return self.business.id

    @property
    def terms(self) -> Terms:
        """The latest terms."""
        with scope(business=self.business):
            return terms_of(Version.objects.latest("number").pk)

    @property
    def levels(self) -> tuple[Level, ...]:
        return self.terms.levels

    def a_staff(self, role: str, **columns: object) -> UUID:
        return a_staff(self.business, role, **columns)

    def change_terms(
        self,
        *levels: Level,
        at: datetime = LONG_AGO,
        joins_by: tuple[str, ...] = (),
        confirm_by: str = "cashier",
        **changes: object,
    ) -> Version:
        """Let other terms hold from an instant on; people join in every way unless told."""
        with scope(business=self.business):
            terms = replace(self.terms, **changes)  # type: ignore[arg-type]
            return save_version(
                self.programme,
                replace(terms, levels=levels or terms.levels),
                joins_by=joins_by or tuple(How),
                confirm_by=confirm_by,
                terms_url="",
                author=None,
                at=at,
            )

    def enrol(self, *, at: datetime = NOON, how: str = "till", **order: object) -> Enrolment:
        """Enrol somebody, of a made-up name unless told."""
        given = {"name": f"Person {next(_numbers)}"} | order
        asks = EnrolOrder(self.programme.pk, how, **given)  # type: ignore[arg-type]
        return enrol(self.id, asks, request=asked(at))

    def a_group(self, name: str = "Students") -> UUID:
        with scope(business=self.business):
            return Group.objects.create(business=self.business, name=name).pk

    def an_item(self, kind: str = "service", price_minor: int = 50_00, **columns: object) -> Item:
        with scope(business=self.business):
            return Item.objects.create(
                business=self.business,
                kind=kind,
                name=f"{kind} {next(_numbers)}",
                price_minor=price_minor,
                **columns,
            )

    def member(self, member_id: UUID) -> Member:
        with scope(business=self.business):
            return Member.objects.get(pk=member_id)

    def customer(self, customer_id: UUID) -> Customer:
        with scope(business=self.business):
            return Customer.objects.get(pk=customer_id)

    def close(self, member_id: UUID, at: datetime = NOON) -> None:
        """Close an account, as if its holder had moved to another programme."""
        with scope(business=self.business):
            Member.objects.filter(pk=member_id).update(closed_at=at)

    def balance(self, member_id: UUID) -> int:
        with scope(business=self.business):
            return Account.objects.get(member=member_id).balance

    def owed(self, member_id: UUID) -> int:
        with scope(business=self.business):
            owed = Account.objects.filter(main__member=member_id).first()
        return -owed.balance if owed else 0

    def lots(self, member_id: UUID) -> list[Lot]:
        with scope(business=self.business):
            return list(Lot.objects.filter(account__member=member_id).order_by("id"))

    def operations(self, member_id: UUID) -> list[Operation]:
        with scope(business=self.business):
            listed = Operation.objects.filter(account__member=member_id)
            return list(listed.order_by("at", "id"))

    def kinds(self, member_id: UUID) -> list[str]:
        """The kinds of what was posted to a member's account, in order."""
        return [operation.kind for operation in self.operations(member_id)]

    def level_changes(self, member_id: UUID) -> list[tuple[str, UUID]]:
        with scope(business=self.business):
            changes = LevelChange.objects.filter(member=member_id).order_by("at", "id")
            return [(change.why, change.to_level_id) for change in changes]

    def messages(self, customer_id: UUID) -> list[Message]:
        with scope(business=self.business):
            return list(Message.objects.filter(customer=customer_id).order_by("id"))


def a_house(template: str, **changes: object) -> House:
    """A business from a template, in Berlin; ``changes`` are of the programme's terms."""
    business = new_business(
        name=template.title(),
        slug=f"{template}-{next(_numbers)}",
        template=template,
        currency="EUR",
        timezone="Europe/Berlin",
        locale="de",
        city="Berlin",
        accent=(20, 90),
        at=LONG_AGO,
    )
    with scope(business=business):
        house = House(business, Programme.objects.get(), a_staff(business, "owner"))
    if changes:
        house.change_terms(**changes)  # type: ignore[arg-type]
    return house


def a_staff(business: Business, role: str, **columns: object) -> UUID:
    """Somebody who works there."""
    user = User.objects.create_user(f"staff{next(_numbers)}@example.org")
    with scope(business=business):
        staff = Staff.objects.create(business=business, user=user, role=role, name=role, **columns)
    return staff.pk


def a_visit(house: House, customer_id: UUID, *, points: int = 15, **order: object) -> UUID:
    """A booking of a class that earns ``points``, from noon to one."""
    given = {"starts_at": NOON, "ends_at": ENDS} | order
    if "item_id" not in given:
        given["item_id"] = house.an_item("class", own_points=points).pk
    asks = BookingOrder(customer_id, **given)  # type: ignore[arg-type]
    return book(house.id, asks, request=asked(NOON - days(1)))


def credited(house: House, booking_id: UUID, *, at: datetime = DUE) -> Visit:
    return credit_booking(house.id, booking_id, at=at)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent inside, but for those around transactions."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield statements
    around = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    statements += [
        each["sql"] for each in captured.captured_queries if not each["sql"].startswith(around)
    ]
