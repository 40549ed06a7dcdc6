"""Statements on keys, and what they give."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.api_keys.models import ApiKeyRow
from kitchenasty.api_keys.people import ApiKey
from kitchenasty.kit.principals import Scope

NAMES = (
    "id",
    "name",
    "shown",
    "scopes",
    "house_ids",
    "created_by",
    "created_at",
    "expires_at",
    "last_used_at",
    "revoked_at",
    "revoked_by",
)
KNOWN = select(*(getattr(ApiKeyRow, name) for name in NAMES))
IS_LIVE = (
    ApiKeyRow.revoked_at.is_(None),
    or_(
        ApiKeyRow.expires_at.is_(None),
        ApiKeyRow.expires_at > bindparam("now", required=True),
    ),
)
OF_ID = (
    ApiKeyRow.id == bindparam("key_id", required=True),
    ApiKeyRow.revoked_at.is_(None),
)

ADD = insert_unless_there(ApiKeyRow)
BY_HASH = Statement(
    KNOWN.where(ApiKeyRow.token_hash == bindparam("token_hash", required=True), *IS_LIVE)
)
UNREVOKED = Statement(KNOWN.where(*OF_ID))
NEWEST = Statement(
    KNOWN.order_by(ApiKeyRow.revoked_at.is_not(None), ApiKeyRow.id.desc()).limit(
        bindparam("limit", required=True)
    )
)
COUNT_LIVE = Statement(select(func.count()).select_from(ApiKeyRow).where(*IS_LIVE))
TOUCH = Statement(
    update(ApiKeyRow)
    .where(ApiKeyRow.id == bindparam("key_id", required=True))
    .values(last_used_at=bindparam("now", required=True))
)
REVOKE = Statement(
    update(ApiKeyRow)
    .where(*OF_ID)
    .values(revoked_at=bindparam("now", required=True), revoked_by=bindparam("who", required=True))
)


def key_of(row: tuple[Any, ...]) -> ApiKey:
    """A key from the columns of `KNOWN`. A scope that this version does not know opens nothing."""
    found = dict(zip(NAMES, row, strict=True))
    houses = found["house_ids"]
    known = {scope.value for scope in Scope}
    return ApiKey(
        **{
            **found,
            "scopes": frozenset(Scope(one) for one in found["scopes"] if one in known),
            "house_ids": None if houses is None else tuple(houses),
        }
    )
