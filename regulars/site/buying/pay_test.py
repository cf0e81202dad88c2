"""The pages of the test provider: they take no money, and say so.

Only there where the installation is set up for it. Whoever pays or declines here is told of by a
true webhook, as a stranger would.
"""

from threading import Thread

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from regulars.business.formats import formats_of
from regulars.business.models import Business
from regulars.reports.forms import GET_OR_POST
from regulars.sales.providers import What, provider_in_use, test

WAITS_SECONDS = 2.0
"""For the webhook to be heard, before somebody is sent back: usually all is done by then."""


@require_http_methods(GET_OR_POST)
def pay_test(request: HttpRequest, reference: str) -> HttpResponse:
    """A page to pay, to decline, or to leave."""
    if provider_in_use() != test.NAME:
        raise Http404
    payment = test.find(reference)
    business = Business.objects.filter(slug=payment.slug).first() if payment else None
    if payment is None or business is None:
        raise Http404
    if request.method == "POST" and request.POST.get("do") in set(What):
        test.end(reference, What(request.POST["do"]))
    event = test.event_of(payment)
    if event is not None:
        url = request.build_absolute_uri(reverse("site:webhook", args=[payment.slug, test.NAME]))
        teller = Thread(
            target=test.tell, args=(event, url), kwargs={"clock": timezone.now}, daemon=True
        )
        teller.start()
        teller.join(WAITS_SECONDS)
        return redirect(payment.back_url)
    formats = formats_of(business, ("", ""), timezone.now())
    answer = render(
        request,
        "site/paying/test.html",
        {
            "payment": payment,
            "business": business,
            "sum": formats.money(payment.amount_minor),
        },
    )
    add_never_cache_headers(answer)
    return answer
