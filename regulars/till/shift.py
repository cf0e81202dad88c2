"""Who works at which till: every request of the till but those of the entrance goes through here.

The session remembers the till and who acts there; everything else is read anew by each request,
in one statement, so that whoever is let go is out with their next touch.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from babel import Locale
from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails
from django_scopes import scope

from regulars.business.formats import Formats
from regulars.business.languages import locale_for
from regulars.business.models import Business, Staff
from regulars.business.sessions import AT_TILL, SEEN_EVERY_SECONDS, guard
from regulars.domain.days import day_of
from regulars.reports.persons import initials_of

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Post:
    """What the session remembers: the till, who acts there, and when they were last seen."""

    business_id: UUID
    till_id: UUID
    staff_id: UUID
    seen: int
    """Seconds since 1970."""
    locked: bool = False

    def is_locked(self, now: int) -> bool:
        """By hand, or because nobody has touched the till for a while."""
        return self.locked or now - self.seen >= settings.TILL_LOCKS_AFTER.total_seconds()


@dataclass(frozen=True, slots=True)
class JoinedHere:
    """The programme that people join at this till, by the version that holds now."""

    id: UUID
    unit_one: str
    unit_many: str
    version_id: UUID
    point_value_minor: int | None
    welcome_points: int
    welcome_days: int
    needs_card: bool
    needs_confirmation: bool
    confirm_by: str
    terms_url: str
    joins_at_till: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody at work at a till."""

    business: Business
    features: frozenset[str]
    """Codes of the features that are switched on."""
    till_id: UUID
    till_name: str
    place_id: UUID
    place_name: str
    takes: frozenset[str]
    """The payment methods that are attached to the till (C16)."""
    staff: Staff
    """Who acts: the last one to tell a PIN, else whoever signed in."""
    programme: JoinedHere | None
    at: datetime
    """When the request came: the one clock of everything that it does."""

    @property
    def where(self) -> str:
        """Place and till as the bar says them: "Foyer, till 2"."""
        return where(self.business.name, self.place_name, self.till_name)

    @property
    def units(self) -> tuple[str, str]:
        """What its points are called, one and many."""
        if self.programme is None:
            return _("point"), _("points")
        return self.programme.unit_one, self.programme.unit_many

    @property
    def staff_initials(self) -> str:
        return initials_of(self.staff.name)

    @property
    def staff_short(self) -> str:
        """As the bar calls them: "Pavel K."."""
        return short_name(self.staff.name)

    @property
    def clock(self) -> str:
        return self.formats(self.at).clock(self.at)

    @property
    def day(self) -> str:
        """ "Sat 21 Nov"."""
        formats = self.formats(self.at)
        return f"{formats.weekday(formats.today)} {formats.day(formats.today)}"

    @property
    def counts_to_24(self) -> bool:
        return self.formats(self.at).counts_to_24

    @property
    def locks_after_seconds(self) -> int:
        return int(settings.TILL_LOCKS_AFTER.total_seconds())

    def formats(self, at: datetime) -> Formats:
        """How the reader of this request is told of amounts, on the day of ``at``."""
        home = Locale.parse(self.business.locale, sep="-")
        return Formats(
            locale=locale_for(get_language(), home),
            currency=self.business.currency,
            home=home,
            zone=self.business.zone,
            unit_one=self.units[0],
            unit_many=self.units[1],
            today=day_of(at, self.business.zone),
        )


class TillRequest(HttpRequest):
    """A request at an open till."""

    shift: Shift
    htmx: HtmxDetails


