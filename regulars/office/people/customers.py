"""The customers of a business: the list, finding somebody in it, groups for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.members.people import put_into_group, take_out_of_group
from regulars.business.formats import Formats
from regulars.domain.errors import NotFound, Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.programmes.models import Group
from regulars.reports import refusing
from regulars.reports.customers import ON_A_PAGE, Cut, Listed, Sort, list_customers
from regulars.reports.finding import Person, State, find_people, mistyped
from regulars.reports.forms import GET_OR_POST
from regulars.rows import new_id

STATES = {
    State.NOT_ACTIVATED: (gettext_lazy("Not activated"), "warn", "clock"),
    State.BLOCKED: (gettext_lazy("Blocked"), "bad", "ban"),
    State.NONE: (gettext_lazy("No account"), "", "circle-dashed"),
}
"""What is said of an account that cannot be used: word, tone and icon."""


@dataclass(frozen=True, slots=True)
class Row:
    """A customer in the list."""

    id: str
    member_id: str
    name: str
    initials: str
    contact: str
    level: str
    points: str
    last_visit: str
    state: tuple[object, str, str] | None


def row_of(person: Person, formats: Formats) -> Row:
    return Row(
        id=str(person.customer_id),
        member_id=str(person.member_id or ""),
        name=person.name or person.contact or _("Without a name"),
        initials=person.initials,
        contact=person.contact if person.name else "",
        level=person.level,
        points=formats.number(person.available) if person.member_id else "",
        last_visit=formats.day(person.last_visit) if person.last_visit else "",
        state=STATES.get(person.state),
    )


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def customers(request: OfficeRequest) -> HttpResponse:
    """Everybody, or whoever a text may mean: by POST, since a contact stands in no address."""
    text = request.POST.get("text", "").strip()
    page = _found(request, text) if text else _listed(request)
    name = "office/people/_people.html" if request.htmx else "office/people/customers.html"
    return render(request, name, page)


def _found(request: OfficeRequest, text: str) -> dict[str, object]:
    office = request.office
    people = find_people(office.business, text, at=office.at, most=ON_A_PAGE)
    cut, groups = _cut_of(request.GET.dict()), groups_of_business()
    group = _group_of(cut, groups)
    return {
        "text": text,
        "group": group,
        "among": group,
        "mistyped": mistyped(text),
        **_rows(people, office.formats),
        "groups": groups,
    }


def _group_of(cut: Cut, groups: Sequence[Group]) -> Group | None:
    return next((one for one in groups if one.pk == cut.group_id), None)


def _listed(request: OfficeRequest) -> dict[str, object]:
    office = request.office
    cut = _cut_of(request.GET.dict())
    listed = list_customers(office.business, cut, at=office.at)
    groups = groups_of_business()
    return {
        **_rows(listed.people, office.formats),
        "groups": groups,
        "group": _group_of(cut, groups),
        "sort": str(cut.sort),
        "sorts": {str(sort): _address(cut, sort=sort) for sort in Sort},
        "is_first": not (cut.after or cut.before or cut.group_id),
        **_pager(cut, listed),
    }


def _rows(people: Sequence[Person], formats: Formats) -> dict[str, object]:
    return {
        "rows": [row_of(person, formats) for person in people],
        "has_levels": any(person.level for person in people),
    }


def groups_of_business() -> list[Group]:
    return list(Group.objects.order_by("name", "id"))


def _pager(cut: Cut, listed: Listed) -> dict[str, str]:
    if not listed.people:
        return {}
    first, last = listed.people[0].customer_id, listed.people[-1].customer_id
    return {
        "prev": _address(cut, before=first) if listed.has_before else "",
        "next": _address(cut, after=last) if listed.has_after else "",
    }


def _address(cut: Cut, *, sort: Sort | None = None, **ends: UUID) -> str:
    """Of a part of the list: sort, group and the id of a customer; never a name or a contact."""
    asked = {"sort": str(sort or cut.sort), **{end: str(each) for end, each in ends.items()}}
    if asked["sort"] == Sort.NAME:
        del asked["sort"]
    if cut.group_id:
        asked["group"] = str(cut.group_id)
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{reverse('office:customers')}{query}"


def _cut_of(asked: Mapping[str, str]) -> Cut:
    """Raises Http404 for an address that was not made here."""
    try:
        return Cut(
            sort=Sort(asked.get("sort") or Sort.NAME),
            group_id=_id(asked, "group"),
            after=_id(asked, "after"),
            before=_id(asked, "before"),
        )
    except ValueError as problem:
        raise Http404 from problem


def _id(asked: Mapping[str, str], name: str) -> UUID | None:
    return UUID(asked[name]) if asked.get(name) else None


@require_POST
@at_office
def change_groups(request: OfficeRequest) -> HttpResponse:
    """Put the customers that are ticked into a group, or take them out (C14)."""
    office = request.office
    change = take_out_of_group if request.POST.get("do") == "out" else put_into_group
    back = redirect(_back(request))
    try:
        group_id = UUID(request.POST.get("group", ""))
        ids = [UUID(each) for each in request.POST.getlist("customer")[: 2 * ON_A_PAGE]]
    except ValueError:
        messages.error(request, _("Choose a group first."))
        return back
    if not ids:
        messages.error(request, _("Tick somebody first."))
        return back
    try:
        changed = change(office.business.pk, group_id, ids, request=office.request(new_id()))
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, refusing.say(refusal, office.formats))
        return back
    messages.success(request, _changed(changed, office.formats, into=change is put_into_group))
    return back


def _changed(number: int, formats: Formats, *, into: bool) -> str:
    said = {"number": formats.number(number)}
    if into:
        text = ngettext(
            "%(number)s customer is new in the group.",
            "%(number)s customers are new in the group.",
            number,
        )
        return text % said
    text = ngettext(
        "%(number)s customer was taken out of the group.",
        "%(number)s customers were taken out of the group.",
        number,
    )
    return text % said


def _back(request: OfficeRequest) -> str:
    """To the part of the list that was shown."""
    address = reverse("office:customers")
    query = request.POST.get("query", "")
    return f"{address}?{query}" if query and "\n" not in query and "\r" not in query else address
