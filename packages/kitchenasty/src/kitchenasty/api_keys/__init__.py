"""Keys of programs: what each may do, in which houses, until when. Others use only these names."""

from kitchenasty.api_keys.people import (
    DAYS_MAX,
    KEYS_MAX,
    NAME_LENGTH_MAX,
    SCOPE_WORDS,
    ApiKey,
    KeyDraft,
    KeyNotFound,
    KeyRefused,
    KeysForOwnersOfAll,
    NewKey,
)
from kitchenasty.api_keys.service import (
    EXPIRED,
    create_key,
    find_principal,
    list_keys,
    note_use,
    revoke_key,
)

__all__ = [
    "DAYS_MAX",
    "EXPIRED",
    "KEYS_MAX",
    "NAME_LENGTH_MAX",
    "SCOPE_WORDS",
    "ApiKey",
    "KeyDraft",
    "KeyNotFound",
    "KeyRefused",
    "KeysForOwnersOfAll",
    "NewKey",
    "create_key",
    "find_principal",
    "list_keys",
    "note_use",
    "revoke_key",
]
