"""Tells customers who book at a time at which they come already, before they do it twice."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.bookings.models import Booking
from regulars.site.buying.selected import Booked, Selected


@dataclass(frozen=True, slots=True)
class Already:
    """A visit at the same time."""

    says: str
    note: str
    """What going on does."""
    visit_url: str
    seats_url: str
    """Where seats are chosen; empty for what has none."""


def booked_already(selected: Selected) -> Already | None:
    """The customer's own visit at this time; None where there is none.

    Only of who has signed in: nobody learns by typing a contact when somebody else comes.
    """
    booked = selected.booked
    if booked is None or selected.customer_id is None:
        return None
    mine = Booking.objects.select_related("item").filter(
        customer=selected.customer_id,
        state=Booking.State.BOOKED,
        starts_at__lt=booked.ends_at,
        ends_at__gt=booked.starts_at,
    )
    held = sorted(mine.order_by("starts_at", "pk"), key=lambda each: each.item_id != booked.item.pk)
    if not held:
        return None
    slug, found = selected.request.business.slug, held[0]
    is_same_session = found.session_id is not None and (
        found.session_id == selected.choice.session_id
    )
    return Already(
        says=_says(found, booked, is_same_session=is_same_session),
        note=_note(selected, is_same_session=is_same_session),
        visit_url=reverse("site:visit", args=[slug, found.pk]),
        seats_url=selected.url("your_details") if is_same_session else "",
    )


def _says(found: Booking, booked: Booked, *, is_same_session: bool) -> str:
    if is_same_session:
        return _("You are already booked for this class at that time.")
    if found.item_id == booked.item.pk:
        return _("You are already booked for this at that time.")
    return _("You already come at that time, for “%(name)s”.") % {"name": found.item.name}


def _note(selected: Selected, *, is_same_session: bool) -> str:
    if not is_same_session:
        return _("Go on only if somebody else comes, or if you want both.")
    seats = selected.choice.seats
    said = ngettext(
        "If you bring somebody, go on: you book %(number)s more seat.",
        "If you bring somebody, go on: you book %(number)s more seats.",
        seats,
    )
    return said % {"number": selected.request.formats.number(seats)}
