"""What a till can scan again: card numbers and receipts as codes."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """A QR code without margin, to be sized and coloured by the page.

    ``text`` is what the scanner types: the number of a card or of a receipt, or a gift card's code
    for whoever it is shown to; never a contact.
    """
    code = segno.make_qr(text, error="m", boost_error=False)
    svg = code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno: paths and numbers, none of the text.
