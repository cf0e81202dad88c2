"""Asking payment providers to give money back: until they have, and once however often we ask.

A try is noted before it begins, together with the time of the next one, as with messages.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django_scopes import scope

from regulars.sales.models import OnlineRefund
from regulars.sales.providers import GivingBack, ProviderError, provider_called

State = OnlineRefund.State

MOST_ATTEMPTS = 12
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(days=1)
"""All tries together take a week."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of one refund."""

    id: UUID
    state: str
    """waiting: it is tried again."""
    why: str = ""


def rest_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: 1, 4, 16 minutes and so on, at most a day."""
    rest: timedelta = FIRST_REST * 4 ** (attempts - 1)
    return min(rest, LONGEST_REST)


def give_back_next(business_id: UUID, *, at: datetime) -> GivenBack | None:
    """Ask for the refund that is due first; None when nothing is due."""
    with transaction.atomic(durable=True), scope(business=business_id):
        refund = _next_due(at)
        if refund is None:
            return None
        refund.attempts += 1
        OnlineRefund.objects.filter(pk=refund.pk).update(
            attempts=refund.attempts, next_try_at=at + rest_after(refund.attempts)
        )
    try:
        _ask(refund)
    except ProviderError as problem:
        failed = refund.attempts >= MOST_ATTEMPTS
        return _end(refund, State.FAILED if failed else State.WAITING, at, problem.code)
    return _end(refund, State.DONE, at)


def _next_due(at: datetime) -> OnlineRefund | None:
    due = OnlineRefund.objects.filter(state=State.WAITING, next_try_at__lte=at)
    due = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return due.select_related("online_payment__business").order_by("next_try_at").first()


def _ask(refund: OnlineRefund) -> None:
    """Raises ProviderError."""
    payment = refund.online_payment
    provider = provider_called(payment.provider)
    if provider is None:
        raise ProviderError("not_set_up")
    back = GivingBack(refund.pk, payment.reference, refund.amount_minor, payment.business.currency)
    provider.give_back(back)


def _end(refund: OnlineRefund, state: State, at: datetime, why: str = "") -> GivenBack:
    ended = {} if state is State.WAITING else {"next_try_at": None, "ended_at": at}
    with transaction.atomic(durable=True), scope(business=refund.business_id):
        waiting = OnlineRefund.objects.filter(pk=refund.pk, state=State.WAITING)
        waiting.update(state=state, last_error=why, **ended)
    return GivenBack(refund.pk, str(state), why)
