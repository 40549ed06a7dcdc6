"""A9: a house that was just installed is nobody's until its owner comes with the printed code."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.server import DidNotStart, Server

CODE = re.compile(r"enter: ([A-Z0-9-]+)")
PASSWORD = "seven green kettles"
DEFAULTS = [
    *((f"{name}@demo.example", "kitchen-demo") for name in ("owner", "manager", "cook", "guest")),
    ("admin@example.com", "admin123"),
    ("admin@kitchenasty.com", "admin123"),
    ("admin@localhost", "administrator"),
    ("owner@example.com", "password"),
    ("root@localhost", "changeme"),
]


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "fresh")
    server.start()
    yield server
    server.kill()


def count(server: Server, table: str) -> int:
    with closing(sqlite3.connect(server.data / "kitchenasty.db")) as file:
        found: int = file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    return found


def codes_of(server: Server) -> list[str]:
    return CODE.findall(server.log.read_text("utf-8"))


def set_up(server: Server, code: str, name: str) -> httpx.Response:
    form = {"code": code, "name": "Ada Orr", "email": f"{name}@house.example", "password": PASSWORD}
    return httpx.post(f"{server.url}/setup", data=form, headers={"origin": server.url})


def test_a_fresh_house_opens_to_its_owner_alone_and_once(fresh: Server) -> None:
    accounts = sum(count(fresh, table) for table in ("staff_members", "customers", "sessions"))
    entered = 0
    for email, password in DEFAULTS:
        for realm in ("staff", "customer"):
            answer = httpx.post(
                f"{fresh.url}/api/auth/{realm}/login", json={"email": email, "password": password}
            )
            entered += answer.status_code == 200
    codes = codes_of(fresh)
    assert len(codes) == 1
    assert set_up(fresh, "BCDF-BCDF-BCDF-BCDF", "guess").status_code == 403
    first, second = [set_up(fresh, codes[0], name).status_code for name in ("ada", "eve")]
    fresh.stop()
    fresh.start()
    print(
        f"A9: {accounts} accounts in a fresh house, {entered} of {2 * len(DEFAULTS)} default "
        f"sign-ins entered, the code worked {(first == 303) + (second == 303)} time, "
        f"{len(codes_of(fresh)) - 1} codes printed once there is an owner"
    )
    assert (accounts, entered, first, second) == (0, 0, 303, 403)
    assert (count(fresh, "staff_members"), count(fresh, "set_up_codes")) == (1, 0)
    assert len(codes_of(fresh)) == 1
    assert str(fresh.port) in fresh.log.read_text("utf-8").split("http://127.0.0.1:")[1]


def test_the_demos_people_are_not_let_into_a_real_house(tmp_path: Path) -> None:
    shown = Server(tmp_path / "shown", command="demo", words=("--no-couriers",))
    shown.start()
    shown.stop()
    for command in ("serve", "demo"):
        real = Server(shown.data, command, environment={"KITCHENASTY_PRODUCTION": "true"})
        with pytest.raises(DidNotStart, match="password that everybody knows"):
            real.start()


def test_a_known_key_stops_the_server(tmp_path: Path) -> None:
    environment = {"KITCHENASTY_SECRET_KEY": "change-me-change-me-change-me-change-me"}
    with pytest.raises(DidNotStart, match="placeholder"):
        Server(tmp_path / "known", environment=environment).start()
    assert not (tmp_path / "known" / "kitchenasty.db").exists()
