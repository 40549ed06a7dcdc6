"""The command line as a person at a terminal meets it."""

import socket
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kitchenasty.cli import main

OWNER = ["create-admin", "ada@house.example", "--name", "Ada", "--password", "brass kettle 9"]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A data folder with an owner in it."""
    folder = tmp_path / "house"
    assert said(*OWNER, data=folder).exit_code == 0
    return folder


def said(*words: str, data: Path) -> Result:
    return CliRunner().invoke(main, [*words, "--data", str(data)])


def owners_of(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "kitchenasty.db")) as books:
        return [row[0] for row in books.execute("SELECT email FROM staff_members ORDER BY email")]


def test_migrating_twice_does_it_once(tmp_path: Path) -> None:
    assert "brought up to date" in said("migrate", data=tmp_path).output
    assert "are up to date" in said("migrate", data=tmp_path).output


def test_books_of_a_newer_version_are_left_alone(house: Path) -> None:
    with closing(sqlite3.connect(house / "kitchenasty.db")) as books:
        books.execute("UPDATE alembic_version SET version_num = '9999'")
        books.commit()
    refused = said("migrate", data=house)
    assert refused.exit_code == 1
    assert "newer version of KitchenAsty (schema 9999)" in refused.output


def test_a_guessable_password_is_refused_with_a_sentence(tmp_path: Path) -> None:
    refused = said(*OWNER[:-1], "password1", data=tmp_path)
    assert refused.exit_code == 1
    assert "among the first that strangers try" in refused.output


def test_the_second_owner_with_one_address_is_refused(house: Path) -> None:
    refused = said(*OWNER, data=house)
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        refused = said(command, "--port", str(port), data=tmp_path)
    assert refused.exit_code == 1
    assert f"Port {port}: Address already in use" in refused.output
    assert "Traceback" not in refused.output
    assert not (tmp_path / "kitchenasty.db").exists()


def test_an_unknown_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITCHENASTY_DATABASE_ULR", "sqlite:///elsewhere.db")
    refused = said("migrate", data=tmp_path)
    assert refused.exit_code == 1
    assert "KITCHENASTY_DATABASE_ULR" in refused.output


def test_the_doctor_finds_a_sound_house_well(house: Path) -> None:
    examined = said("doctor", data=house)
    assert examined.exit_code == 0, examined.output
    assert "BAD" not in examined.output


def test_the_doctor_says_that_tables_are_missing(tmp_path: Path) -> None:
    examined = said("doctor", data=tmp_path)
    assert examined.exit_code == 1
    assert "BAD  tables" in examined.output
    assert "run `migrate`" in examined.output


def test_the_doctor_sees_a_key_that_others_can_read(house: Path) -> None:
    (house / "secret.key").chmod(0o644)
    examined = said("doctor", data=house)
    assert examined.exit_code == 1
    assert "chmod 600" in examined.output


def test_the_doctor_sees_a_damaged_file(house: Path) -> None:
    path = house / "kitchenasty.db"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8192] = b"\xff" * 8192
    path.write_bytes(content)
    examined = said("doctor", data=house)
    assert examined.exit_code == 1
    assert "BAD" in examined.output


def test_the_doctor_sees_work_that_was_given_up(house: Path) -> None:
    with closing(sqlite3.connect(house / "kitchenasty.db")) as books:
        books.execute(
            "INSERT INTO outbox_failures (event_id, subscription, tries, error) "
            "VALUES ('1', 'kitchen.screens', 10, 'no')"
        )
        books.execute(
            "INSERT INTO jobs (id, name, payload, run_at, tries, dead_at) "
            "VALUES ('1', 'mail', '{}', '2030-05-17', 12, '2030-05-17')"
        )
        books.commit()
    examined = said("doctor", data=house)
    assert examined.exit_code == 1
    assert "BAD  deliveries: 1 failed" in examined.output
    assert "BAD  jobs: 1 were given up" in examined.output


def test_a_backup_brings_the_whole_house_back(house: Path, tmp_path: Path) -> None:
    (house / "pictures").mkdir()
    (house / "pictures" / "soup.webp").write_bytes(b"soup")
    file, other = tmp_path / "friday.tar.gz", tmp_path / "other"
    assert said("backup", str(file), data=house).exit_code == 0
    restored = said("restore", str(file), data=other)
    assert restored.exit_code == 0, restored.output
    assert owners_of(other) == owners_of(house) == ["ada@house.example"]
    assert (other / "pictures" / "soup.webp").read_bytes() == b"soup"
    assert (other / "secret.key").read_text() == (house / "secret.key").read_text()
    assert said("doctor", data=other).exit_code == 0


def test_a_backup_can_be_read_by_its_owner_only(house: Path, tmp_path: Path) -> None:
    file = tmp_path / "friday.tar.gz"
    said("backup", str(file), data=house)
    assert file.stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing(house: Path, tmp_path: Path) -> None:
    file = tmp_path / "friday.tar.gz"
    file.write_bytes(b"the only copy")
    assert said("backup", str(file), data=house).exit_code == 1
    assert file.read_bytes() == b"the only copy"


def test_a_house_is_not_restored_over_another(house: Path, tmp_path: Path) -> None:
    file = tmp_path / "friday.tar.gz"
    said("backup", str(file), data=house)
    refused = said("restore", str(file), data=house)
    assert refused.exit_code == 1
    assert "not empty" in refused.output


def test_half_a_backup_is_refused(house: Path, tmp_path: Path) -> None:
    file = tmp_path / "friday.tar.gz"
    said("backup", str(file), data=house)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    refused = said("restore", str(file), data=tmp_path / "other")
    assert refused.exit_code == 1
    assert "not a whole backup" in refused.output


def test_a_backup_holds_no_path_out_of_the_folder(tmp_path: Path) -> None:
    file, bait = tmp_path / "evil.tar.gz", tmp_path / "bait"
    bait.write_text("outside")
    with tarfile.open(file, "w:gz") as archive:
        archive.add(bait, "../../outside")
    refused = said("restore", str(file), data=tmp_path / "other")
    assert refused.exit_code == 1
    assert not (tmp_path.parent / "outside").exists()
