"""Notices over kills of a real control plane: a real receiver hears of each trouble, and knows by
the id what it hears twice.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from orca.tests.receivers import Hook, open_hook
from orca.tests.standing import Standing, standing, web


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with open_hook() as opened:
        yield opened


@pytest.fixture
async def control(tmp_path: Path) -> AsyncIterator[Standing]:
    async with standing(tmp_path) as made:
        yield made


def bring_something_wrong(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.key").write_text("none")
    (folder / f"{name}.crt").write_text("none")


async def is_listed(control: Standing, name: str) -> bool:
    lines = await control.ask("GET", "/certificates")
    return any(line["name"] == f"own:{name}" for line in lines)


def heard_of(hook: Hook) -> dict[str, set[str]]:
    """By the trouble, the ids of the messages that told it."""
    heard: dict[str, set[str]] = {}
    for headers, body in hook.calls:
        for notice in json.loads(body)["notices"]:
            heard.setdefault(notice["name"], set()).add(headers["webhook-id"])
    return heard


def is_noticed(control: Standing, name: str) -> bool:
    """As another process sees the store."""
    with closing(sqlite3.connect(control.data / "orca.db")) as store:
        [*found] = store.execute("SELECT value FROM entries WHERE key = 'notices/known'")
    return any(f"own:{name}".encode() in value for (value,) in found)


async def test_each_trouble_is_told_over_kills_and_what_is_told_twice_has_one_id(
    control: Standing, hook: Hook
) -> None:
    """R15: killed when one has just come up, and when one that was noticed waits for its message,
    since another was told a moment ago.
    """
    await control.deploy(f'[notify]\nwebhook = "{hook.address}"\n', {"shop": web("shop.example")})
    folder = control.data / "certificates"

    async def is_heard(name: str) -> bool:
        return f"own:{name}" in heard_of(hook)

    bring_something_wrong(folder, "first")
    await control.until(partial(is_listed, control, "first"))
    control.kill()
    await control.begin()
    await control.until(partial(is_heard, "first"))
    bring_something_wrong(folder, "second")
    await control.until(lambda: asyncio.to_thread(is_noticed, control, "second"))
    control.kill()
    await control.begin()
    await control.until(partial(is_heard, "second"))
    twice = sum(len(ids) > 1 for ids in heard_of(hook).values())
    print(f"notices: 2 kills, {len(hook.calls)} messages, 0 troubles lost, {twice} by two ids")
    assert twice == 0


async def test_a_message_whose_receiver_sees_us_die_comes_again_by_the_same_id(
    control: Standing, hook: Hook
) -> None:
    """Killed between its arrival and our knowing of it."""
    hook.at_call = control.kill
    await control.deploy(f'[notify]\nwebhook = "{hook.address}"\n', {"shop": web("shop.example")})
    bring_something_wrong(control.data / "certificates", "shop")
    await control.until(lambda: asyncio.sleep(0, len(hook.calls) == 1))
    hook.at_call = None
    await control.begin()
    await control.until(lambda: asyncio.sleep(0, len(hook.calls) == 2))
    [ids] = heard_of(hook).values()
    assert len(ids) == 1
