"""A1 for programs: every route with the key of its scope, with all other scopes, and elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import httpx
import pytest
from litestar import Litestar

from kitchenasty import api_keys, audit, locations
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.http.access import handlers_of
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.principals import Kind, Principal, Role, Scope
from kitchenasty.tests.access_rows import PRINCIPALS
from kitchenasty.tests.access_table import TABLE
from kitchenasty.tests.key_table import SCOPES
from kitchenasty.tests.scene import FILLER, Scene, knock, make_thing
from kitchenasty.tests.test_access_table import outcome_of, routes_of

OWNER = Principal(kind=Kind.STAFF, id=FILLER, role=Role.SUPER_ADMIN, name="Ada")
ALL = frozenset(Scope)


@pytest.fixture
def config(config: Config) -> Config:
    """Without limits: from one address come hundreds of requests within seconds."""
    return replace(config, rate_limits=False)


@dataclass(frozen=True)
class Ring:
    """Keys by what they may do, known to the scene as principals."""

    scene: Scene

    async def add(
        self, name: str, scopes: frozenset[Scope], house_ids: tuple[str, ...] | None = None
    ) -> None:
        draft = api_keys.KeyDraft(name=name, scopes=scopes, house_ids=house_ids)
        async with self.scene.books.writing(OWNER) as uow:
            made = await api_keys.create_key(uow, draft)
        for door in SessionKind:
            self.scene.tokens[name, door] = made.text


@pytest.fixture
async def ring(scene: Scene) -> Ring:
    """`just <scope>` and `all but <scope>` for each, `everything`, and `elsewhere`."""
    made = Ring(scene)
    for scope in Scope:
        await made.add(f"just {scope}", frozenset({scope}))
        await made.add(f"all but {scope}", ALL - {scope})
    await made.add("everything", ALL)
    await made.add("elsewhere", ALL, (FILLER,))
    return made


def test_the_doors_declare_the_scopes_of_the_table(app: Litestar) -> None:
    declared = {
        f"{method} {route.path}": handler.opt["key"].value
        for route, handler in handlers_of(app)
        for method in getattr(handler, "http_methods", ())
        if handler.opt.get("key") is not None
    }
    assert declared == SCOPES
    assert sorted(SCOPES.keys() - routes_of(app)) == []
    assert {scope.value for scope in Scope} == {*SCOPES.values(), Scope.ORDERS_LIVE.value}


def test_no_key_opens_a_page_a_secret_or_what_only_owners_may() -> None:
    for route in SCOPES:
        assert " /api/" in route
        assert word_of(route, "manager") == "in", f"{route}: a key is at most a manager"
        assert not any(word in route for word in ("/keys", "/staff", "/settings", "/auth"))


async def test_each_key_opens_what_its_scopes_say_and_nothing_else(
    client: httpx.AsyncClient, scene: Scene, ring: Ring
) -> None:
    """A1: with its scope alone a key gets in, with all others it does not; no key opens the rest.
    At doors that are open to everybody a key without the scope is nobody.
    """
    assert ring.scene is scene
    surprises, checks = [], 0
    for route, row in TABLE.items():
        for name, expected in expectations(route, row):
            thing = await make_thing(scene, route)
            before = await scene.fingerprint() if expected != "in" else None
            answer = await knock(client, scene, route, name, thing)
            checks += 1
            if (found := outcome_of(route, answer)) != expected:
                surprises.append(f"{route} with {name}: {found}, not {expected}")
            if before is not None and await scene.fingerprint() != before:
                surprises.append(f"{route} with {name}: refused, and yet something changed")
    print(f"A1: {checks} checks of keys by scope, {len(surprises)} surprises")
    assert "\n".join(surprises) == ""


def expectations(route: str, row: str) -> list[tuple[str, str]]:
    """Which keys to try, and what each gets: within its scopes it is a manager of its houses."""
    nobody = word_of(route, "nobody")
    is_api = " /api/" in route
    closed = "403" if is_api and nobody == "401" and not is_open_to_links(row) else nobody
    scope = SCOPES.get(route)
    if scope is None:
        return [("everything", closed)]
    elsewhere = word_of(route, "manager_elsewhere")
    return [(f"just {scope}", "in"), (f"all but {scope}", closed), ("elsewhere", elsewhere)]


def word_of(route: str, principal: str) -> str:
    return TABLE[route].split()[PRINCIPALS.index(principal)]


def is_open_to_links(row: str) -> bool:
    """The door itself is open to everybody; what is behind asks who it is."""
    return row.split()[1] == "in" and row.split(maxsplit=1)[0] == "401"


async def test_a_key_works_in_its_houses_only(
    client: httpx.AsyncClient, books: Books, house: locations.House, other_house: locations.House
) -> None:
    headers = await make(books, (house.id,))
    answers = [
        await client.patch(f"/api/locations/{one.id}", json={"description": "new"}, headers=headers)
        for one in (house, other_house)
    ]
    assert [one.status_code for one in answers] == [200, 403]


async def test_what_a_key_does_is_written_down_under_its_name(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    headers = await make(books)
    await client.patch(f"/api/locations/{house.id}", json={"description": "x"}, headers=headers)
    async with books.reading() as look:
        entry, *_ = await audit.list_entries(look, entity="Location", entity_id=house.id)
    assert entry.actor_name == "Till"


async def make(books: Books, house_ids: tuple[str, ...] | None = None) -> dict[str, str]:
    """The header of a till that may change houses."""
    draft = api_keys.KeyDraft(
        name="Till", scopes=frozenset({Scope.HOUSES_WRITE}), house_ids=house_ids
    )
    async with books.writing(OWNER) as uow:
        made = await api_keys.create_key(uow, draft)
    return {"authorization": f"Bearer {made.text}"}
