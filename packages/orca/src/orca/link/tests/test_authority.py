"""The authority of a cluster stays as long as it is there: by another all nodes are strangers."""

from __future__ import annotations

from pathlib import Path

import pytest

from orca.link import Authority


@pytest.mark.parametrize("lost", [["control.pem"], ["control.key"], ["control.key", "control.pem"]])
def test_a_restore_without_the_pair_of_the_control_plane_keeps_the_authority(
    lost: list[str], tmp_path: Path
) -> None:
    before = Authority(tmp_path)
    for name in lost:
        (tmp_path / name).unlink()
    after = Authority(tmp_path)
    assert after.fingerprint == before.fingerprint
    after.listening()  # raises if the key and the certificate do not belong together


def test_a_certificate_of_another_key_is_made_anew(tmp_path: Path) -> None:
    """As after a crash between the two files."""
    other = Authority(folder_in(tmp_path, "other"))
    here = folder_in(tmp_path, "here")
    before = Authority(here)
    before.control.key.write_bytes(other.control.key.read_bytes())
    after = Authority(here)
    assert after.fingerprint == before.fingerprint
    after.listening()  # raises if the key and the certificate do not belong together


def folder_in(base: Path, name: str) -> Path:
    made = base / name
    made.mkdir()
    return made
