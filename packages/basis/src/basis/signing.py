"""Secrets made from one secret, so that they need not be kept anywhere."""

from __future__ import annotations

import base64
import hashlib
import hmac

DERIVED_BYTES = 20


def derive(secret: str, *, purpose: str, subject: str) -> str:
    """160 bits that only a holder of `secret` can make, url-safe; the same ones every time.

    HMAC-SHA256 (RFC 2104) over purpose and subject, cut to its first bytes (section 5 there). What
    is made for one purpose says nothing about another.
    """
    # With its length before it, no purpose can borrow letters from the subject.
    told = f"{len(purpose)}:{purpose}:{subject}".encode()
    digest = hmac.digest(secret.encode(), told, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:DERIVED_BYTES]).rstrip(b"=").decode()
