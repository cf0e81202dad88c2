"""By whom a customer was brought, as the dialogue about it says it (B3, S12)."""

from dataclasses import dataclass, replace
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.actions.members.referrals import Noted, Thanked, offer_of
from regulars.actions.requests import Request
from regulars.actions.setup.wordings import THANKS, message_setting
from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.domain.errors import ReferralRefused
from regulars.members.models import Member, Referral
from regulars.notices.models import Message
from regulars.reports import refusing
from regulars.reports.forms import OnceForm
from regulars.reports.panel import member_panel
from regulars.reports.persons import initials_of


class ReferrerForm(OnceForm):
    """Who brought somebody."""

    referrer = forms.UUIDField(
        error_messages={
            "required": gettext_lazy("Choose who brought them."),
            "invalid": gettext_lazy("Choose who brought them."),
        }
    )

    @property
    def chosen(self) -> UUID:
        referrer: UUID = self.cleaned_data["referrer"]
        return referrer


@dataclass(frozen=True, slots=True)
class Bringing:
    """A referral that is noted, and what can be added for it."""

    referral_id: UUID
    referrer_id: UUID
    referrer: str
    initials: str
    day: str
    question: str = ""
    """ "Add 100 points to Heike's account?"; empty where there is nothing to ask."""
    verb: str = ""
    """ "Yes, add 100 points"."""
    told: str = ""
    """Whether a text message would say thanks (B3)."""
    is_held: bool = False
    why: str = ""
    """Why it does not ask."""
    is_credited: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the points and of the thanks."""

    line: str
    told: str
    is_held: bool


def bringing_of(
    business: Business, customer_id: UUID, formats: Formats, *, request: Request
) -> Bringing | None:
    """By whom somebody was brought, and what it would come to; the business's scope is active.

    None where nobody is noted.
    """
    referral = Referral.objects.select_related("referrer").filter(referred_id=customer_id).first()
    if referral is None:
        return None
    noted = offer_of(business.pk, referral.pk, request=request)
    name = referral.referrer.name or _("Without a name")
    bringing = Bringing(
        referral_id=referral.pk,
        referrer_id=referral.referrer_id,
        referrer=name,
        initials=initials_of(referral.referrer.name),
        day=formats.day_at(referral.at),
        is_credited=referral.operation_id is not None,
    )
    if not noted.offer_points:
        return replace(bringing, why=_why(noted, formats))
    return _asking(business, bringing, noted.offer_points, formats, request=request)


def _why(noted: Noted, formats: Formats) -> str:
    return refusing.say(ReferralRefused(noted.why_no_points), formats)


def _asking(
    business: Business, bringing: Bringing, points: int, formats: Formats, *, request: Request
) -> Bringing:
    """With the question, and with what is known of the text message before it is answered."""
    member = Member.objects.get(customer_id=bringing.referrer_id, closed_at__isnull=True)
    panel = member_panel(business, member.pk, at=request.at)
    formats = replace(formats, unit_one=panel.unit_one, unit_many=panel.unit_many)
    whose, held_why = panel.whose, ""
    if not whose.phone:
        held_why = str(Message.HeldWhy.NO_CONTACT)
    elif "sms" not in whose.agreed:
        held_why = str(Message.HeldWhy.NO_CONSENT)
    is_on = message_setting(business.pk, THANKS).is_on
    said = {"points": formats.points(points), "name": bringing.referrer}
    return replace(
        bringing,
        question=_("%(name)s gets %(points)s for it.") % said,
        verb=_("Yes, add %(points)s") % said,
        told=_told(bringing.referrer, held_why, is_on=is_on),
        is_held=is_on and bool(held_why),
    )


def what_came(referral: Bringing, done: Thanked, formats: Formats) -> Outcome:
    """What was added, and whether the text message goes or is held back (B3)."""
    said = {"name": referral.referrer, "points": formats.points(done.points)}
    return Outcome(
        line=_("%(name)s has got %(points)s.") % said,
        told=_told(referral.referrer, done.held_why, is_on=bool(done.message)),
        is_held=bool(done.held_why),
    )


def _told(name: str, held_why: str, *, is_on: bool) -> str:
    said = {"name": name}
    if not is_on:
        return _("No text message goes out: the thanks are switched off.")
    if held_why == Message.HeldWhy.NO_CONSENT:
        return _("No text message goes out: %(name)s has not agreed to any.") % said
    if held_why:
        return _("No text message goes out: no phone number of %(name)s is known.") % said
    return _("A text message says thank you to %(name)s.") % said
