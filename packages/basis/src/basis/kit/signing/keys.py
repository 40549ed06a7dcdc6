"""Ed25519 keys (RFC 8032), written in base58 as wallets of this field write theirs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from basis.errors import Invalid
from basis.kit.signing import base58

KEY_BYTES = 32
SIGNATURE_BYTES = 64


class KeyUnreadable(Invalid):
    """A text that is no public key."""


def read_key(text: str) -> bytes:
    """The 32 bytes of a public key. Raises KeyUnreadable."""
    try:
        raw = base58.decode(text)
    except base58.NotBase58 as error:
        raise KeyUnreadable(f"This is no key: {error}.") from error
    if len(raw) != KEY_BYTES:
        raise KeyUnreadable("A key has 32 bytes, written in base58.")
    return raw


def read_signature(text: str) -> bytes:
    """The 64 bytes of a signature. Raises KeyUnreadable."""
    try:
        raw = base58.decode(text)
    except base58.NotBase58 as error:
        raise KeyUnreadable(f"This is no signature: {error}.") from error
    if len(raw) != SIGNATURE_BYTES:
        raise KeyUnreadable("A signature has 64 bytes, written in base58.")
    return raw


def write_key(raw: bytes) -> str:
    """A public key as people and programs read it."""
    return base58.encode(raw)


def write_signature(raw: bytes) -> str:
    return base58.encode(raw)


def is_key(text: str) -> bool:
    try:
        read_key(text)
    except KeyUnreadable:
        return False
    return True


def is_signed_by(key: str, message: bytes, signature: str) -> bool:
    """Whether whoever holds the key signed exactly these bytes. Raises KeyUnreadable."""
    try:
        raw = base58.decode(signature)
    except base58.NotBase58:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(read_key(key)).verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair, made from 32 secret bytes. Its repr shows the public half only."""

    _private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"SigningKey({self.public})"

    @classmethod
    def new(cls) -> SigningKey:
        return cls.of_seed(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def of_seed(cls, seed: bytes) -> SigningKey:
        """Raises ValueError unless there are 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def seed(self) -> bytes:
        """The secret itself: whoever has it is this key."""
        return self._private.private_bytes_raw()

    @property
    def public(self) -> str:
        key = self._private.public_key()
        return base58.encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes) -> str:
        """The signature in base58."""
        return base58.encode(self.sign_raw(message))

    def sign_raw(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self._private.sign(message)
