"""Trying messages again that have failed, once whoever minds them has set right why."""

from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.once import Answer, done_once
from regulars.actions.requests import Request
from regulars.domain.errors import MessageRefused, NotFound
from regulars.notices.models import Message

State = Message.State


@action
def try_again(business_id: UUID, message_id: UUID, *, request: Request) -> None:
    """Let a message wait again that has failed, with all its tries.

    Asked for twice, it waits once. A loyalty message is young again by it, and still needs consent.

    Raises NotFound, MessageRefused (not_failed, address_forgotten), RequestIdReused.
    """
    done_once(
        business_id,
        request,
        ("try_again", message_id),
        lambda: _try_again(business_id, message_id, request),
    )


def _try_again(business_id: UUID, message_id: UUID, request: Request) -> Answer:
    with scope(business=business_id):
        rows = Message.objects.select_for_update(no_key=True, of=("self",))
        message = rows.filter(pk=message_id).first()
        if message is None:
            raise NotFound("message")
        if message.state == State.WAITING and "again" in message.data:
            return {}
        if message.state != State.FAILED:
            raise MessageRefused("not_failed")
        if message.customer_id is None and "sending" not in message.data:
            raise MessageRefused("address_forgotten")
        Message.objects.filter(pk=message_id).update(
            state=State.WAITING,
            data={**message.data, "again": request.at.isoformat()},
            attempts=0,
            next_try_at=request.at,
            last_error="",
        )
    return {}
