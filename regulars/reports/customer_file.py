"""What a business knows of one customer beside the account: plain facts, a few statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from regulars.actions.keyed import decrypt
from regulars.bookings.models import Booking
from regulars.domain.errors import NotFound
from regulars.giftcards.models import GiftCard
from regulars.members.models import Card, Consent, Contact, Customer, GroupMember, Member, Referral
from regulars.programmes.models import Group, Programme

MOST_BOOKINGS = 20
MOST_REFERRED = 50


@dataclass(frozen=True, slots=True)
class Brought:
    """A referral, as one of its two people sees it."""

    customer_id: UUID
    """Of the other one."""
    name: str
    at: datetime
    is_credited: bool


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """One customer of a business."""

    customer: Customer
    code_word: str
    contacts: tuple[Contact, ...]
    consents: Mapping[str, tuple[Consent, ...]]
    """By channel everything that was said, the last first."""
    groups: tuple[Group, ...]
    member: Member | None
    """The open account."""
    programme: Programme | None
    """Of that account."""
    cards: tuple[Card, ...]
    """Of that account, the newest first; all but one are replaced."""
    brought_by: Brought | None
    brought: tuple[Brought, ...]
    bookings: tuple[Booking, ...]
    """The latest ones, with their items and places."""
    gift_cards: tuple[GiftCard, ...]
    """Those that they own, with their accounts; the newest first."""
    kept_id: UUID | None = field(default=None)
    """Who they were merged into."""

    @property
    def born(self) -> date | None:
        return self.customer.born

    @property
    def has_agreed(self) -> bool:
        """Whether they want messages on any channel that reaches them."""
        return any(said and said[0].granted for said in self.consents.values())


def read_customer(customer_id: UUID) -> CustomerFile:
    """Read one customer; the business's scope is active.

    Raises NotFound for a customer of no or another business, and for one who was erased.
    """
    customer = Customer.objects.filter(pk=customer_id, erased_at__isnull=True).first()
    if customer is None:
        raise NotFound("customer")
    members = Member.objects.filter(customer_id=customer_id, closed_at__isnull=True)
    member = members.select_related("programme").first()
    open_contacts = Contact.objects.filter(customer_id=customer_id, released_at__isnull=True)
    bookings = Booking.objects.filter(customer_id=customer_id).select_related("item", "place")
    gift_cards = GiftCard.objects.filter(owner_id=customer_id).select_related("account", "kind")
    in_groups = GroupMember.objects.filter(customer_id=customer_id).select_related("group")
    brought_by, brought = _referrals(customer_id)
    word = customer.code_word_encrypted
    return CustomerFile(
        customer=customer,
        code_word=decrypt(word) if word else "",
        contacts=tuple(open_contacts.order_by("-kind", "id")),
        consents=_consents(customer_id),
        groups=tuple(each.group for each in in_groups.order_by("group__name", "group_id")),
        member=member,
        programme=member.programme if member else None,
        cards=_cards(member),
        brought_by=brought_by,
        brought=brought,
        bookings=tuple(bookings.order_by("-starts_at", "-id")[:MOST_BOOKINGS]),
        gift_cards=tuple(gift_cards.order_by("-issued_at", "-id")),
        kept_id=customer.merged_into_id,
    )


def _cards(member: Member | None) -> tuple[Card, ...]:
    if member is None:
        return ()
    return tuple(Card.objects.filter(member_id=member.pk).order_by("-issued_at", "-id"))


def _consents(customer_id: UUID) -> dict[str, tuple[Consent, ...]]:
    said = list(Consent.objects.filter(customer_id=customer_id).order_by("-at", "-id"))
    return {
        str(channel): tuple(each for each in said if each.channel == channel)
        for channel in Consent.Channel
    }


def _referrals(customer_id: UUID) -> tuple[Brought | None, tuple[Brought, ...]]:
    """By whom they were brought, and whom they brought; in one statement."""
    concerned = Referral.objects.filter(Q(referred_id=customer_id) | Q(referrer_id=customer_id))
    referrals = concerned.select_related("referred", "referrer").order_by("-at", "-id")
    by: Brought | None = None
    brought = []
    for each in referrals[: MOST_REFERRED + 1]:
        is_referred = each.referred_id == customer_id
        other = each.referrer if is_referred else each.referred
        one = Brought(other.pk, other.name, each.at, each.operation_id is not None)
        if is_referred:
            by = one
        else:
            brought.append(one)
    return by, tuple(brought)
