"""Requests that move no value are done once, too, and repeats of them get the first answer.

What moves value has its operation, which knows its request (``Desk.posted``). Everything else that
is asked for - a card, a booking, a consent - is remembered beside what it did, in the same
transaction: whatever has changed since, a repeat finds it, and does nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django_scopes import scope

from regulars.actions.keyed import lookup_hash
from regulars.business.models import DoneRequest
from regulars.domain.errors import RequestIdReused
from regulars.ledger.posting import Request, lock_request
from regulars.rows import Rows

Answer = dict[str, Any]
"""Ids, codes and whole numbers, as JSON has them; nothing of a person."""


def is_done(business_id: UUID, request_id: UUID) -> bool:
    """Whether a request of this id was done before."""
    with scope(business=business_id):
        return DoneRequest.objects.filter(request_id=request_id).exists()


def done_once(
    business_id: UUID, request: Request, asked: Sequence[object], do: Callable[[], Answer]
) -> Answer:
    """Do what a request asks for, or give the answer that it got when it was done.

    ``asked`` is the name of the action and what it was given. A step of actions: repeats that come
    at once wait for each other until the transaction ends.

    Raises RequestIdReused where a request of this id asked for something else, and what ``do``
    raises.
    """
    what, *content = asked
    digest = lookup_hash("request", request.hash_of(str(what), content).hex())
    lock_request(request.id)
    with scope(business=business_id):
        first = DoneRequest.objects.filter(request_id=request.id).first()
    if first is not None:
        if bytes(first.request_hash) != digest:
            raise RequestIdReused
        return dict(first.answer)
    answer = do()
    rows = Rows()
    rows.add(
        DoneRequest,
        business_id=business_id,
        request_id=request.id,
        request_hash=digest,
        answer=answer,
        at=request.recorded_at or request.at,
    )
    rows.write()
    return answer
