"""Each thing that can be wrong with a house is said in words, with what to do."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY
from kitchenasty import notices
from kitchenasty.cli import main
from kitchenasty.cli.doctor import look_at_clock
from kitchenasty.kit.books import Books, open_books

PRODUCTION = {"KITCHENASTY_PRODUCTION": "yes"}
PUBLIC_URL = "KITCHENASTY_PUBLIC_URL"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    CliRunner().invoke(main, ["migrate", "--data", str(folder)], catch_exceptions=False)
    return folder


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def examine(house: Path, *more: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """The exit code and what was said."""
    words = ["doctor", "--data", str(house), *more]
    examined = CliRunner().invoke(main, words, env=environment)
    assert "Traceback" not in examined.output
    return examined.exit_code, examined.output


def test_a_folder_that_anybody_may_change_is_bad(house: Path) -> None:
    house.chmod(0o777)
    code, said = examine(house)
    assert code == 1
    assert f"chmod o-w {house}" in said


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (PRODUCTION, "Set KITCHENASTY_PUBLIC_URL"),
        (PRODUCTION | {PUBLIC_URL: "http://order.example"}, "is not https"),
        (PRODUCTION | {PUBLIC_URL: "https://localhost:8000"}, "from this machine only"),
        ({PUBLIC_URL: "order.example"}, "not scheme and host alone"),
        ({PUBLIC_URL: "https://order.example/shop"}, "not scheme and host alone"),
    ],
)
def test_an_address_that_guests_cannot_use_is_bad(
    house: Path, environment: dict[str, str], words: str
) -> None:
    code, said = examine(house, environment=environment)
    assert code == 1
    assert "BAD  public address" in said
    assert words in said


def test_a_house_in_production_with_its_address_is_well(house: Path) -> None:
    environment = PRODUCTION | {PUBLIC_URL: "https://order.example"}
    assert examine(house, environment=environment)[0] == 0


def test_a_port_that_another_program_has_is_bad(house: Path, taken_port: int) -> None:
    code, said = examine(house, "--port", str(taken_port))
    assert code == 1
    assert f"BAD  port {taken_port}" in said


def test_a_free_port_is_well(house: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    code, said = examine(house, "--port", str(port))
    assert code == 0, said
    assert f"port {port}: free" in said


@pytest.mark.parametrize("key", ["change-me-change-me-change-me-change-me", "short"])
def test_a_key_that_can_be_guessed_is_refused_with_a_sentence(house: Path, key: str) -> None:
    code, said = examine(house, environment={"KITCHENASTY_SECRET_KEY": key})
    assert code == 1
    assert "KITCHENASTY_SECRET_KEY" in said


def test_a_database_that_does_not_answer_is_bad(house: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for url in (f"postgresql://house@127.0.0.1:{port}/house", f"sqlite:///{house}"):
        code, said = examine(house, environment={"KITCHENASTY_DATABASE_URL": url})
        assert code == 1
        assert "BAD  database: cannot be used" in said


def test_events_that_nobody_delivers_are_bad(house: Path) -> None:
    with closing(sqlite3.connect(house / "kitchenasty.db")) as books:
        books.execute(
            "INSERT INTO outbox (id, topic, payload, emitted_at, actor) "
            "VALUES ('1', 'order.placed', '{}', '2020-05-17 12:00:00.000000+00:00', 'SYSTEM')"
        )
        books.commit()
    code, said = examine(house)
    assert code == 1
    assert "BAD  events: 1 wait" in said
    assert "is `serve` or `work` running?" in said


def test_jobs_that_were_given_up_are_named_with_what_they_said(house: Path) -> None:
    with closing(sqlite3.connect(house / "kitchenasty.db")) as books:
        books.execute(
            "INSERT INTO jobs (id, name, payload, run_at, tries, dead_at, error) VALUES ('1', "
            "'menu.print', '{}', '2030-05-17 12:00:00+00:00', 12, '2030-05-17 13:00:00+00:00', "
            "'the printer is off')"
        )
        books.commit()
    code, said = examine(house)
    assert code == 1
    assert "BAD  jobs: 1 were given up" in said
    assert "menu.print after 12 tries, the printer is off" in said


async def test_a_clock_that_differs_from_the_databases_is_bad(
    books: Books, database_url: str
) -> None:
    minute = timedelta(minutes=1)
    async with books.reading() as look:
        found = [
            await look_at_clock(look, database_url, clock)
            for clock in (
                system_clock,
                lambda: system_clock() + minute,
                lambda: system_clock() - minute,
            )
        ]
    well = [[finding.is_well for finding in findings] for findings in found]
    assert well == ([[]] * 3 if database_url.startswith("sqlite") else [[True], [False], [False]])


async def ask_for_letter(house: Path) -> None:
    database = open_database(f"sqlite:///{house}/kitchenasty.db")
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY).writing() as uow:
        await notices.send_notice(
            uow, "note", recipient="a@b.example", facts={}, useful_for=timedelta(days=1)
        )
    await database.stop()


def test_letters_that_nobody_sends_are_bad(house: Path) -> None:
    code, said = examine(house)
    assert (code, "no mail server is set, so no letter is sent" in said) == (0, True)
    asyncio.run(ask_for_letter(house))
    code, said = examine(house)
    assert code == 1
    assert "1 are kept. Save one in the office." in said


def test_a_mail_server_that_does_not_answer_is_bad(house: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    mail = {
        PUBLIC_URL: "https://order.example",
        "KITCHENASTY_SMTP_HOST": "127.0.0.1",
        "KITCHENASTY_SMTP_PORT": str(port),
        "KITCHENASTY_SMTP_TLS": "none",
        "KITCHENASTY_SMTP_FROM": "hello@order.example",
    }
    code, said = examine(house, environment=mail)
    assert code == 1
    assert f"127.0.0.1:{port} does not take mail" in said


KEYS = {
    "KITCHENASTY_STRIPE_SECRET_KEY": "sk_test_right0000000",
    "KITCHENASTY_STRIPE_WEBHOOK_SECRET": "whsec_right0000000",
}


def test_a_provider_that_cannot_tell_us_anything_is_bad(house: Path) -> None:
    code, said = examine(house, environment={**KEYS, "KITCHENASTY_STRIPE_WEBHOOK_SECRET": ""})
    assert code == 1
    assert "BAD  stripe: cannot tell us anything: its webhook is not set up" in said


def test_messages_that_contradict_the_books_are_bad(house: Path) -> None:
    assert "stripe: has told nothing" in examine(house, environment=KEYS)[1]
    assert "stripe" not in examine(house)[1]
    with closing(sqlite3.connect(house / "kitchenasty.db")) as books:
        books.execute(
            "INSERT INTO provider_messages (id, method, message_id, told, outcome, received_at) "
            "VALUES ('1', 'STRIPE', 'evt_1', '{}', 'REFUSED', '2020-05-17 12:00:00.000000+00:00')"
        )
        books.commit()
    code, said = examine(house, environment=KEYS)
    assert code == 1
    assert "stripe: last told us something 17 May 12:00 UTC" in said
    assert "BAD  payments: 1 messages contradict our books" in said
