"""Secrets at rest: AES-256-GCM under a key derived from the server's own secret.

A sealed text is bound to the name of its setting, so that nobody who can write to the database can
make one secret stand in for another.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from basis.errors import Unavailable

NONCE_BYTES = 12
KEY_BYTES = 32
PURPOSE = b"kitchenasty settings v1"


class CannotUnseal(Unavailable):
    """The server's secret is not the one under which this was kept."""


def seal(secret: str, name: str, text: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key_of(secret)).encrypt(nonce, text.encode(), name.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(secret: str, name: str, sealed: str) -> str:
    """Raises CannotUnseal."""
    raw = base64.urlsafe_b64decode(sealed)
    try:
        cipher = AESGCM(key_of(secret))
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode()).decode()
    except InvalidTag as error:
        raise CannotUnseal(
            "A stored key cannot be read, because the server's secret has changed. "
            "Please enter the key again."
        ) from error


def key_of(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE).derive(
        secret.encode()
    )
