"""Secrets that are kept as files in the data folder: made once, read by their owner only."""

from __future__ import annotations

import secrets
from pathlib import Path

from basis.kit.private_files import write_private

SEED_BYTES = 32


class KeyFileDamaged(RuntimeError):
    """A key file does not hold what was written into it."""


def own_seed(folder: Path, name: str) -> bytes:
    """The 32 secret bytes kept as `name`.key; made on the first start. Raises KeyFileDamaged."""
    path = folder / f"{name}.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # One that was half written would be lost money.
        write_private(path, secrets.token_bytes(SEED_BYTES).hex().encode())
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise KeyFileDamaged(f"{path} holds no key. Bring it back from a backup.") from error
    if len(seed) != SEED_BYTES:
        raise KeyFileDamaged(f"{path} holds no key. Bring it back from a backup.")
    return seed
