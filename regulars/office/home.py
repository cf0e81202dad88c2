"""The first page of the office: the ways on."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regulars.office.access import OfficeRequest, at_office


@never_cache
@require_safe
@at_office
def home(request: OfficeRequest) -> HttpResponse:
    """Where somebody arrives."""
    office = request.office
    formats = office.formats
    page = {"today": f"{formats.weekday(formats.today)} {formats.day(formats.today)}"}
    return render(request, "office/home.html", page)
