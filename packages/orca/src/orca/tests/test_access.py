"""Every door by every role, by nobody, and by tokens that are none: the table, and nothing else.

A door that is added gets its row in NEEDS, and in BODIES if it takes a body.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, get, post

from basis.kit.testing import HandClock
from orca.access import Outcome, Role, Tokens, Unrecognised
from orca.api import check_declared, doors_of, needs
from orca.store import SqliteStore, StoreAway
from orca.tests.world import World, bearer, opened_world

NEEDS: dict[str, Role | None] = {
    "GET /health/live": None,
    "GET /metrics": Role.VIEWER,
    "GET /api/v1/openapi.json": Role.VIEWER,
    "GET /api/v1/openapi": Role.VIEWER,
    "GET /api/v1/openapi/openapi.json": Role.VIEWER,
    "GET /api/v1/openapi/{path}": Role.VIEWER,
    "GET /api/v1/tokens": Role.ADMIN,
    "GET /api/v1/tokens/self": Role.VIEWER,
    "POST /api/v1/tokens": Role.ADMIN,
    "DELETE /api/v1/tokens/{token_id}": Role.ADMIN,
    "GET /api/v1/journal": Role.ADMIN,
    "GET /api/v1/certificates": Role.VIEWER,
    "POST /api/v1/certificates/{domain}/retries": Role.DEPLOYER,
    "GET /api/v1/secrets": Role.DEPLOYER,
    "PUT /api/v1/secrets/{name}": Role.DEPLOYER,
    "DELETE /api/v1/secrets/{name}": Role.DEPLOYER,
    "POST /api/v1/secrets/rotations": Role.ADMIN,
    "GET /api/v1/cluster": Role.VIEWER,
    "POST /api/v1/cluster/leads": Role.ADMIN,
    "POST /api/v1/nodes/{node}/leads": Role.ADMIN,
    "GET /api/v1/jobs/{job_id}": Role.VIEWER,
    "GET /api/v1/services/{project}/{name}/logs": Role.VIEWER,
    "GET /api/v1/contexts/{name}": Role.DEPLOYER,
    "PUT /api/v1/contexts/{name}": Role.DEPLOYER,
    "POST /api/v1/plans": Role.DEPLOYER,
    "POST /api/v1/deploys": Role.DEPLOYER,
    "POST /api/v1/services/{project}/{name}/acts": Role.DEPLOYER,
    "POST /api/v1/services/{project}/{name}/executions": Role.DEPLOYER,
    "POST /api/v1/nodes/{node}/acts": Role.DEPLOYER,
    "DELETE /api/v1/nodes/{node}": Role.ADMIN,
    "POST /api/v1/nodes/{node}/invitations": Role.ADMIN,
    "GET /api/v1/volumes": Role.VIEWER,
    "DELETE /api/v1/volumes/{project}/{name}": Role.ADMIN,
}
PROJECT = {
    "cluster.toml": '[cluster]\nname = "quay"\n',
    "services/shop/service.toml": '[[service]]\nname = "web"\nimage = "web:1"\n',
}
BODIES: dict[str, Any] = {
    "POST /api/v1/tokens": {"name": "ci", "role": "viewer"},
    "PUT /api/v1/secrets/{name}": {"value": "planted-8f2c61"},
    "POST /api/v1/plans": {"files": PROJECT},
    "POST /api/v1/deploys": {"files": PROJECT},
    "POST /api/v1/services/{project}/{name}/acts": {"act": "stop"},
    "POST /api/v1/services/{project}/{name}/executions": {"command": ["true"]},
    "POST /api/v1/nodes/{node}/acts": {"act": "drain"},
}
UNKNOWN = ["GET /", "GET /api/v1/none", "POST /api/v1", "PUT /api/v2/secrets/A", "GET /metricsx"]
WRITES = sorted(door for door in NEEDS if not door.startswith("GET"))


@pytest.fixture
async def world(tmp_path: Path, clock: HandClock) -> AsyncIterator[World]:
    async with opened_world(tmp_path, clock) as made:
        yield made


def filled(door: str) -> tuple[str, str]:
    method, path = door.split(" ")
    return method, re.sub(r"\{\w+\}", "NOBODY", path)


def test_the_table_names_every_door(world: World) -> None:
    found = {
        f"{method} {path.replace(':str', '')}": handler.opt["needs"]
        for method, path, handler in doors_of(world.app)
        if method != "HEAD"
    }
    assert found == NEEDS


def test_a_door_of_which_nobody_said_who_may_enter_stops_the_start() -> None:
    """Scenario 22: deny by default."""

    @get("/mute")
    async def mute() -> None: ...

    @get("/open", opt=needs(None))
    async def wide_open() -> None: ...

    @post("/looked-at", opt=needs(Role.VIEWER))
    async def changed_by_lookers() -> None: ...

    for handler in (mute, wide_open, changed_by_lookers):
        with pytest.raises(RuntimeError, match=r"(GET|POST) /(mute|open|looked-at)"):
            check_declared(Litestar([handler], openapi_config=None))


@pytest.mark.parametrize("door", sorted(NEEDS))
async def test_each_role_enters_what_the_table_says(world: World, door: str) -> None:
    """A1, scenario 22: every door by every role."""
    needed = NEEDS[door]
    for role in Role:
        answer = await world.send(role, *filled(door), json=BODIES.get(door))
        if needed is None or role.may(needed):
            assert answer.status_code in (200, 201, 404), (role, answer.text)
            continue
        assert (answer.status_code, answer.json()["code"]) == (403, "RoleTooLow"), role
        assert role.value in answer.json()["error"]


async def test_the_description_says_who_may_enter_and_how_it_is_refused(world: World) -> None:
    document = (await world.send(Role.VIEWER, "GET", "/api/v1/openapi.json")).json()
    described = {
        f"{method.upper()} {path}": operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert set(described) == {door for door in NEEDS if "openapi" not in door}
    for door, operation in described.items():
        needed = NEEDS[door]
        assert operation["security"] == ([{"token": [needed.value]}] if needed else []), door
        refused = [status for status in operation["responses"] if not status.startswith("2")]
        assert refused == ["default"], door


@pytest.mark.parametrize("door", sorted(NEEDS))
async def test_which_methods_a_door_has_is_told_to_who_has_a_token(world: World, door: str) -> None:
    """Found by sending odd things: the framework's own answer knew no role, and fell."""
    _, path = filled(door)
    assert (await world.send(Role.VIEWER, "OPTIONS", path)).status_code == 204
    needed = 204 if NEEDS[door] is None else 401
    assert (await world.send(None, "OPTIONS", path)).status_code == needed


