"""Who may do what: tokens with a role, and the journal of everything that was done."""

from orca.access.journal import KEPT_MAX, Act, Journal, Outcome
from orca.access.roles import Role
from orca.access.tokens import (
    TOKENS_MAX,
    BadToken,
    Issued,
    NoSuchToken,
    Principal,
    TokenLine,
    Tokens,
    TooManyTokens,
    Unrecognised,
)

__all__ = [
    "KEPT_MAX", "TOKENS_MAX", "Act", "BadToken", "Issued", "Journal", "NoSuchToken", "Outcome",
    "Principal", "Role", "TokenLine", "Tokens", "TooManyTokens", "Unrecognised",
]  # fmt: skip
