"""Certificates as files of an edge, for its proxy alone. Each has its digest in its name: a proxy
does not read a name twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from orca.edge.orders import Served
from orca.edge.sites import CertificateFiles

DIGEST_DIGITS = 16


def place_files(folder: Path, certificates: Iterable[Served]) -> tuple[CertificateFiles, ...]:
    """Written where missing. What the proxy was told before stays: `sweep_files` takes it away once
    it obeys the new wish.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    placed = []
    for one in certificates:
        certificate = folder / f"{one.digest[:DIGEST_DIGITS]}.crt"
        key = certificate.with_suffix(".key")
        write_private(key, one.key)
        write_private(certificate, one.chain)
        placed.append(CertificateFiles(frozenset(one.domains), certificate, key))
    return tuple(placed)


def sweep_files(folder: Path, used: Iterable[CertificateFiles]) -> int:
    """How many went that nobody uses any more."""
    kept = {path for each in used for path in (each.certificate, each.key)}
    gone = [path for path in folder.iterdir() if path not in kept]
    for path in gone:
        path.unlink()
    return len(gone)


def write_private(path: Path, text: str) -> None:
    if path.exists():
        return
    half = path.with_name(f"{path.name}.new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.rename(path)
