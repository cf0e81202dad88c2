"""The description of the API, for machines and for people."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

DESCRIPTION = Path(__file__).parent / "openapi.json"


@cache
def _description() -> bytes:
    return DESCRIPTION.read_bytes()


@require_safe
@cache_control(max_age=300)
def openapi(request: HttpRequest) -> HttpResponse:
    """What the API takes and answers, as OpenAPI 3.1."""
    return HttpResponse(_description(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same to be read and tried; everything on the page comes from here."""
    return render(request, "api/docs.html")
