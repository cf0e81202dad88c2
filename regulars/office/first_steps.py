"""What a business sets up first, in order, until it is done: somebody who begins is not left alone.

What is asked follows from what is offered: services need people and hours, classes need sessions.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.bookings.models import ClassSession, OpeningHours, ProviderService
from regulars.business.models import Business
from regulars.catalogue.models import Item
from regulars.domain.terms import Kind


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to set up."""

    text: str
    url: str
    is_done: bool


def first_steps(business: Business) -> list[Step]:
    """Every step, done or not; none once all are done."""
    kinds = set(
        Item.objects.filter(archived_at__isnull=True).order_by().values_list("kind", flat=True)
    )
    offered = kinds or _usual(business)
    steps = [Step(_("Say what you offer, and what it costs"), reverse("office:items"), bool(kinds))]
    if Kind.SERVICE in offered:
        steps += [
            Step(
                _("Say who does your services"),
                reverse("office:providers"),
                ProviderService.objects.exists(),
            ),
            Step(
                _("Say when services can be booked"),
                reverse("office:opening"),
                OpeningHours.objects.exists(),
            ),
        ]
    if Kind.CLASS in offered:
        held = ClassSession.objects.exists()
        text = _("Plan the sessions of your classes")
        steps += [Step(text, reverse("office:sessions"), held)]
    return [] if all(step.is_done for step in steps) else steps


def _usual(business: Business) -> set[str]:
    """What such a business offers, as long as it has said nothing."""
    if business.kind == Business.Kind.STUDIO:
        return {Kind.CLASS}
    return {Kind.SERVICE} if business.kind == Business.Kind.SALON else set()