@pytest.mark.parametrize("door", sorted({*NEEDS, *UNKNOWN}))
async def test_without_a_valid_token_nobody_learns_which_doors_there_are(
    world: World, door: str
) -> None:
    """A4, scenario 22: none, wrong, foreign, revoked, respelled; known doors and others."""
    good = str(world.issued[Role.ADMIN].token)
    over = await world.tokens.issue("over", Role.ADMIN, days=1, by="test")
    gone = await world.tokens.issue("gone", Role.ADMIN, days=None, by="test")
    await world.tokens.revoke(gone.line.id)
    other = str(world.issued[Role.VIEWER].token)
    tries: list[dict[str, str]] = [
        {},
        {"authorization": ""},
        {"authorization": good},
        {"authorization": f"Basic {good}"},
        {"authorization": f"Bearer {good}x"},
        {"authorization": f"Bearer {good[:-1]}"},
        {"authorization": f"Bearer {good} {good}"},
        {"authorization": "Bearer " + "a" * 300},
        {"cookie": f"token={good}"},
        bearer(good[:17] + other[17:]),  # the id of one, the chance of another
        bearer(str(gone.token)),
        bearer("orca_%00_" + good[18:]),
    ]
    for headers in tries:
        method, path = filled(door)
        answer = await world.client.request(method, path, headers=headers)
        if door == "GET /health/live":
            assert answer.status_code == 200
            continue
        assert (answer.status_code, answer.json()["code"]) == (401, "Unrecognised"), headers
    world.clock.advance(days=1)
    with pytest.raises(Unrecognised):
        await world.tokens.recognise(str(over.token))


@pytest.mark.parametrize("door", UNKNOWN)
async def test_an_unknown_door_is_closed_for_admins_too(world: World, door: str) -> None:
    answer = await world.send(Role.ADMIN, *filled(door))
    assert answer.status_code in (404, 405)
    assert answer.json()["success"] is False


async def test_a_revoked_token_opens_nothing_from_the_next_request_on(world: World) -> None:
    """A3: 100 of 100."""
    refused = 0
    for _ in range(100):
        issued = await world.tokens.issue("short", Role.VIEWER, days=1, by="test")
        headers = bearer(str(issued.token))
        first = await world.client.get("/api/v1/tokens/self", headers=headers)
        assert first.status_code == 200
        path = f"/api/v1/tokens/{issued.line.id}"
        assert (await world.send(Role.ADMIN, "DELETE", path)).status_code == 200
        after = await world.client.get("/api/v1/tokens/self", headers=headers)
        refused += after.status_code == 401
    assert refused == 100


async def test_a_token_revoked_while_it_is_used_stays_revoked(world: World) -> None:
    """Without the comparison in `_note_use` the use would write it back: tried."""
    issued = await world.tokens.issue("short", Role.VIEWER, days=1, by="test")

    async def revoke() -> None:
        await world.tokens.revoke(issued.line.id)

    using = Tokens(Interrupted(world.store, revoke), clock=world.clock)
    with pytest.raises(Unrecognised):
        await using.recognise(str(issued.token))
    with pytest.raises(Unrecognised):
        await world.tokens.recognise(str(issued.token))


class Interrupted:
    """A real store, in which something happens just before its first write."""

    def __init__(self, store: SqliteStore, happens: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._happens: Callable[[], Awaitable[None]] | None = happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, *given: Any, **named: Any) -> int:
        happens, self._happens = self._happens, None
        if happens is not None:
            await happens()
        return await self._store.transact(*given, **named)


