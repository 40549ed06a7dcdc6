"""What the API's doors to keys read and write."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.kit.http.wire import Form, Stamp, WireStruct, stamp, stamp_or_none
from kitchenasty.api_keys.people import DAYS_MAX, NAME_LENGTH_MAX, ApiKey, KeyDraft
from kitchenasty.kit.principals import Scope

HouseId = Annotated[str, msgspec.Meta(max_length=36)]


class KeyForm(Form):
    """Without `house_ids` the key acts in every house, without `expires_in_days` for ever."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=len(Scope))]
    house_ids: Annotated[list[HouseId], msgspec.Meta(min_length=1, max_length=50)] | None = None
    expires_in_days: Annotated[int, msgspec.Meta(ge=1, le=DAYS_MAX)] | None = None

    def to_draft(self) -> KeyDraft:
        return KeyDraft(
            name=self.name,
            scopes=frozenset(self.scopes),
            house_ids=None if self.house_ids is None else tuple(dict.fromkeys(self.house_ids)),
            days=self.expires_in_days,
        )


class KeyView(WireStruct, kw_only=True):
    """A key; `shown` is how it begins, the rest is known to its holder alone."""

    id: str
    name: str
    shown: str
    scopes: list[Scope]
    house_ids: list[str] | None
    created_by: str
    created_at: Stamp
    expires_at: Stamp | None
    last_used_at: Stamp | None
    revoked_at: Stamp | None

    @classmethod
    def of(cls, key: ApiKey) -> KeyView:
        return cls(
            id=key.id,
            name=key.name,
            shown=key.shown,
            scopes=sorted(key.scopes),
            house_ids=None if key.house_ids is None else list(key.house_ids),
            created_by=key.created_by,
            created_at=stamp(key.created_at),
            expires_at=stamp_or_none(key.expires_at),
            last_used_at=stamp_or_none(key.last_used_at),
            revoked_at=stamp_or_none(key.revoked_at),
        )


class MadeKey(WireStruct, kw_only=True):
    """`secret` is the key itself, in this answer and never again."""

    secret: str
    key: KeyView
