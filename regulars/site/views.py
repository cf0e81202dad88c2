"""The pages of customers, and of the demonstration."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe
from django_scopes import scope

from regulars.business.models import Business
from regulars.domain.errors import NotFound
from regulars.reports.account_filling import cut_of
from regulars.reports.formats import formats_of
from regulars.reports.membership import read_membership
from regulars.site.accent import accent_css
from regulars.site.door import SiteRequest, at_site, page
from regulars.site.member_page import member_page
from regulars.site.start_page import start_page


@require_safe
@cache_control(private=True, no_store=True)
def start(request: HttpRequest) -> HttpResponse:
    """The demonstration's ways in; elsewhere what this is, and how to begin."""
    if not settings.DEMO:
        return render(request, "site/welcome.html")
    return render(request, "site/start.html", {"page": start_page(timezone.now())})


@require_safe
@cache_control(private=True, no_store=True)
def member(request: HttpRequest, slug: str, member_id: UUID) -> HttpResponse:
    """A member's own page, open to everybody in the demonstration and to nobody elsewhere."""
    if not settings.DEMO:
        raise Http404
    business = get_object_or_404(Business, slug=slug)
    at = timezone.now()
    with scope(business=business):
        try:
            seen = read_membership(business, member_id, at=at, cut=cut_of(request.GET.dict()))
        except NotFound as nobody:
            raise Http404 from nobody
    formats = formats_of(business, (seen.who.unit_one, seen.who.unit_many), at)
    page = member_page(business, seen, formats, home_url=reverse("site:start"))
    return render(request, "site/member.html", {"page": page})


@require_GET
@cache_control(max_age=300)
def accent(request: HttpRequest, slug: str) -> HttpResponse:
    """A business's colour as a style sheet: a page may carry no style of its own."""
    business = get_object_or_404(Business, slug=slug)
    css = accent_css(business.slug, business.accent_hue, business.accent_chroma_milli)
    return HttpResponse(css, content_type="text/css")


@at_site
def soon(request: SiteRequest) -> HttpResponse:
    """Stands in for pages until they are there."""
    return page(request, "site/soon.html")