def at_till(
    view: Callable[Concatenate[TillRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only somebody at work in; the view runs in the scope of their business.

    Whoever is not is sent to sign in, to choose a till, or to tell a PIN, and comes back after.
    """

    @wraps(view)
    def run(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = timezone.now()
        found = shift_of(request, at)
        if isinstance(found, HttpResponse):
            return found
        keep_seen(request, at)
        request = cast("TillRequest", request)
        request.shift = found
        with scope(business=found.business):
            return view(request, *args, **kwargs)

    return run


def shift_of(request: HttpRequest, at: datetime) -> Shift | HttpResponse:
    """The shift of a request, or the way to where it begins."""
    if not request.user.is_authenticated:
        return sent_to("till:sign_in", request)
    post = post_of(request)
    if post is None:
        return sent_to("till:choose", request)
    if post.is_locked(int(at.timestamp())):
        guard(request)
        return sent_to("till:lock", request)
    seen = read_seat(post, request.user.pk, at)
    if why := seen.why_not_here():
        forget_post(request)
        messages.error(request, why)
        return sent_to("till:choose", request)
    if seen.staff is None:
        guard(request)
        remember_post(request, replace(post, locked=True))
        messages.error(request, _("Whoever was at this till does not work here any more."))
        return sent_to("till:lock", request)
    return seen.shift(at)


def post_of(request: HttpRequest) -> Post | None:
    """What the session remembers; nothing where it was written by another release."""
    try:
        held = dict(request.session[AT_TILL])
        business_id, till_id, staff_id = (
            UUID(held[name]) for name in ("business_id", "till_id", "staff_id")
        )
        return Post(business_id, till_id, staff_id, int(held["seen"]), bool(held["locked"]))
    except (KeyError, TypeError, ValueError):
        return None


def remember_post(request: HttpRequest, post: Post) -> None:
    """Note in the session who is where."""
    request.session[AT_TILL] = {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in asdict(post).items()
    }


def forget_post(request: HttpRequest) -> None:
    """Leave the till; whoever is signed in stays so."""
    request.session.pop(AT_TILL, None)


def keep_seen(request: HttpRequest, at: datetime) -> None:
    """Note that somebody is there."""
    post, now = post_of(request), int(at.timestamp())
    if post is not None and now - post.seen >= SEEN_EVERY_SECONDS:
        remember_post(request, replace(post, seen=now))


def sent_to(name: str, request: HttpRequest) -> HttpResponse:
    """The way to a page of the entrance, and from there back to what was wanted.

    htmx is told to go there with the whole page: what it asked for is a part of one.
    """
    details: HtmxDetails | None = getattr(request, "htmx", None)
    is_part = bool(details)
    wanted = request.get_full_path() if request.method == "GET" and not is_part else ""
    if is_part and details is not None:
        wanted = _path_of(details.current_url_abs_path or "")
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    address = f"{reverse(name)}{query}"
    return HttpResponseClientRedirect(address) if is_part else redirect(address)


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def short_name(name: str) -> str:
    """The first name and the initial of the last: "Pavel K."."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name


def where(business: str, place: str, till: str) -> str:
    """Place and till; the place is left out where it is called like the business."""
    return till if place == business else f"{place}, {till}"


@dataclass(frozen=True, slots=True)
class Seat:
    """What one statement finds for a post; what is missing or over is None."""

    business: Business | None = None
    features: frozenset[str] = frozenset()
    till_id: UUID | None = None
    till_name: str = ""
    place_id: UUID | None = None
    place_name: str = ""
    takes: frozenset[str] = frozenset()
    till_is_open: bool = False
    may_be_here: bool = False
    """Whether who signed in still works for the business."""
    staff: Staff | None = None
    programme: JoinedHere | None = None

    def why_not_here(self) -> str:
        """Why nobody can work at this till with this sign-in; empty where they can."""
        if self.business is None or not self.may_be_here:
            return _("You do not work at this till any more. Choose another one.")
        if not self.till_is_open:
            return _("This till was put away. Choose another one.")
        return ""

    def shift(self, at: datetime) -> Shift:
        assert self.business is not None, "looked at before"
        assert self.till_id is not None, "looked at before"
        assert self.place_id is not None, "looked at before"
        assert self.staff is not None, "looked at before"
        return Shift(
            business=self.business,
            features=self.features,
            till_id=self.till_id,
            till_name=self.till_name,
            place_id=self.place_id,
            place_name=self.place_name,
            takes=self.takes,
            staff=self.staff,
            programme=self.programme,
            at=at,
        )


def _names(model: type[Business | Staff]) -> list[str]:
    """Of its columns; for these two models, which are plain, they are called like the fields."""
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001


_BUSINESS, _STAFF = _names(Business), _names(Staff)
_OF_BUSINESS = len(_BUSINESS)
_BEFORE = _OF_BUSINESS + len(_STAFF)

_SEAT = f"""
SELECT {", ".join(f"b.{name}" for name in _BUSINESS)},
  {", ".join(f"s.{name}" for name in _STAFF)},
  ARRAY(SELECT f.code FROM business_feature f WHERE f.business_id = t.business_id AND f.on),
  t.id, t.name, p.id, p.name, t.takes, t.archived_at IS NULL,
  EXISTS (SELECT FROM business_staff o
    WHERE o.business_id = t.business_id AND o.user_id = %(user)s AND o.is_active),
  g.id, g.unit_one, g.unit_many, g.version_id, g.point_value_minor, g.welcome_points,
  g.welcome_days, g.needs_card, g.needs_confirmation, g.confirm_by, g.terms_url, g.at_till
FROM business_till t
JOIN business_business b ON b.id = t.business_id
JOIN business_place p ON p.business_id = t.business_id AND p.id = t.place_id
LEFT JOIN business_staff s
  ON s.business_id = t.business_id AND s.id = %(staff)s AND s.is_active
LEFT JOIN LATERAL (
  SELECT g.id, g.unit_one, g.unit_many, v.id AS version_id, v.point_value_minor,
    v.welcome_points, v.welcome_days, v.needs_card, v.needs_confirmation, v.confirm_by,
    v.terms_url, 'till' = ANY (v.joins_by) AS at_till
  FROM programmes_programme g
  CROSS JOIN LATERAL (
    SELECT v.* FROM programmes_version v
    WHERE v.business_id = g.business_id AND v.programme_id = g.id AND v.holds_from <= %(at)s
    ORDER BY v.holds_from DESC, v.number DESC LIMIT 1) v
  WHERE g.business_id = t.business_id AND g.closed_at IS NULL
  ORDER BY at_till DESC, g.id LIMIT 1) g ON true
WHERE t.business_id = %(business)s AND t.id = %(till)s
"""  # noqa: S608 - names of our own columns


def read_seat(post: Post, user_id: UUID, at: datetime) -> Seat:
    """Everything that a request at a till needs to know of it, in one statement."""
    asked: dict[str, Any] = {
        "business": post.business_id,
        "till": post.till_id,
        "staff": post.staff_id,
        "user": user_id,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEAT, asked)
        row = cursor.fetchone()
    if row is None:
        return Seat()
    of_business, of_staff = row[:_OF_BUSINESS], row[_OF_BUSINESS:_BEFORE]
    features, till_id, till, place_id, place, takes, is_open, may, *joined = row[_BEFORE:]
    return Seat(
        business=Business.from_db(connection.alias, _BUSINESS, of_business),
        features=frozenset(features),
        till_id=till_id,
        till_name=till,
        place_id=place_id,
        place_name=place,
        takes=frozenset(takes),
        till_is_open=is_open,
        may_be_here=may,
        staff=Staff.from_db(connection.alias, _STAFF, of_staff) if of_staff[0] else None,
        programme=JoinedHere(*joined) if joined[0] else None,
    )
