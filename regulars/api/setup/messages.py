"""Messages to customers: what they say, which went, and who was left out (B3, B4)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Path, Query
from pydantic import Field

from regulars.actions.due.again import try_again
from regulars.actions.setup.wordings import (
    Setting,
    message_setting,
    message_settings,
    set_message,
)
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.paging import Limit
from regulars.api.requests import cursor_after, read_cursor, request_of, request_or_new
from regulars.api.scopes import Scope
from regulars.api.shapes import Instant, Note, Out, Switch, Text, Writing, answer
from regulars.domain.wordings import sms_parts
from regulars.notices.models import Message
from regulars.reports.messages import Cut, Queued, list_messages

messages = Resource("Messages")

Cursor = Annotated[str, Query(max_length=200, description="next_cursor of the page before.")]
Template = Annotated[str, Path(max_length=40, description="An occasion, as in the list.")]
Occasion = Annotated[str, Query(max_length=40, pattern="^[a-z_]*$")]


class MessageSettingOut(Out):
    """Whether messages of an occasion are sent, and what they say."""

    template: str = Field(description="The occasion: points_credited, balance_changed …")
    message_class: str = Field(
        description="loyalty: only to who agreed on that channel; asked_for: always."
    )
    on: bool = Field(description="What was asked for cannot be switched off.")
    subject: str = Field(description="Of an e-mail; the usual one unless one of your own is kept.")
    text: str = Field(description="The usual text unless one of your own is kept.")
    is_own_subject: bool
    is_own_text: bool
    sms_text: str = Field(description="For text messages alone; empty = the same as text.")
    most_letters: int = Field(description="In text; in sms_text always 480.")
    sms_parts: int = Field(
        description="In how many parts its text message is sent, before variables are put in;"
        " 0 where none is."
    )
    channels: list[str] = Field(description="On which it goes: email, sms.")
    variables: list[str] = Field(description="What may stand in braces.")
    needed: list[str] = Field(description="Of these: what a text of your own must say.")


class MessageSettings(Out):
    """All occasions."""

    settings: list[MessageSettingOut]


class MessageSettingPatch(Writing):
    """What is left out stays as it is."""

    on: Switch | None = None
    subject: Text | None = Field(
        None, description="Of an e-mail, with variables; empty brings the usual one back."
    )
    text: Note | None = Field(
        None, description="With variables in braces; empty brings the usual one back."
    )
    sms_text: Note | None = Field(
        None, description="For text messages alone, 480 letters; empty = the same as text."
    )


class MessageOut(Out):
    """One message. Neither what it says nor its address is kept."""

    id: UUID
    created_at: datetime
    customer_id: UUID | None
    template: str
    message_class: str
    channel: str
    state: str = Field(description="waiting, sent, held or failed.")
    held_why: str = Field(description="no_consent, no_contact, switched_off … or empty.")
    attempts: int
    next_try_at: datetime | None
    last_error: str = Field(description="A code: smtp_550, http_503, not_set_up … or empty.")
    sent_at: datetime | None


class Messages(Out):
    """A page of messages."""

    messages: list[MessageOut]
    next_cursor: str | None


class MessageAgain(Out):
    """A message that waits again."""

    id: UUID
    state: str


class Asked(Writing):
    """Nothing but the request's id."""


@messages.reads("/message-settings", Scope.SETUP_READ, MessageSettings)
def list_message_settings(request: ApiRequest) -> HttpResponse:
    """What messages say, occasion by occasion."""
    kept = message_settings(request.auth.business_id)
    return answer(MessageSettings(settings=[_setting(one) for one in kept]))


@messages.reads("/message-settings/{template}", Scope.SETUP_READ, MessageSettingOut)
def read_message_setting(request: ApiRequest, template: Template) -> HttpResponse:
    """What messages of one occasion say."""
    return answer(_setting(message_setting(request.auth.business_id, template)))


@messages.writes(
    "/message-settings/{template}", Scope.SETUP_WRITE, MessageSettingOut, method="PATCH"
)
def change_message_setting(
    request: ApiRequest, template: Template, body: MessageSettingPatch
) -> HttpResponse:
    """Put messages into words of your own, or switch loyalty messages. Variables are checked."""
    request_or_new(request, body)
    kept = set_message(
        request.auth.business_id,
        template,
        is_on=body.on,
        subject=body.subject,
        text=body.text,
        sms_text=body.sms_text,
    )
    return answer(_setting(kept))


@messages.reads("/messages", Scope.MEMBERS_READ, Messages)
def list_queue(  # noqa: PLR0913 - filters
    request: ApiRequest,
    *,
    state: Literal["", "waiting", "sent", "held", "failed"] = "",
    template: Occasion = "",
    channel: Literal["", "email", "sms", "none"] = "",
    customer_id: UUID | None = None,
    since: Annotated[Instant | None, Query()] = None,
    until: Annotated[Instant | None, Query(description="Exclusive.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Messages, the newest first: what waits, what went, who was left out and why."""
    before = read_cursor(cursor) if cursor else None
    cut = Cut(state, template, channel, since, until, customer_id)
    found, more = list_messages(request.auth.business_id, cut, limit=limit, before=before)
    after = cursor_after(*found[-1].key) if more else None
    return answer(Messages(messages=[_told(one) for one in found], next_cursor=after))


@messages.writes("/messages/{uuid:message_id}/try-again", Scope.MEMBERS_WRITE, MessageAgain)
def send_message_again(request: ApiRequest, message_id: UUID, body: Asked) -> HttpResponse:
    """Let a message wait again that has failed, with all its tries."""
    try_again(request.auth.business_id, message_id, request=request_of(request, body))
    return answer(MessageAgain(id=message_id, state=str(Message.State.WAITING)), 201)


def _setting(one: Setting) -> MessageSettingOut:
    is_loyalty = one.usual.is_loyalty
    return MessageSettingOut(
        template=one.template,
        message_class=str(Message.Class.LOYALTY if is_loyalty else Message.Class.ASKED_FOR),
        on=one.is_on,
        subject=one.subject or one.usual_subject,
        text=one.text or one.usual_text,
        is_own_subject=bool(one.subject),
        is_own_text=bool(one.text),
        sms_text=one.sms_text,
        most_letters=one.most_letters,
        sms_parts=sms_parts(one.said_by_sms).number if one.goes_by_sms else 0,
        channels=sorted(one.usual.channels),
        variables=one.variables,
        needed=sorted(one.usual.needed),
    )


def _told(one: Queued) -> MessageOut:
    return MessageOut(**{name: getattr(one, name) for name in MessageOut.model_fields})
