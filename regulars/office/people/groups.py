"""Groups of customers: made, renamed, and how many are in them (C14)."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.members.enrolment import MOST_TEXT
from regulars.actions.requests import Request
from regulars.actions.setup.resources import change_resource, create_resource
from regulars.office.access import Office, OfficeRequest, at_office
from regulars.office.dialogs import dialog, done
from regulars.programmes.models import Group
from regulars.reports.forms import GET_OR_POST, OnceForm


class GroupForm(OnceForm):
    """A group by its name."""

    name = forms.CharField(
        max_length=MOST_TEXT,
        error_messages={"required": gettext_lazy("Type a name, such as “Students”.")},
    )

    @property
    def typed(self) -> str:
        return cast("str", self.cleaned_data["name"]).strip()

    def say_taken(self) -> None:
        self.say(_("There is a group of this name already. Type another one."), "name")


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def groups(request: OfficeRequest) -> HttpResponse:
    """All groups, and a new one."""
    office = request.office
    form = GroupForm(request.POST) if request.method == "POST" else GroupForm()
    if form.is_bound and form.is_valid():
        if _create(office, form, office.request(form.id)):
            messages.success(request, _("The group is there. Put customers into it in their list."))
            return redirect("office:groups")
        form.say_taken()
    counted = Group.objects.annotate(number=Count("members")).order_by("name", "id")
    formats = office.formats
    rows = [
        {"id": group.pk, "name": group.name, "number": formats.number(group.number)}
        for group in counted
    ]
    page = {"rows": rows, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "office/people/groups.html", page, status=status)


def _create(office: Office, form: GroupForm, asked: Request) -> bool:
    """Whether the group is there now; not where another one is called so."""
    try:
        create_resource(office.business.pk, Group, request=asked, name=form.typed)
    except IntegrityError:
        return False
    return True


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def rename_group(request: OfficeRequest, group_id: UUID) -> HttpResponse:
    """Call a group otherwise; who is in it stays."""
    group = get_object_or_404(Group, pk=group_id)
    form = (
        GroupForm(request.POST)
        if request.method == "POST"
        else GroupForm(initial={"name": group.name})
    )
    if form.is_bound and form.is_valid():
        try:
            change_resource(request.office.business.pk, Group, group_id, name=form.typed)
        except IntegrityError:
            form.say_taken()
        else:
            messages.success(request, _("Saved."))
            return done("office:groups")
    return dialog(request, "people/_group_dialog", form, group_id=group_id)
