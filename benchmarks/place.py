"""Where something is measured. Needs no Django, so that it can be handed to a new process."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Town:
    """A cinema with three levels, one till, a ticket and popcorn."""

    business_id: UUID
    programme_id: UUID
    version_id: UUID
    level_ids: tuple[UUID, ...]
    """The lowest first."""
    issued_id: UUID
    """The account that points come from."""
    till_id: UUID
    ticket_id: UUID
    popcorn_id: UUID


@dataclass(frozen=True, slots=True)
class Place:
    """A database with members in it, numbered from 1."""

    url: str
    town: Town
    members: int
