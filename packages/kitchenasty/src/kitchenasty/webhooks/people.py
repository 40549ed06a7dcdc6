"""Endpoints as values: what is known of one, what is asked for, and how it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from basis.errors import Conflict, Forbidden, Invalid, NotFound
from basis.sentences import Sentence
from kitchenasty.webhooks.states import OffReason

ENDPOINTS_MAX = 50
"""Each may hold one call open at a time."""
DESCRIPTION_LENGTH_MAX = 200
OVERLAP = timedelta(hours=24)


class EndpointNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such webhook.")


class EndpointRefused(Invalid):
    """What was asked for makes no webhook."""


class TooManyEndpoints(Conflict):
    def __init__(self) -> None:
        super().__init__(
            Sentence.of("There are {most} webhooks already. Please remove one.", most=ENDPOINTS_MAX)
        )


class EndpointMadeAlready(Conflict):
    """A form was sent twice; the secret was shown the first time."""

    def __init__(self) -> None:
        super().__init__(
            "This webhook was made already, and its secret is not shown again. Renew the secret if "
            "you missed it."
        )


class WebhooksForAllHouses(Forbidden):
    """They may tell of every house, so whoever is bound to some sees and makes none."""

    def __init__(self) -> None:
        super().__init__("Only owners of all houses may see and make webhooks.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDraft:
    """`house_id` None: all houses. `id` is the form's, so that one sent twice makes one."""

    url: str
    topics: tuple[str, ...]
    description: str = ""
    house_id: str | None = None
    is_on: bool = True
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A receiver as owners see it, without its secret."""

    id: str
    url: str
    description: str
    topics: tuple[str, ...]
    house_id: str | None
    is_on: bool
    off_reason: OffReason | None
    off_at: datetime | None
    failing_since: datetime | None
    old_until: datetime | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint whose secret was just made; it is told now and never again."""

    secret: str
    endpoint: Endpoint
