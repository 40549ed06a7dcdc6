"""Messages that only one browser can read (RFC 8291), and the proof that they are ours (RFC 8292).

Push services carry what they cannot read: the browser made a key pair and a secret, and each
message is encrypted to them with a key pair of its own.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from basis.kit.secret import Secret

SALT_BYTES = 16
RECORD_BYTES = 4_096
PLAIN_BYTES_MAX = 3_000
"""Services take 4,096 bytes with all that is around them."""
LAST_RECORD = b"\x02"
PROOF_LASTS = timedelta(hours=12)
"""Services refuse a proof that lasts longer than a day."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Ours: the private part as PEM, the public part as browsers are told it."""

    private: Secret
    public: str


def make_key_pair() -> KeyPair:
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return KeyPair(Secret(pem.decode()), to_base64(point_of(key.public_key())))


def encrypt(
    plain: bytes,
    *,
    public_key: str,
    auth_secret: str,
    own: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of one message; `own` and `salt` are new for each, but for the example of the RFC.

    Raises ValueError for a key that is none.
    """
    assert len(plain) <= PLAIN_BYTES_MAX
    own, salt = own or generate_private_key(SECP256R1()), salt or os.urandom(SALT_BYTES)
    theirs = from_base64(public_key)
    reader = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs)
    sender = point_of(own.public_key())
    agreed = derive(
        own.exchange(ECDH(), reader),
        salt=from_base64(auth_secret),
        info=b"WebPush: info\0" + theirs + sender,
        length=32,
    )
    key = derive(agreed, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = derive(agreed, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(sender)]) + sender
    return head + AESGCM(key).encrypt(nonce, plain + LAST_RECORD, None)


def prove(keys: KeyPair, *, audience: str, contact: str | None, now: datetime) -> str:
    """The header Authorization for messages to one service, for half a day."""
    claims: dict[str, object] = {"aud": audience, "exp": int((now + PROOF_LASTS).timestamp())}
    if contact:
        claims["sub"] = contact
    key = ECKey.import_key(str(keys.private))
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, key)
    return f"vapid t={token}, k={keys.public}"


def derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def point_of(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_base64(raw: bytes) -> str:
    """For the web, without the padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
