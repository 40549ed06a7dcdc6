"""AES-256-GCM around a value, bound to the place where it lies.

What a seal is bound to is authenticated and not stored: a ciphertext that somebody moves to another
name, scope or version does not open there.
"""

from __future__ import annotations

import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from basis.errors import DomainError
from orca.secrets.ring import KeyRing

NONCE_BYTES = 12
PURPOSE = "orca secret v1"


class Tampered(DomainError):
    """A sealed value is not what was sealed in this place."""


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A value as the store keeps it. `key` names the key that opens it."""

    key: str
    nonce: bytes
    ciphertext: bytes


def seal(ring: KeyRing, value: bytes, *, place: str, version: int) -> Sealed:
    name, key = ring.current
    nonce = os.urandom(NONCE_BYTES)
    bound = bound_to(name, place, version)
    return Sealed(key=name, nonce=nonce, ciphertext=AESGCM(key).encrypt(nonce, value, bound))


def unseal(ring: KeyRing, sealed: Sealed, *, place: str, version: int) -> bytes:
    """Raises Tampered."""
    key = ring.find(sealed.key)
    if key is None:
        raise Tampered(
            f"{place} is sealed with the key {sealed.key}, which is not in the key file."
        )
    try:
        bound = bound_to(sealed.key, place, version)
        return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, bound)
    except (InvalidTag, ValueError) as error:  # the latter for a nonce of another length
        raise Tampered(
            f"{place} was changed in the store by somebody else. Set it again, and find out who."
        ) from error


def bound_to(key: str, place: str, version: int) -> bytes:
    # As a list, so that no two places are spelled alike.
    return msgspec.json.encode([PURPOSE, key, place, version])
