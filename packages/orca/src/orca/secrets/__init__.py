"""Secrets: sealed in the store, by scope and version, and opened at the last moment only."""

from orca.secrets.ring import KeyDamaged, KeyMissing, KeyRing, open_ring
from orca.secrets.scopes import (
    CLUSTER,
    SYSTEM,
    BadName,
    Scope,
    scope_of,
)
from orca.secrets.sealing import Tampered
from orca.secrets.vault import (
    BadValue,
    Filled,
    NoSuchSecret,
    SecretLine,
    Vault,
    WrongKey,
    open_vault,
)

__all__ = [
    "CLUSTER", "SYSTEM", "BadName", "BadValue", "Filled", "KeyDamaged", "KeyMissing", "KeyRing",
    "NoSuchSecret", "Scope", "SecretLine", "Tampered", "Vault", "WrongKey", "open_ring",
    "open_vault", "scope_of",
]  # fmt: skip
