"""The settings of the office at a terminal."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kitchenasty.cli import main
from kitchenasty.dashboard import CHAPTERS

PASSWORD = "seven green kettles"
MAIL = (
    "mail.smtpHost=smtp.example",
    "mail.smtpUser=u",
    "mail.smtpPass",
    "mail.senderEmail=o@b.example",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "house"


def said(*words: str, data: Path, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["settings", *words, "--data", str(data)], input=typed)


def trail_of(folder: Path) -> list[tuple[str, str, dict[str, str]]]:
    asked = "SELECT actor_name, entity_id, after FROM audit_rows ORDER BY id"
    with closing(sqlite3.connect(folder / "kitchenasty.db")) as books:
        return [
            (str(name), str(entity), json.loads(after))
            for name, entity, after in books.execute(asked)
        ]


def test_every_setting_is_listed_with_where_it_comes_from(folder: Path) -> None:
    lines = said("list", data=folder).output.splitlines()
    keys = [one.group.key(field) for one in CHAPTERS for field in one.group.fields]
    assert [line.partition(" = ")[0] for line in lines] == keys
    assert "order.enabled = on  [default]" in lines


def test_what_is_set_counts_and_stands_in_the_trail(folder: Path) -> None:
    kept = said("set", "order.taxRate=7,5", "general.timezone=Asia/Tokyo", data=folder)
    assert kept.output.splitlines() == [
        "order.taxRate = 7.5  [saved]",
        "general.timezone = Asia/Tokyo  [saved]",
    ]
    assert said("get", "order.taxRate", data=folder).output == "7.5\n"
    assert trail_of(folder) == [
        ("Command line", "order", {"taxRate": "7.5"}),
        ("Command line", "general", {"timezone": "Asia/Tokyo"}),
    ]
    again = said("set", "--default", "order.taxRate", data=folder)
    assert again.output == "order.taxRate = 0  [default]\n"


def test_a_secret_is_read_from_standard_input_and_never_shown(folder: Path) -> None:
    kept = said("set", *MAIL, data=folder, typed=f"{PASSWORD}\n")
    assert kept.exit_code == 0, kept.output
    assert "mail.smtpPass = (set)  [saved]" in kept.output
    told = kept.output + said("list", data=folder).output
    told += said("get", "mail.smtpPass", data=folder).output
    books = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert PASSWORD not in told
    assert PASSWORD[-4:] not in told
    assert PASSWORD.encode() not in books


def test_a_secret_among_the_arguments_is_refused_without_being_repeated(folder: Path) -> None:
    refused = said("set", f"mail.smtpPass={PASSWORD}", data=folder)
    assert refused.exit_code == 2
    assert PASSWORD not in refused.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "order.taxRate=777", "order.enabled=off"), "From 0 to 100"),
        (("set", "order.nothing=1"), "There is no setting order.nothing"),
        (("set", "--default", "nothing.at-all"), "There is no setting nothing.at-all"),
        (("get", "order.nothing"), "There is no setting order.nothing"),
        (("set", "order.enabled=off", "staff.secondFactor=no one"), "Who needs a second factor"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_saves_nothing(
    folder: Path, words: tuple[str, ...], told: str
) -> None:
    refused = said(*words, data=folder)
    assert refused.exit_code == 1
    assert told in refused.output
    assert "Traceback" not in refused.output
    assert said("get", "order.enabled", data=folder).output == "on\n"


def test_a_stored_password_is_not_sent_to_another_server_from_here_either(folder: Path) -> None:
    assert said("set", *MAIL, data=folder, typed=f"{PASSWORD}\n").exit_code == 0
    refused = said("set", "mail.smtpHost=thief.example", data=folder)
    assert refused.exit_code == 1
    assert "type it again" in refused.output
