"""The pages of customers, and of the demonstration."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from regulars.business.models import Business
from regulars.site.accent import accent_css
from regulars.site.door import SiteRequest, at_site, page
from regulars.site.start_page import start_page


@require_safe
@cache_control(private=True, no_store=True)
def start(request: HttpRequest) -> HttpResponse:
    """The demonstration's ways in; elsewhere what this is, and how to begin."""
    if not settings.DEMO:
        return render(request, "site/welcome.html")
    return render(request, "site/start.html", {"page": start_page(timezone.now())})


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
