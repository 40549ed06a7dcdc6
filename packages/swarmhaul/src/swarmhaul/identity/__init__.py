"""Who signs what: keys, canonical bytes, and statements that mean one thing, once, for a while."""

from swarmhaul.identity.keys import KeyUnreadable, SigningKey, is_key, read_key
from swarmhaul.identity.statements import (
    Expired,
    LivesTooLong,
    NotCanonical,
    NotYet,
    SignatureWrong,
    Signed,
    StatementUnfit,
    Unsigned,
    WrongMarket,
    WrongPurpose,
    open_statement,
    sign_statement,
)

__all__ = [
    "Expired",
    "KeyUnreadable",
    "LivesTooLong",
    "NotCanonical",
    "NotYet",
    "SignatureWrong",
    "Signed",
    "SigningKey",
    "StatementUnfit",
    "Unsigned",
    "WrongMarket",
    "WrongPurpose",
    "is_key",
    "open_statement",
    "read_key",
    "sign_statement",
]
