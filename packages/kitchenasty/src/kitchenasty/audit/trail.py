"""Reading the whole trail: who did what, when, from where; by filters, the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from basis.kit.data.columns import IdType, UtcDateTime
from basis.kit.data.paging import Keyset, Page
from basis.kit.data.statements import Statement
from kitchenasty.audit.models import AuditRow
from kitchenasty.kit.books import Look

LIMIT_MAX = 500
COUNTED_MAX = 10_000
KINDS_MAX = 200
SEARCHED_DAYS = 90
"""A search for a name reads row by row, so it looks back so far unless a first day is given."""
COLUMNS = (
    AuditRow.id,
    AuditRow.happened_at,
    AuditRow.actor_kind,
    AuditRow.actor_id,
    AuditRow.actor_name,
    AuditRow.action,
    AuditRow.entity,
    AuditRow.entity_id,
    AuditRow.before,
    AuditRow.after,
    AuditRow.address,
    AuditRow.request_id,
)


def each_of(column: InstrumentedAttribute[str]) -> Statement:
    """From one value to the next by the index: the cost is that of the values, not of the rows."""
    found = select(func.min(column).label("value")).cte("found", recursive=True)
    following = select(func.min(column)).where(column > found.c.value).scalar_subquery()
    found = found.union_all(select(following).where(found.c.value.is_not(None)))
    return Statement(select(found.c.value).where(found.c.value.is_not(None)).limit(KINDS_MAX))


ENTITIES = each_of(AuditRow.entity)
ACTIONS = each_of(AuditRow.action)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """Which rows; None leaves a question open. `search` is an id, or part of a name."""

    entity: str | None = None
    action: str | None = None
    actor_id: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One change, with who made it and what it was about."""

    id: str
    happened_at: datetime
    actor_kind: str
    actor_id: str | None
    actor_name: str
    action: str
    entity: str
    entity_id: str | None
    before: Any
    after: Any
    address: str | None
    request_id: str


async def list_trail(look: Look, wanted: TrailFilter, place: Keyset | Page) -> list[TrailEntry]:
    """The next rows after the cursor, or those of a numbered page."""
    given = values_of(look, wanted)
    given["limit"] = min(place.limit, LIMIT_MAX)
    if isinstance(place, Page):
        given["offset"] = place.offset
    elif place.after is not None:
        given |= {"after_at": place.after.at, "after_id": place.after.id}
    found = await look.rows(list_statement(frozenset(given)), **given)
    return [TrailEntry(*row) for row in found]


async def count_trail(look: Look, wanted: TrailFilter) -> int:
    """How many there are, counted up to `COUNTED_MAX`: nobody turns so many pages."""
    given = values_of(look, wanted)
    number: int = await look.value(count_statement(frozenset(given)), **given)
    return number


async def list_entities(look: Look) -> list[str]:
    """What the trail is about, each once."""
    return [value for (value,) in await look.rows(ENTITIES)]


async def list_actions(look: Look) -> list[str]:
    return [value for (value,) in await look.rows(ACTIONS)]


def values_of(look: Look, wanted: TrailFilter) -> dict[str, Any]:
    since = wanted.since
    if wanted.search and since is None:
        since = look.now - timedelta(days=SEARCHED_DAYS)
    given = {
        "entity": wanted.entity,
        "action": wanted.action,
        "actor_id": wanted.actor_id,
        "since": since,
        "until": wanted.before,
    }
    kept = {name: value for name, value in given.items() if value is not None}
    if wanted.search:
        part = re.sub(r"([\\%_])", r"\\\1", wanted.search.lower())
        kept |= {"sought": wanted.search, "part": f"%{part}%"}
    return kept


def conditions() -> dict[str, ColumnElement[bool]]:
    """Each filter by the parameter that asks for it."""
    name = func.lower(AuditRow.actor_name)
    instant = UtcDateTime()
    return {
        "entity": AuditRow.entity == bindparam("entity", required=True),
        "action": AuditRow.action == bindparam("action", required=True),
        "actor_id": AuditRow.actor_id == bindparam("actor_id", required=True),
        "since": AuditRow.happened_at >= bindparam("since", required=True, type_=instant),
        "until": AuditRow.happened_at < bindparam("until", required=True, type_=instant),
        "sought": or_(
            AuditRow.entity_id == bindparam("sought", required=True),
            AuditRow.request_id == bindparam("sought", required=True),
            name.like(bindparam("part", required=True), escape="\\"),
        ),
        "after_at": tuple_(AuditRow.happened_at, AuditRow.id)
        < tuple_(
            bindparam("after_at", required=True, type_=instant),
            bindparam("after_id", required=True, type_=IdType()),
        ),
    }


@lru_cache(256)
def list_statement(given: frozenset[str]) -> Statement:
    chosen = [one for name, one in conditions().items() if name in given]
    rows = select(*COLUMNS).where(*chosen)
    rows = rows.order_by(AuditRow.happened_at.desc(), AuditRow.id.desc())
    rows = rows.limit(bindparam("limit", required=True))
    if "offset" in given:
        rows = rows.offset(bindparam("offset", required=True))
    return Statement(rows)


@lru_cache(256)
def count_statement(given: frozenset[str]) -> Statement:
    chosen = [one for name, one in conditions().items() if name in given]
    some = select(AuditRow.id).where(*chosen).limit(COUNTED_MAX).subquery()
    return Statement(select(func.count()).select_from(some))
