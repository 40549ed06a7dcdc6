"""Keys and orders on the disk: whole, and for their owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from basis.kit.private_files import write_private


def test_nobody_else_can_read_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_private(path, b"old")
    (tmp_path / "key.new").mkdir()
    with pytest.raises(OSError, match=r"key\.new"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_link_that_somebody_laid_in_the_way_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"theirs")
    (tmp_path / "key.new").symlink_to(elsewhere)
    write_private(tmp_path / "key", b"new")
    assert elsewhere.read_bytes() == b"theirs"
