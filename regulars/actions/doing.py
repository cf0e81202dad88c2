"""What every action is: one durable transaction, safe to send again."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

P = ParamSpec("P")
R = TypeVar("R")


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function as one durable transaction of its own.

    Two requests that meet both look before either has written: for an operation of the same id,
    for a phone number that is still free, for uses left of a coupon. The second one to write is
    refused by the database, is undone, and runs again: then it sees what the first one did, and
    gives its answer or says what is wrong.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with suppress(IntegrityError), transaction.atomic(durable=True):
            return function(*args, **kwargs)
        with transaction.atomic(durable=True):
            return function(*args, **kwargs)

    return run
