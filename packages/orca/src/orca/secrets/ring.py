"""The file with the keys: made at the first start, readable by its owner alone.

The first line is the key that seals, those below still open what was sealed before. A key is
called by the beginning of its hash, so that another cluster's file is noticed before any write.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from basis.kit.private_files import write_private

KEY_BYTES = 32
KEYS_MAX = 8
NAME_DIGITS = 16
OTHERS_BITS = 0o077


class KeyDamaged(RuntimeError):
    """The key file does not hold what was written into it, or others can read it."""


class KeyMissing(RuntimeError):
    """There are secrets, and no file with the key that opens them."""


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Keys, the one that seals first."""

    path: Path
    keys: tuple[bytes, ...]

    @property
    def current(self) -> tuple[str, bytes]:
        return name_of(self.keys[0]), self.keys[0]

    def find(self, name: str) -> bytes | None:
        return next((key for key in self.keys if name_of(key) == name), None)

    def with_new_key(self) -> KeyRing:
        """A new key in front; on the disk before anything is sealed with it. Raises KeyDamaged."""
        if len(self.keys) == KEYS_MAX:
            raise KeyDamaged(f"{self.path} holds {KEYS_MAX} keys. Finish a rotation first.")
        return kept(self.path, (secrets.token_bytes(KEY_BYTES), *self.keys))

    def with_current_alone(self) -> KeyRing:
        return kept(self.path, self.keys[:1])


def name_of(key: bytes) -> str:
    return hashlib.sha256(b"orca key name\0" + key).hexdigest()[:NAME_DIGITS]


def open_ring(path: Path, *, is_new: bool) -> KeyRing:
    """The keys of a file; made if nothing was ever sealed. Raises KeyMissing, KeyDamaged."""
    if not path.exists():
        if not is_new:
            raise KeyMissing(
                f"{path} is missing, and there are secrets that only its key opens. Bring it back "
                "from a backup. Nothing was changed."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        return kept(path, (secrets.token_bytes(KEY_BYTES),))
    if path.stat().st_mode & OTHERS_BITS:
        raise KeyDamaged(f"Others can read {path}. Take that away: chmod 600 {path}")
    return KeyRing(path, read(path))


def read(path: Path) -> tuple[bytes, ...]:
    try:
        keys = tuple(bytes.fromhex(line) for line in path.read_text(encoding="ascii").split())
    except ValueError as error:
        raise KeyDamaged(f"{path} holds no key. Bring it back from a backup.") from error
    if not 1 <= len(keys) <= KEYS_MAX or any(len(key) != KEY_BYTES for key in keys):
        raise KeyDamaged(f"{path} holds no key. Bring it back from a backup.")
    return keys


def kept(path: Path, keys: tuple[bytes, ...]) -> KeyRing:
    """A key that is half written would open nothing."""
    write_private(path, "".join(f"{key.hex()}\n" for key in keys).encode())
    return KeyRing(path, keys)
