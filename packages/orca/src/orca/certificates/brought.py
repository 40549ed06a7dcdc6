"""Certificates that people bring: `<name>.crt` with `<name>.key`, in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from basis.kit.secret import Secret
from orca.certificates.material import BadCertificate, Material

OWN = "own:"
"""No domain has a colon, so none is called as a certificate that was brought."""
FILE_BYTES_MAX = 65_536
NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class Brought:
    """A pair of files. Without material it cannot be read, and `trouble` says why."""

    name: str
    material: Material | None
    trouble: str = ""


def read_brought(folder: Path) -> list[Brought]:
    """Half of a pair is not there yet. One that cannot be read holds up no other."""
    return [*pairs_in(folder)]


def pairs_in(folder: Path) -> Iterator[Brought]:
    for certificate in sorted(folder.glob("*.crt")):
        key = certificate.with_suffix(".key")
        name = named(certificate.stem)
        try:
            if not (certificate.is_file() and key.is_file()):
                continue
            yield Brought(name, Material(read(certificate), Secret(read(key))))
        except OSError as error:
            yield Brought(name, None, f"{error.filename or key} cannot be read: {error.strerror}.")
        except BadCertificate as error:
            yield Brought(name, None, str(error))


def named(stem: str) -> str:
    """As the store takes it for a key, whatever somebody calls a file."""
    return OWN + (stem if stem.isprintable() else ascii(stem))[:NAME_MAX]


def read(path: Path) -> str:
    """Raises OSError, BadCertificate."""
    with path.open("rb") as file:
        found = file.read(FILE_BYTES_MAX + 1)
    if len(found) > FILE_BYTES_MAX:
        raise BadCertificate(f"{path} is larger than {FILE_BYTES_MAX:,} bytes: no certificate is.")
    return found.decode(errors="replace")