async def test_a_store_that_cannot_be_written_keeps_nobody_from_looking(world: World) -> None:
    """That a token was used is noted in it: with a full disk `orca status` said nothing at all."""
    other = sqlite3.connect(world.folder / "orca.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert (await world.send(Role.VIEWER, "GET", "/api/v1/cluster")).status_code == 200
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_token_is_kept_as_a_hash_and_shown_once(world: World) -> None:
    """A4: neither the database nor a list has it."""
    made = await world.send(
        Role.ADMIN, "POST", "/api/v1/tokens", json={"name": "ci", "role": "deployer", "days": 30}
    )
    token = made.json()["data"]["token"]
    listed = await world.send(Role.ADMIN, "GET", "/api/v1/tokens")
    assert token not in listed.text
    chance = token[18:]
    for entry in (await world.store.range("")).entries:
        assert chance.encode() not in entry.value
    [line] = [line for line in listed.json()["data"] if line["name"] == "ci"]
    assert (line["role"], line["madeBy"], line["usedAt"]) == ("deployer", "admin", None)
    await world.client.get("/api/v1/tokens/self", headers=bearer(token))
    listed = await world.send(Role.ADMIN, "GET", "/api/v1/tokens")
    [line] = [line for line in listed.json()["data"] if line["name"] == "ci"]
    assert line["usedAt"] == "2030-05-17T16:00:00.000Z"


async def test_a_token_has_the_role_that_was_said_and_none_without(world: World) -> None:
    """D54: in the reference whoever forgets the role has made an admin."""
    for role in ({}, {"role": None}, {"role": ""}, {"role": "root"}, {"role": "Admin"}):
        answer = await world.send(Role.ADMIN, "POST", "/api/v1/tokens", json={"name": "x"} | role)
        assert answer.status_code == 400, role
    assert len(await world.tokens.list_all()) == len(Role)


async def test_the_name_of_a_token_is_a_plain_word(world: World) -> None:
    """D51: in the reference it is pasted into a file."""
    for name in ('a"', "a\n[[token]]", "a'b", "a\\", "a\0", " a", "ä", "a" * 65, "", "${x}"):
        answer = await world.send(
            Role.ADMIN, "POST", "/api/v1/tokens", json={"name": name, "role": "viewer"}
        )
        assert answer.status_code in (400, 422), (name, answer.text)
    assert len(await world.tokens.list_all()) == len(Role)


async def test_where_no_admin_is_left_the_data_folder_makes_one(world: World) -> None:
    path = world.folder / "admin.token"
    assert not await world.tokens.ensure_admin(path)
    await world.tokens.revoke(world.issued[Role.ADMIN].line.id)
    assert await world.tokens.ensure_admin(path)
    token, mode = secret_file(path)
    assert mode == 0o600
    assert (await world.tokens.recognise(token)).role is Role.ADMIN
    assert not await world.tokens.ensure_admin(path)


def secret_file(path: Path) -> tuple[str, int]:
    return path.read_text().strip(), path.stat().st_mode & 0o777


async def test_every_write_is_in_the_journal_with_its_outcome(world: World) -> None:
    done = await world.send(
        Role.DEPLOYER, "PUT", "/api/v1/secrets/DB_URL?project=shop", json={"value": "planted"}
    )
    assert done.status_code == 200
    refused = await world.send(Role.ADMIN, "DELETE", "/api/v1/tokens/NOBODY")
    assert refused.status_code == 404
    await world.send(Role.VIEWER, "DELETE", "/api/v1/tokens/NOBODY")
    await world.send(Role.ADMIN, "GET", "/api/v1/tokens")
    told = (await world.send(Role.ADMIN, "GET", "/api/v1/journal")).json()["data"]
    assert [(act["who"], act["what"], act["target"], act["outcome"]) for act in told] == [
        ("admin", "DELETE /api/v1/tokens/{token_id}", "token_id=NOBODY", "refused"),
        ("deployer", "PUT /api/v1/secrets/{name}", "name=DB_URL", "done"),
    ]
    assert told[0]["status"] == 404


async def test_an_act_that_nobody_ended_is_told_as_begun(world: World) -> None:
    who = await world.tokens.recognise(str(world.issued[Role.ADMIN].token))
    await world.journal.begin(who, what="POST /x", target="")
    [act] = await world.journal.list_before(None, limit=10)
    assert act.outcome is Outcome.BEGUN


@pytest.mark.parametrize("door", WRITES)
async def test_a_write_is_refused_if_the_journal_cannot_be_written(world: World, door: str) -> None:
    """What nobody could find in the journal is not done."""
    await world.send(Role.ADMIN, "GET", "/api/v1/tokens/self")  # its use is noted for a minute
    before = [one for one in (await world.store.range("")).entries if "journal" not in one.key]
    world.app.state.journal = NoJournal()
    answer = await world.send(Role.ADMIN, *filled(door), json=BODIES.get(door))
    assert answer.status_code == 503
    after = [one for one in (await world.store.range("")).entries if "journal" not in one.key]
    assert after == before


class NoJournal:
    """Its disk is full."""

    async def begin(self, *_: object, **__: object) -> None:
        raise StoreAway("The disk is full.")
