"""Certificates as files of an edge, for its proxy alone. Each has its digest in its name: a proxy
does not read a name twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from basis.kit.private_files import write_private
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
        for path, text in ((key, one.key), (certificate, one.chain)):
            if not path.exists():
                write_private(path, text.encode())
        placed.append(CertificateFiles(frozenset(one.domains), certificate, key))
    return tuple(placed)


def sweep_files(folder: Path, used: Iterable[CertificateFiles]) -> int:
    """How many went that nobody uses any more."""
    kept = {path for each in used for path in (each.certificate, each.key)}
    gone = [path for path in folder.iterdir() if path not in kept]
    for path in gone:
        path.unlink()
    return len(gone)
