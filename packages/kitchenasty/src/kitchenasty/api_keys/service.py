"""Making keys, knowing them again, and revoking them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from basis.ids import new_id
from basis.kit.data.jobs import Job
from basis.kit.texts import one_line
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.api_keys import queries
from kitchenasty.api_keys.people import (
    DAYS_MAX,
    KEYS_MAX,
    NAME_LENGTH_MAX,
    ApiKey,
    KeyDraft,
    KeyMadeAlready,
    KeyNotFound,
    KeyRefused,
    KeysForOwnersOfAll,
    NewKey,
)
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.keys import KEY_LENGTH, make_key, shown_part
from kitchenasty.kit.identity.sessions import PrincipalRevoked, hash_token
from kitchenasty.kit.principals import Kind, Principal, Role

LIST_LIMIT_MAX = 200
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
EXPIRE_JOB = "api_keys.expire"


async def find_principal(look: Look, text: str) -> Principal | None:
    """Who acts with this key now; None if it is none of ours, revoked or too old."""
    if len(text) != KEY_LENGTH:
        return None
    row = await look.row(queries.BY_HASH, token_hash=hash_token(text), now=look.now)
    if row is None:
        return None
    key = queries.key_of(row)
    return Principal(
        kind=Kind.KEY,
        id=key.id,
        role=Role.MANAGER,
        house_ids=None if key.house_ids is None else frozenset(key.house_ids),
        scopes=key.scopes,
        name=key.name,
        last_seen_at=key.last_used_at or NEVER,
    )


async def note_use(uow: UnitOfWork, principal: Principal) -> None:
    """Write down that a key is in use, so that owners see which are not."""
    await uow.run(queries.TOUCH, key_id=principal.id, now=uow.now)


async def list_keys(look: Look) -> list[ApiKey]:
    """All keys, those that were revoked last. Raises KeysForOwnersOfAll."""
    check_owner(look.actor)
    return [queries.key_of(row) for row in await look.rows(queries.NEWEST, limit=LIST_LIMIT_MAX)]


async def create_key(uow: UnitOfWork, draft: KeyDraft) -> NewKey:
    """A new key. Raises KeysForOwnersOfAll, KeyRefused, KeyMadeAlready."""
    check_owner(uow.actor)
    name = check_draft(draft)
    if await uow.value(queries.COUNT_LIVE, now=uow.now) >= KEYS_MAX:
        raise KeyRefused(
            Sentence.of("There are {most} keys already. Please revoke one.", most=KEYS_MAX)
        )
    text = make_key()
    key = ApiKey(
        id=draft.id or new_id(),
        name=name,
        shown=shown_part(text),
        scopes=draft.scopes,
        house_ids=draft.house_ids,
        created_by=uow.actor.name,
        created_at=uow.now,
        expires_at=None if draft.days is None else uow.now + timedelta(days=draft.days),
        last_used_at=None,
        revoked_at=None,
        revoked_by=None,
    )
    values = {name: getattr(key, name) for name in queries.NAMES}
    values |= {"scopes": sorted(key.scopes), "token_hash": hash_token(text)}
    if not await uow.run(queries.ADD, **values):
        raise KeyMadeAlready
    if key.expires_at is not None:
        uow.enqueue(EXPIRE_JOB, {"key_id": key.id}, run_at=key.expires_at)
    await write_down(uow, key, "create")
    return NewKey(text, key)


async def revoke_key(uow: UnitOfWork, key_id: str) -> ApiKey:
    """Close every door to the key, with the next request and on open sockets.

    Raises KeysForOwnersOfAll, KeyNotFound.
    """
    check_owner(uow.actor)
    row = await uow.row(queries.UNREVOKED, key_id=key_id)
    if row is None:
        raise KeyNotFound
    # Of two who revoke it at once, the first is written down.
    if not await uow.run(queries.REVOKE, key_id=key_id, now=uow.now, who=uow.actor.name):
        raise KeyNotFound
    key = queries.key_of(row)
    tell_end(uow, key_id)
    await write_down(uow, key, "revoke")
    return key


async def expire(uow: UnitOfWork, payload: dict[str, Any]) -> None:
    """A key has come of age: its open sockets are asked once more who they are."""
    tell_end(uow, payload["key_id"])


EXPIRED = Job(EXPIRE_JOB, expire)


def tell_end(uow: UnitOfWork, key_id: str) -> None:
    uow.emit(PrincipalRevoked(subject_kind=Kind.KEY, subject_id=key_id, session_id=None))


def check_owner(actor: Principal) -> None:
    if actor.house_ids is not None or not actor.has_role(Role.SUPER_ADMIN):
        raise KeysForOwnersOfAll


def check_draft(draft: KeyDraft) -> str:
    """The name without outer blanks. Raises KeyRefused."""
    name = one_line(draft.name)
    if not name or len(name) > NAME_LENGTH_MAX:
        raise KeyRefused(
            Sentence.of("Please give a name of at most {most} characters.", most=NAME_LENGTH_MAX)
        )
    if not draft.scopes:
        raise KeyRefused("Please choose what the key may do.")
    if draft.house_ids == ():
        raise KeyRefused("Please choose the houses in which the key acts.")
    if draft.days is not None and not 1 <= draft.days <= DAYS_MAX:
        raise KeyRefused(Sentence.of("A key lasts from 1 to {most} days.", most=DAYS_MAX))
    return name


async def write_down(uow: UnitOfWork, key: ApiKey, action: str) -> None:
    await audit.record(
        uow,
        action=action,
        entity="ApiKey",
        entity_id=key.id,
        after={
            "name": key.name,
            "shown": key.shown,
            "scopes": sorted(key.scopes),
            "houses": None if key.house_ids is None else list(key.house_ids),
            "expires_at": None if key.expires_at is None else key.expires_at.isoformat(),
        },
    )
