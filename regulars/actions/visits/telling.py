"""What customers are told of their bookings; they asked for it, so it needs no consent (B3)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django_scopes import scope

from regulars.actions.desk import Desk
from regulars.actions.telling import CHANNELS
from regulars.actions.visits.paid import NOT_PAID, PaidFor
from regulars.bookings.models import Booking
from regulars.members.models import Contact
from regulars.notices.models import Message


def tell_who_booked(desk: Desk, booking: Booking, template: str, back: PaidFor = NOT_PAID) -> None:
    """Tell a customer who booked online of a change; who was booked by staff is told by them."""
    if booking.by_customer:
        tell_of_change(desk, booking, template, back)


def tell_of_change(desk: Desk, booking: Booking, template: str, back: PaidFor = NOT_PAID) -> None:
    """Tell a customer of a change of their booking; and where what they paid goes back."""
    kinds = ways_to(desk, booking.customer_id)
    sums = {"online_minor": back.online_minor, "desk_minor": back.desk_minor}
    more = {name: minor for name, minor in sums.items() if minor}
    tell_of_booking(desk, template, booking.customer_id, booking.pk, kinds=kinds, more=more)


def ways_to(desk: Desk, customer_id: UUID) -> list[str]:
    """The kinds of contact that reach a customer."""
    if desk.account is not None and desk.account.facts.customer_id == customer_id:
        return [kind for kind, _ in desk.account.facts.channels]
    with scope(business=desk.business.id):
        contacts = Contact.objects.filter(customer_id=customer_id, released_at__isnull=True)
        return list(contacts.values_list("kind", flat=True))


def tell_of_booking(
    desk: Desk,
    template: str,
    customer_id: UUID,
    booking_id: UUID,
    *,
    kinds: Iterable[str],
    more: Mapping[str, int] | None = None,
) -> None:
    """Write a message about a booking: by e-mail if there is one, else by text message.

    ``more`` are sums that it says, in minor units.
    """
    if desk.journal.is_history:
        return
    ways = sorted(kinds)  # "email" comes before "phone".
    desk.rows.add(
        Message,
        business_id=desk.business.id,
        customer_id=customer_id,
        channel=str(CHANNELS[ways[0]] if ways else Message.Channel.NONE),
        message_class=str(Message.Class.ASKED_FOR),
        template=template,
        data={"booking": str(booking_id), **(more or {})},
        state=str(Message.State.WAITING if ways else Message.State.HELD),
        held_why="" if ways else str(Message.HeldWhy.NO_CONTACT),
        next_try_at=desk.at if ways else None,
        created_at=desk.at,
    )
