"""Deliveries as values: what is known of one, and how asking for it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from basis.errors import Conflict, NotFound
from kitchenasty.webhooks.states import DeliveryState


class DeliveryNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This delivery is not kept any more.")


class StillWaiting(Conflict):
    """It is on its way already."""

    def __init__(self) -> None:
        super().__init__("This delivery is on its way already.")


@dataclass(frozen=True, slots=True)
class Try:
    """One call. `trouble` says why nobody answered; `answer` is the first of what was said."""

    tried_at: datetime
    status: int | None
    trouble: str | None
    duration_ms: int
    answer: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event for one receiver, with its last try, or all of them where it is shown alone."""

    id: str
    event_id: str
    topic: str
    state: DeliveryState
    created_at: datetime
    try_at: datetime
    settled_at: datetime | None
    tries: int
    body: str | None = None
    tried: tuple[Try, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which to list; None leaves a question open."""

    state: DeliveryState | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many deliveries to one receiver wait, and how many were given up."""

    waiting: int = 0
    dead: int = 0
