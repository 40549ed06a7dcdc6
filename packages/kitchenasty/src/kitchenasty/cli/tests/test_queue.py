"""Jobs that were given up, seen and revived from the command line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kitchenasty.cli.tests.test_commands import said

GIVEN_UP = """
    INSERT INTO jobs (id, name, payload, run_at, tries, dead_at, error)
    VALUES (?, ?, '{}', '2030-05-17 16:00:00', 12, ?, ?)
"""


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    """A house with two jobs that were given up."""
    folder = tmp_path / "house"
    assert said("migrate", data=folder).exit_code == 0
    with closing(sqlite3.connect(folder / "kitchenasty.db")) as books, books:
        books.execute(GIVEN_UP, ("one", "pictures.shrink", "2030-05-17 18:00:00", "no room"))
        books.execute(GIVEN_UP, ("two", "letters.send", "2030-05-17 19:30:00", "closed\nfor lunch"))
    return folder


def waiting_in(folder: Path) -> list[str]:
    """The jobs that a worker would run, with all their tries before them."""
    wanted = "SELECT id FROM jobs WHERE dead_at IS NULL AND tries = 0 AND claimed_until IS NULL"
    with closing(sqlite3.connect(folder / "kitchenasty.db")) as books:
        return sorted(row[0] for row in books.execute(wanted))


def test_what_was_given_up_is_listed_with_what_it_said_last(stuck: Path) -> None:
    assert said("jobs", "list", data=stuck).output.splitlines() == [
        "two  letters.send  2030-05-17 19:30 UTC  closed for lunch",
        "one  pictures.shrink  2030-05-17 18:00 UTC  no room",
    ]


def test_a_job_that_was_given_up_runs_again(stuck: Path) -> None:
    assert said("jobs", "retry", "one", data=stuck).output == "one  pictures.shrink  runs again\n"
    assert waiting_in(stuck) == ["one"]
    assert said("jobs", "list", data=stuck).output.startswith("two")


def test_all_that_was_given_up_runs_again(stuck: Path) -> None:
    assert said("jobs", "retry", "--all", data=stuck).exit_code == 0
    assert waiting_in(stuck) == ["one", "two"]
    assert said("jobs", "list", data=stuck).output == "No jobs were given up.\n"
    assert said("jobs", "retry", "--all", data=stuck).output == "No jobs were given up.\n"


def test_with_one_wrong_id_none_runs_again(stuck: Path) -> None:
    refused = said("jobs", "retry", "one", "three", data=stuck)
    assert refused.exit_code == 1
    assert "No job three was given up" in refused.output
    assert waiting_in(stuck) == []


@pytest.mark.parametrize("words", [(), ("one", "--all")])
def test_which_jobs_are_meant_has_to_be_said(stuck: Path, words: tuple[str, ...]) -> None:
    refused = said("jobs", "retry", *words, data=stuck)
    assert refused.exit_code == 2
    assert waiting_in(stuck) == []
