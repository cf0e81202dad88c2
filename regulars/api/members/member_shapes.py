"""What is sent and answered about members."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from regulars.api.shapes import (
    Body,
    Code,
    Codes,
    Dated,
    Day,
    Language,
    Note,
    Out,
    Short,
    SignedPoints,
    Switch,
    Text,
    Writing,
)

Channel = Literal["email", "sms"]
How = Literal["booking", "online", "till", "staff"]


class CardIn(Body):
    """A card: its number and secret code typed or scanned, or generated."""

    number: Code = ""
    generate_number: Switch = False
    secret: Code = ""
    generate_secret: Switch = False


class EnrolIn(Dated):
    """Who joins which programme, and how."""

    programme_id: UUID
    how: How = "till"
    customer_id: UUID | None = Field(None, description="Somebody who is a customer already.")
    name: Text = ""
    phone: Short = ""
    email: Text = ""
    consents: list[Channel] = Field(
        [], max_length=2, description="Channels on which they said yes to marketing messages."
    )
    card: CardIn | None = None
    code_word: Text = ""
    group_ids: list[UUID] = Field([], max_length=50)
    language: Language = ""
    note: Note = ""
    source: Short = ""
    customer_number: Text = Field("", description="Their number in another system.")


class EnrolDone(Out):
    """Somebody who joined; the same when the request is repeated."""

    operation_id: UUID
    customer_id: UUID
    member_id: UUID
    is_active: bool = Field(description="false while the account waits for activation.")
    confirm_by: str = Field(description="How it is activated: code or cashier.")
    welcome_points: int
    message: str = Field(description="Of the message about the welcome bonus: waiting or held.")
    card_number: str
    secret: str = Field(description="In clear, this once.")
    text: str


class LookupIn(Body):
    """Whatever was scanned or typed in ``text``; or what it is known to be."""

    text: Text = ""
    card: Code = ""
    secret: Code = Field("", description="With card it may be a short one.")
    phone: Short = ""
    email: Text = ""
    customer_number: Text = ""


class BalanceIn(Body):
    """A card."""

    card: Code = Field(min_length=1)


class BalanceOut(Out):
    """What a member has."""

    member_id: UUID
    available: int
    pending: int
    owed: int


class LevelOut(Out):
    """The level that a member holds."""

    id: UUID
    name: str
    priority: int
    since: date


class MemberOut(Out):
    """A member as they stand now, whether or not time has been caught up with."""

    id: UUID
    customer_id: UUID
    programme_id: UUID
    name: str
    card_number: str
    is_active: bool
    is_blocked: bool
    is_closed: bool
    available: int
    pending: int
    owed: int
    expires_next: datetime | None = Field(description="When the next points expire.")
    expires_points: int
    level: LevelOut
    text: str


class LookupOut(Out):
    """Who that is; ``member`` is null for a customer in no programme."""

    by: str
    customer_id: UUID
    member: MemberOut | None


class ConsentOut(Out):
    """What was said last on a channel."""

    channel: str
    granted: bool
    at: datetime
    source: str


class MemberWhole(MemberOut):
    """A member with the person behind."""

    phone: str | None
    email: str | None
    language: str
    note: str
    born: date | None
    group_ids: list[UUID]
    consents: list[ConsentOut]
    joined_at: datetime
    joined_by: str
    reward_rule_lifted: bool
    customer_number: str


class PersonPatch(Writing):
    """What changes of a person; what is not sent stays."""

    name: Text | None = None
    language: Language | None = None
    note: Note | None = None
    born: Day | None = None
    code_word: Text | None = None
    phone: Short | None = Field(None, description="Empty = no longer.")
    email: Text | None = Field(None, description="Empty = no longer.")
    reward_rule_lifted: Switch | None = Field(
        None, description="Whether they may take first-time rewards any time."
    )


class MemberPatch(PersonPatch):
    """What changes of a member; what is not sent stays."""

    blocked: Switch | None = None


class CodeIn(Writing):
    """Which way a code shall go; by e-mail if not said, else to the phone."""

    channel: Channel | None = None


class CodeSent(Out):
    """A code that is on its way to the customer."""

    id: UUID
    channel: str
    expires_at: datetime


class ActivateIn(Dated):
    """With the code that the customer tells, where the programme sends one."""

    code: Short = ""


class ActivateDone(Out):
    """An account that was activated."""

    operation_id: UUID
    welcome_points: int
    message: str
    text: str


class CardInOfMember(CardIn, Writing):
    """A card for a member; one that they have is replaced, and the points stay."""


class SecretIn(Writing):
    """Another secret code for the card; empty = generated."""

    secret: Code = ""


class CardDone(Out):
    """A card as it was given out."""

    id: UUID
    number: str
    secret: str = Field(description="In clear, this once; empty where it has none.")


class AdjustIn(Dated):
    """Points added by hand, or taken where negative."""

    points: SignedPoints
    note: Text = Field(description="The customer sees it too.")
    last_day: Day | None = Field(None, description="Of their use; by default as the level says.")
    forever: Switch = False


class AdjustDone(Out):
    """What a change by hand did."""

    operation_id: UUID
    points: int
    settled_owed: int
    available: int
    message: str = Field(description="waiting or held")
    held_why: str
    text: str


class WriteOffIn(Writing):
    """Why a debt is let go."""

    note: Text


class WriteOffDone(Out):
    """What was let go."""

    operation_id: UUID
    points: int
    text: str


class TakeIn(Dated):
    """Where a reward is taken."""

    till_id: UUID | None = None


class RewardForMember(Out):
    """A reward as a member sees it now."""

    reward_id: UUID
    item_id: UUID
    name: str
    kind: str
    points: int
    first_time_only: bool
    missing: int
    why_not: str | None = Field(description="null when it can be taken now.")


class RewardsForMember(Out):
    """By points, the cheapest first."""

    rewards: list[RewardForMember]


class ReferralIn(Writing):
    """By whom this member was referred."""

    referrer_customer_id: UUID
    add_points: Switch = Field(default=False, description="Yes to what the dialogue offers.")
    last_day: Day | None = None


class ReferralDone(Out):
    """A referral that is noted."""

    id: UUID
    offer_points: int = Field(description="What can still be added for the referrer.")
    why_no_points: str = Field(
        description="Why nothing can be added: no_card, no_points …; empty where it can."
    )
    points: int = Field(description="What was added now.")
    operation_id: UUID | None
    message: str = Field(description="Of the thanks by text message: waiting, held; empty = none.")
    held_why: str = Field(description="no_consent or no_contact, where they are held back.")


class BroughtOut(Out):
    """Who brought a new customer, and what they got for it."""

    id: UUID
    at: datetime
    referred_customer_id: UUID
    referred_name: str
    referrer_customer_id: UUID
    referrer_name: str
    operation_id: UUID | None = Field(description="By which the points were added; null = none.")
    points: int
    message: str = Field(description="State of the thanks by text message; empty = none.")
    held_why: str


class ReferralsOut(Out):
    """A page of who brought whom, the newest first."""

    referrals: list[BroughtOut]
    next_cursor: str | None = Field(description="Of the next page; null at the end.")


class DetailOut(Out):
    """One line of an explanation in words."""

    label: str
    text: str
    points: str


class ToldOut(Out):
    """An operation in words."""

    title: str
    note: str
    points: int | None
    is_to_come: bool
    details: list[DetailOut]


class OperationOut(Out):
    """One operation on the account, or one change of its level."""

    id: UUID
    at: datetime
    kind: str
    note: str
    explanation: Codes = Field(description="Codes and whole numbers.")
    gained: int
    drawn: dict[str, int] = Field(description="By reason; negative = put back.")
    from_level_id: UUID | None
    to_level_id: UUID | None
    told: list[ToldOut] = Field(description="In the language asked for.")


class OperationsOut(Out):
    """Newest first."""

    operations: list[OperationOut]
    next_cursor: str | None


class LotOut(Out):
    """Points that came in together."""

    id: UUID
    origin: str
    amount: int
    points_left: int
    usable_from: datetime
    usable_until: datetime | None = Field(description="Exclusive; null = never expires.")
    is_pending: bool
    came_at: datetime
    text: str


class LotsOut(Out):
    """The first to expire first; those still to come after them."""

    lots: list[LotOut]
