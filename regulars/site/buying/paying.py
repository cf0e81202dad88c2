"""Paying online: what is said of a payment while it goes on, and what its provider tells."""

import logging
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from regulars.actions.sales.settling import settle_event
from regulars.bookings.models import Booking
from regulars.business.models import Business
from regulars.domain.errors import NotFound, Refusal
from regulars.sales.models import OnlinePayment, Sale, SaleLine
from regulars.sales.providers import BadEventError, WhyNotBelieved, provider_called
from regulars.site.door import SiteRequest

State = OnlinePayment.State

MOST_BYTES = 64 * 1024
"""Of what a provider tells."""
MOST_LOOKS = 60
"""How often a page looks by itself whether the provider has told: for two minutes."""

logger = logging.getLogger("regulars.payments")


@dataclass(frozen=True, slots=True)
class Paying:
    """What is said of a purchase that is paid online and not paid yet, or not any more."""

    tone: str
    icon: str
    title: str
    text: str
    waits: bool = False
    """The provider may tell in a moment: the page looks again."""
    again: bool = False
    """Somebody can go to the provider's page."""
    look_url: str = ""
    """Where the page looks by itself; empty when it has looked often enough."""


def paying_of(request: SiteRequest, sale: Sale) -> Paying | None:
    """What is to be said of how a purchase is paid online; None where nothing is.

    Asked inside ``scope(business=...)``.
    """
    payment = OnlinePayment.objects.filter(sale=sale).order_by("-created_at", "-id").first()
    if payment is None or payment.state == State.PAID:
        return None
    if payment.state == State.RETURNED:
        return Paying("warn", "undo-2", _("Paid too late"), _("Your money is on its way back."))
    if sale.state == Sale.State.VOID or payment.state == State.EXPIRED:
        text = _("Nothing was taken. What you chose is free for others again.")
        if _is_still_booked(sale):
            text = _("Nothing was taken. What you booked stays booked: pay at the place.")
        return Paying("warn", "hourglass", _("The time to pay is over"), text)
    if sale.state != Sale.State.OPEN:
        return None
    said = {"time": request.formats.clock(payment.expires_at)}
    if payment.state == State.FAILED:
        text = _("Nothing was taken. Try again, perhaps with another card, until %(time)s.") % said
        if SaleLine.objects.filter(sale=sale, booking__isnull=False).exists():
            text = f"{text} {_('Or pay at the place: what you booked stays booked.')}"
        return Paying("bad", "circle-x", _("It was declined"), text, again=True)
    text = _("If you have just paid, it is here in a moment. If not, pay until %(time)s.") % said
    title = _("We have not heard from the payment yet")
    look_url = _look_url(request)
    return Paying("", "hourglass", title, text, waits=True, again=True, look_url=look_url)


def _is_still_booked(sale: Sale) -> bool:
    ids = SaleLine.objects.filter(sale=sale, booking__isnull=False).values("booking")
    return Booking.objects.filter(pk__in=ids, state=Booking.State.BOOKED).exists()


def _look_url(request: SiteRequest) -> str:
    told = request.GET.get("look", "")
    looks = int(told) if told.isascii() and told.isdecimal() and len(told) < 4 else 0
    if looks >= MOST_LOOKS:
        return ""
    return f"{request.path}?{urlencode({'look': looks + 1})}"


SAID = {
    WhyNotBelieved.BAD_SIGNATURE: (401, gettext_lazy("The signature is wrong.")),
    WhyNotBelieved.TOO_OLD: (401, gettext_lazy("Its time is not within five minutes of ours.")),
    WhyNotBelieved.MALFORMED: (400, gettext_lazy("It does not have the form of an event.")),
}
"""What a provider is told whose event is not believed."""


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, slug: str, provider: str) -> HttpResponse:
    """Hear what a provider tells; 204 once it is kept, anything else lets it tell again.

    It reads no cookie: the signature says who it is.
    """
    found = provider_called(provider)
    business = Business.objects.filter(slug=slug).first()
    if found is None or business is None:
        return _refused(404, "not_found", _("No such provider tells anything here."))
    body = _body(request)
    if body is None:
        return _refused(413, "body_too_large", _("It is too large."))
    at = timezone.now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        event = found.read_event(headers, body, now=at)
        if event is not None:
            settle_event(business.pk, event, at=at)
    except BadEventError as problem:
        status, said = SAID[problem.code]
        return _not_believed(slug, status, str(problem.code), str(said))
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 409
        return _not_believed(slug, status, refusal.code, str(refusal))
    return HttpResponse(status=204)


def _body(request: HttpRequest) -> bytes | None:
    """The body; None where it is too large."""
    told = request.headers.get("Content-Length", "") or "0"
    if not told.isdecimal() or int(told) > MOST_BYTES:
        return None
    body = request.read(MOST_BYTES + 1)
    return body if len(body) <= MOST_BYTES else None


def _not_believed(slug: str, status: int, code: str, said: str) -> HttpResponse:
    logger.warning("not believed", extra={"business": slug, "why": code})
    return _refused(status, code, said)


def _refused(status: int, code: str, said: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": said}, status=status)
