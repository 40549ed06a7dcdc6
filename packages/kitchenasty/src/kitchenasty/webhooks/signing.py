"""Signatures by Standard Webhooks: the receiver can check them with a library in any language."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def make_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers_of(message_id: str, at: datetime, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """What a receiver needs to know that it was us: a signature for each secret that counts."""
    seconds = int(at.timestamp())
    return {
        "content-type": "application/json",
        "user-agent": "KitchenAsty-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(sign(message_id, seconds, body, key) for key in keys),
    }


def sign(message_id: str, seconds: int, body: bytes, key: str) -> str:
    """`v1,` and the HMAC-SHA256 of id, time and body, joined by dots."""
    signed = f"{message_id}.{seconds}.".encode() + body
    raw = base64.b64decode(key.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
