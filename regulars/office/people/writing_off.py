"""An owner lets go what a member owes, as a dialog of the customer's page (refunds, f)."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.members.adjusting import MOST_NOTE, write_off
from regulars.domain.errors import Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.office.dialogs import dialog, done
from regulars.office.people.points import account_of
from regulars.reports.forms import GET_OR_POST, OnceForm


class WriteOffForm(OnceForm):
    """Why a debt is let go."""

    note = forms.CharField(
        max_length=MOST_NOTE,
        error_messages={"required": gettext_lazy("Write down why. The customer reads it too.")},
    )

    def field_of(self, refusal: Refusal) -> str | None:
        return "note" if getattr(refusal, "why", "") in {"note_missing", "bad_note"} else None


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def forgive(request: OfficeRequest, member_id: UUID) -> HttpResponse:
    """Ask why, then write off all that is owed."""
    office = request.office
    panel, formats = account_of(request, member_id)
    form = WriteOffForm(request.POST) if request.method == "POST" else WriteOffForm()
    if form.is_bound and form.is_valid():
        note, asked = form.cleaned_data["note"], office.request(form.id)
        try:
            gone = write_off(office.business.pk, member_id, note=note, request=asked)
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            said = {"points": formats.points(gone.points)}
            messages.success(request, _("%(points)s written off. Nothing is owed now.") % said)
            return done("office:customer", panel.whose.customer_id)
    page = {
        "member_id": member_id,
        "owed": formats.points(panel.owed) if panel.owed else "",
        "units": formats.unit_many,
    }
    return dialog(request, "people/_write_off_dialog", form, **page)
