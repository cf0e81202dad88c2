"""What is sent and answered about the calendar: who, when, when not, sessions, free times."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from regulars.actions.visits.making import MOST_SEATS
from regulars.actions.visits.providers import LEAST_STEP, MOST_DAYS_AHEAD, MOST_NOTICE
from regulars.actions.visits.sessions import MOST_WEEKS
from regulars.api.setup.setup_shapes import Page
from regulars.api.shapes import Body, Day, Instant, Name, Out, Switch, Text, Writing
from regulars.domain.calendar import MINUTES_A_DAY

Clock = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="By the clock where the business is: 09:30."),
]
Weekday = Annotated[int, Field(strict=True, ge=0, le=6, description="0 = Monday.")]
Seats = Annotated[int, Field(strict=True, ge=1, le=MOST_SEATS)]
Weeks = Annotated[int, Field(strict=True, ge=1, le=MOST_WEEKS)]
Step = Annotated[int, Field(strict=True, ge=LEAST_STEP, le=MINUTES_A_DAY)]
Notice = Annotated[int, Field(strict=True, ge=0, le=MOST_NOTICE)]
Ahead = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS_AHEAD)]
GiveBack = Annotated[
    Switch, Field(description="What was paid online for it goes back to where it came from.")
]
Services = Annotated[list[UUID], Field(max_length=1_000, description="The services that they do.")]


class ProviderIn(Writing):
    """Somebody, or something, that services are booked with: one appointment at a time."""

    name: Name
    place_id: UUID | None = None
    item_ids: Services = Field([])


class ProviderPatch(Writing):
    name: Name | None = None
    place_id: UUID | None = None
    item_ids: Services | None = None
    archived: Switch | None = None


class ProviderOut(Out):
    id: UUID
    name: str
    place_id: UUID | None
    item_ids: list[UUID]
    archived_at: datetime | None


class Providers(Page):
    providers: list[ProviderOut]


class HoursPart(Body):
    """Open on a day of the week; a day may have several parts."""

    weekday: Weekday
    opens_at: Clock
    closes_at: Clock = Field(description="00:00 = the end of the day.")


class HoursIn(Writing):
    """All hours of a week."""

    provider_id: UUID | None = Field(None, description="null = the business's own.")
    hours: list[HoursPart] = Field(max_length=100, description="Empty = closed, or the business's.")


class HoursPartOut(Out):
    weekday: int
    opens_at: str
    closes_at: str


class HoursOut(Out):
    provider_id: UUID | None
    hours: list[HoursPartOut]


class ClosureIn(Writing):
    """Days on which customers can book nothing; what is booked there stays."""

    first_day: Day
    last_day: Day
    provider_id: UUID | None = Field(None, description="null = the whole business.")
    why: Text = Field("", description="Customers see it.")


class ClosurePatch(Writing):
    first_day: Day | None = None
    last_day: Day | None = None
    why: Text | None = None
    removed: Switch = Field(default=False, description="Open after all.")


class ClosureOut(Out):
    id: UUID
    first_day: date
    last_day: date
    provider_id: UUID | None
    why: str


class Closures(Page):
    closures: list[ClosureOut]


class RulesPatch(Writing):
    """What is asked of customers who book by themselves."""

    step_minutes: Step | None = Field(None, description="Times are offered in steps of so many.")
    notice_minutes: Notice | None = Field(None, description="How long before its start at least.")
    days_ahead: Ahead | None = Field(None, description="How many days ahead at most.")
    change_until_minutes: Notice | None = Field(
        None, description="How long before the start customers may move or cancel."
    )


class RulesOut(Out):
    step_minutes: int
    notice_minutes: int
    days_ahead: int
    change_until_minutes: int


class SessionsIn(Writing):
    """When a class is held; once, or every week at the same time by the clock."""

    item_id: UUID
    starts_at: Instant
    ends_at: Instant | None = Field(None, description="By default as long as the class takes.")
    seats: Seats
    provider_id: UUID | None = Field(None, description="Who gives it.")
    place_id: UUID | None = None
    weeks: Weeks = 1


class SessionPatch(Writing):
    seats: Seats | None = Field(None, description="Not fewer than are booked.")
    provider_id: UUID | None = None
    place_id: UUID | None = None


class SessionOut(Out):
    """A session with its free seats."""

    id: UUID
    item_id: UUID
    starts_at: datetime
    ends_at: datetime
    seats: int
    free: int
    provider_id: UUID | None
    place_id: UUID | None
    is_cancelled: bool
    is_offered: bool = Field(description="Whether customers can book it by themselves.")


class MoneyOut(Out):
    """Where what was paid for cancelled bookings is by now, points included."""

    given_back_minor: int
    going_back_minor: int = Field(description="It goes back by itself in a while.")
    at_desk_minor: int = Field(description="Taken at a till or by another system: refund it there.")


class SessionCancelIn(Writing):
    """A session to cancel."""

    give_back: GiveBack = True


class SessionCancelledOut(SessionOut):
    """A session that was cancelled."""

    money: MoneyOut = Field(description="Of all its bookings that are cancelled.")


class Sessions(Out):
    sessions: list[SessionOut]


class FreeTimeOut(Out):
    """A time at which a customer can book, and with whom it then is."""

    starts_at: datetime
    ends_at: datetime
    provider_id: UUID
    provider_name: str


class FreeTimes(Out):
    times: list[FreeTimeOut]
