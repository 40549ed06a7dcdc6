"""Secrets at rest: AES-256-GCM under a key derived from the server's own secret.

A sealed text is bound to the name of its setting, so that nobody who can write to the database can
make one secret stand in for another.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

from basis.errors import Unavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
PURPOSE = b"kitchenasty settings v1"


class CannotUnseal(Unavailable):
    """The server's secret is not the one under which this was kept."""


def seal(secret: str, name: str, text: str) -> str:
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher_of(secret).encrypt(nonce, text.encode(), name.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(secret: str, name: str, sealed: str) -> str:
    """Raises CannotUnseal."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # see cipher_of

    raw = base64.urlsafe_b64decode(sealed)
    try:
        cipher = cipher_of(secret)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode()).decode()
    except InvalidTag as error:
        raise CannotUnseal(
            "A stored key cannot be read, because the server's secret has changed. "
            "Please enter the key again."
        ) from error


def cipher_of(secret: str) -> AESGCM:
    """The library is loaded for the first secret: it takes 10 MB, and many houses keep none."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE)
    return AESGCM(derivation.derive(secret.encode()))
