"""Short tasks in a dialog: the form comes by htmx, a refusal brings it again, success the page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from regulars.office.access import OfficeRequest
from regulars.reports.forms import OnceForm


def dialog(
    request: OfficeRequest,
    template: str,
    form: OnceForm | None = None,
    /,
    **page: Any,  # noqa: ANN401 - whatever a template shows
) -> HttpResponse:
    """A dialog, ready to open; 422 with its form once that has been sent."""
    status = 422 if form is not None and form.is_bound else 200
    shown: Mapping[str, Any] = {"form": form, **page}
    return render(request, f"office/{template}.html", shown, status=status)


def done(name: str, *args: object) -> HttpResponse:
    """Close the dialog by showing the page anew."""
    return HttpResponseClientRedirect(reverse(name, args=args))
