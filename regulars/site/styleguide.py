"""Every component in every state, in light and dark: for whoever builds a page.

Its words are examples, not interface: they are not translated.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regulars.reports.codes import qr_svg
from regulars.site.accent import accent_css

COMPONENTS = (
    "button", "field", "select", "chip", "switch", "hint", "tabs", "take", "menu", "stepper",
    "tile", "keypad", "card", "table", "pager", "badge", "avatar", "sign", "logo", "notice",
    "dialog", "toast", "empty", "stat", "chart", "stamps", "receipt", "member-card", "gift-picture",
)  # fmt: skip
"""Each is a file in ``templates/cotton``, a block of CSS and an example in ``styleguide``."""

COLOURS = (
    "canvas", "surface", "raised", "sunken", "line", "edge", "ink", "ink-2", "ink-3",
    "accent", "accent-ink", "accent-soft", "accent-line", "accent-deep", "on-accent",
    "good", "good-soft", "warn", "warn-soft", "bad", "bad-soft",
)  # fmt: skip

ACCENTS = {"studio": (252, 95), "salon": (165, 68), "cinema": (12, 105)}
"""Hue in degrees and chroma in thousandths, of the three demonstration businesses."""

FACES = ("site", "till", "office")


def _demonstration_only() -> None:
    if not getattr(settings, "DEMO", False):
        raise Http404


def _one_of(text: str | None, choices: tuple[str, ...]) -> str:
    return text if text in choices else choices[0]


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show all components, in the accent and the face that the address asks for."""
    _demonstration_only()
    context = {
        "accent": _one_of(request.GET.get("accent"), ("salon", "studio", "cinema")),
        "accents": tuple(ACCENTS),
        "face": _one_of(request.GET.get("face"), FACES),
        "faces": FACES,
        "components": COMPONENTS,
        "colours": COLOURS,
        "schemes": ("light", "dark"),
        "qr": qr_svg("440211870936"),
    }
    return render(request, "styleguide/index.html", context)


@require_GET
def accents(request: HttpRequest) -> HttpResponse:
    """The colours of the three demonstration businesses, under the names of their kinds."""
    _demonstration_only()
    css = "".join(accent_css(name, *colour) for name, colour in ACCENTS.items())
    return HttpResponse(css, content_type="text/css")
