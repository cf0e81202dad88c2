"""Servers that take messages."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.notices.mailbox import Gateway, Mailbox, a_gateway, a_mailbox


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    with a_gateway(settings) as gateway:
        yield gateway
