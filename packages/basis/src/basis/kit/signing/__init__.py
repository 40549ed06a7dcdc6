"""Who signs what: Ed25519 keys, canonical bytes, and statements that mean one thing, for a while.

Whoever takes statements also sees to it that each counts once; that needs books
(`swarmhaul.identity` keeps the nonces that were spent).
"""

from basis.kit.signing.keys import (
    KeyUnreadable,
    SigningKey,
    is_key,
    is_signed_by,
    read_key,
    read_signature,
    write_key,
    write_signature,
)
from basis.kit.signing.statements import (
    CLOCK_SKEW_SECONDS,
    Expired,
    LivesTooLong,
    NotCanonical,
    NotYet,
    SignatureWrong,
    Signed,
    Statement,
    StatementUnfit,
    Unsigned,
    WrongMarket,
    WrongPurpose,
    digest_of,
    open_statement,
    sign_statement,
    to_canonical,
)

__all__ = [
    "CLOCK_SKEW_SECONDS", "Expired", "KeyUnreadable", "LivesTooLong", "NotCanonical", "NotYet",
    "SignatureWrong", "Signed", "SigningKey", "Statement", "StatementUnfit", "Unsigned",
    "WrongMarket", "WrongPurpose", "digest_of", "is_key", "is_signed_by", "open_statement",
    "read_key", "read_signature", "sign_statement", "to_canonical", "write_key", "write_signature",
]  # fmt: skip
