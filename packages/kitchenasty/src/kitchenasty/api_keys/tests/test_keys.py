"""Keys of programs: shown once, known by their hash, ended at once, guessed in vain."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import api_keys, audit
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.keys import KEY_LENGTH, make_key
from kitchenasty.kit.limits import KEY_GUESS_PER_ADDRESS
from kitchenasty.kit.principals import Kind, Principal, Role, Scope
from kitchenasty.kit.tables import every_table

OWNER = Principal(kind=Kind.STAFF, id=None, name="Ada", role=Role.SUPER_ADMIN)
USES = 100


async def make(books: Books, **fields: object) -> api_keys.NewKey:
    wanted = {"name": "Till", "scopes": frozenset({Scope.ORDERS_READ}), **fields}
    async with books.writing(OWNER) as uow:
        return await api_keys.create_key(uow, api_keys.KeyDraft(**wanted))  # type: ignore[arg-type]


async def revoke(books: Books, key_id: str) -> None:
    async with books.writing(OWNER) as uow:
        await api_keys.revoke_key(uow, key_id)


async def ask(client: httpx.AsyncClient, text: str, path: str = "/api/orders") -> httpx.Response:
    return await client.get(path, headers={"authorization": f"Bearer {text}"})


async def test_the_books_hold_no_key_and_the_trail_says_who_made_and_ended_it(
    books: Books,
) -> None:
    made = await make(books, name="  Till\n2 ")
    await revoke(books, made.key.id)
    assert len(made.text) == KEY_LENGTH
    assert made.text.startswith(made.key.shown)
    async with books.reading(OWNER) as look:
        rows = str(await look.rows(Statement(select(every_table()["api_keys"]))))
        entries = await audit.list_entries(look, entity="ApiKey", entity_id=made.key.id)
    assert made.text not in rows
    assert [(one.action, one.actor_name) for one in entries] == [
        ("revoke", "Ada"),
        ("create", "Ada"),
    ]
    assert entries[1].after["name"] == "Till 2"


async def test_a_revoked_key_is_refused_with_the_next_request(
    client: httpx.AsyncClient, books: Books
) -> None:
    """A3: a hundred keys, each used, revoked, and used again."""
    refused = 0
    for _ in range(USES):
        made = await make(books)
        assert (await ask(client, made.text)).status_code == 200
        await revoke(books, made.key.id)
        # After some of them this address counts as one that guesses.
        refused += (await ask(client, made.text)).status_code in (401, 429)
    print(f"A3: {refused} of {USES} revoked keys were refused with their next request")
    assert refused == USES


async def test_a_key_that_is_too_old_is_refused(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    made = await make(books, days=30)
    clock.advance(days=29, hours=23)
    assert (await ask(client, made.text)).status_code == 200
    clock.advance(hours=1)
    assert (await ask(client, made.text)).status_code == 401


async def test_wrong_revoked_and_old_keys_are_answered_alike_and_counted(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    """A5: nothing tells a key that was from one that never was, and whoever tries on waits."""
    old, gone, good = await make(books, days=1), await make(books), await make(books)
    clock.advance(days=2)
    await revoke(books, gone.key.id)
    texts = [old.text, gone.text, make_key(), "kak_", "kak_short", "kak_" + "x" * 4_000]
    answers = [await ask(client, text) for text in texts]
    assert {(one.status_code, one.text) for one in answers} == {(401, answers[0].text)}
    while answers[-1].status_code == 401:
        answers.append(await ask(client, make_key()))
        assert len(answers) <= KEY_GUESS_PER_ADDRESS.burst + 1
    assert answers[-1].status_code == 429
    assert (await ask(client, good.text)).status_code == 200, "others behind this address work on"


async def test_use_is_noted_at_most_every_ten_minutes(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    made, began, noted = await make(books), clock.now, []
    for minutes in (0, 9, 1):
        clock.advance(minutes=minutes)
        await ask(client, made.text)
        async with books.reading(OWNER) as look:
            [key] = await api_keys.list_keys(look)
        noted.append(key.last_used_at)
    assert noted == [began, began, began + timedelta(minutes=10)]


async def test_of_many_who_revoke_one_key_at_once_one_is_written_down(books: Books) -> None:
    made = await make(books)
    outcomes = await asyncio.gather(
        *(revoke(books, made.key.id) for _ in range(8)), return_exceptions=True
    )
    assert [one for one in outcomes if not isinstance(one, api_keys.KeyNotFound)] == [None]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"scopes": frozenset()},
        {"house_ids": ()},
        {"days": 0},
        {"days": 3_651},
    ],
)
async def test_a_key_without_sense_is_refused(books: Books, fields: dict[str, object]) -> None:
    with pytest.raises(api_keys.KeyRefused):
        await make(books, **fields)


@pytest.mark.parametrize(
    "actor",
    [
        replace(OWNER, role=Role.MANAGER),
        replace(OWNER, house_ids=frozenset({"one"})),
        Principal(kind=Kind.KEY, id="k", role=Role.MANAGER, scopes=frozenset(Scope)),
    ],
)
async def test_only_owners_of_all_houses_have_to_do_with_keys(
    books: Books, actor: Principal
) -> None:
    made = await make(books)
    draft = api_keys.KeyDraft(name="Mine", scopes=frozenset(Scope))
    async with books.writing(actor) as uow:
        with pytest.raises(api_keys.KeysForOwnersOfAll):
            await api_keys.create_key(uow, draft)
        with pytest.raises(api_keys.KeysForOwnersOfAll):
            await api_keys.revoke_key(uow, made.key.id)
        with pytest.raises(api_keys.KeysForOwnersOfAll):
            await api_keys.list_keys(uow)
