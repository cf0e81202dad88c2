"""Rewards: what customers take for points; offered, archived, brought back (S6, S7, S10)."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.members.rewards import archive_rewards, bring_back_rewards
from regulars.business.formats import Formats
from regulars.domain.errors import NotFound
from regulars.office.access import OfficeRequest, at_office
from regulars.office.loyalty.programmes import programme_of
from regulars.programmes.models import Reward
from regulars.reports.forms import GET_OR_POST
from regulars.rows import new_id

ON_A_PAGE = 500
"""A business has some dozens of rewards; more than these are shown once some are archived."""


@dataclass(frozen=True, slots=True)
class Row:
    """A reward in the list."""

    id: str
    name: str
    kind: str
    price: str
    points: str
    first_time_only: bool
    is_sold: bool
    """Whether its item is in the catalogue still."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done, and how it is undone."""

    said: str
    undo: str
    """The verb that undoes it: archive, back."""
    ids: tuple[str, ...]


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def rewards(request: OfficeRequest) -> HttpResponse:
    """Those that can be taken, or those that were archived; one or many go from here to there."""
    done, wrong = _turn(request) if request.method == "POST" else (None, "")
    page = {**_list(request), "done": done, "wrong": wrong}
    return render(request, "office/loyalty/rewards.html", page, status=422 if wrong else 200)


def _turn(request: OfficeRequest) -> tuple[Done | None, str]:
    """Archive the rewards that are ticked, or bring them back; else says why not."""
    office, away = request.office, request.POST.get("do") == "archive"
    only = request.POST.get("only")
    try:
        ids = [UUID(each) for each in ([only] if only else request.POST.getlist("reward"))]
        if not ids:
            return None, _("Tick a reward first.")
        if away:
            changed = archive_rewards(office.business.pk, ids, request=office.request(new_id()))
        else:
            changed = bring_back_rewards(office.business.pk, ids)
    except (ValueError, NotFound):
        return None, _("One of these rewards is not there. Nothing was changed; look again.")
    undo = "back" if away else "archive"
    return Done(_said(changed, away=away), undo, tuple(map(str, ids))), ""


def _said(number: int, *, away: bool) -> str:
    if away:
        text = ngettext("%(number)s reward archived", "%(number)s rewards archived", number)
    else:
        text = ngettext("%(number)s reward brought back", "%(number)s rewards brought back", number)
    return text % {"number": number}


def _list(request: OfficeRequest) -> dict[str, object]:
    programme, formats = programme_of(request), request.office.formats
    archived = (request.POST.get("archived") or request.GET.get("archived")) == "1"
    found = Reward.objects.filter(programme=programme).select_related("item")
    shown = found.filter(archived_at__isnull=not archived)
    ordered = list(shown.order_by("points", "item__name", "pk")[:ON_A_PAGE])
    address = reverse("office:rewards")
    return {
        "rows": [_row(reward, formats) for reward in ordered],
        "archived": archived,
        "living": found.filter(archived_at__isnull=True).count(),
        "put_away": found.filter(archived_at__isnull=False).count(),
        "address": f"{address}?archived=1" if archived else address,
    }


def _row(reward: Reward, formats: Formats) -> Row:
    item = reward.item
    return Row(
        id=str(reward.pk),
        name=item.name,
        kind=item.get_kind_display(),
        price=formats.money(item.price_minor),
        points=formats.number(reward.points),
        first_time_only=reward.first_time_only,
        is_sold=item.archived_at is None,
    )
