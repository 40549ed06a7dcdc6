"""Statements about phones that are told, and what they give."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select

from basis.kit.data.statements import Row, Statement, insert_unless_there, one_of
from kitchenasty.kit.identity.sessions import SessionRow
from kitchenasty.push.models import FollowerRow, PushKeyRow
from kitchenasty.push.states import Way

ABOUT = and_(
    FollowerRow.about == bindparam("of_about", required=True),
    FollowerRow.about_id == bindparam("of_id", required=True),
)
OF_ENDPOINT = FollowerRow.endpoint == bindparam("of_endpoint", required=True)
# A session that has outlived itself is swept away by a daily job; until then it opens nothing.
IS_LET_IN = or_(
    FollowerRow.session_id.is_(None),
    exists().where(
        SessionRow.id == FollowerRow.session_id,
        SessionRow.expires_at > bindparam("now", required=True),
    ),
)
NAMES = ("id", "way", "endpoint", "public_key", "auth_secret", "locale")
KNOWN = select(*(getattr(FollowerRow, name) for name in NAMES))

ADD = insert_unless_there(FollowerRow)
COUNT = Statement(select(func.count()).select_from(FollowerRow).where(ABOUT))
FOLLOWS = Statement(select(FollowerRow.id).where(ABOUT, OF_ENDPOINT))
WHO_FOLLOWS = Statement(
    select(FollowerRow.id, FollowerRow.way).where(ABOUT, IS_LET_IN).order_by(FollowerRow.id)
)
IS_FOLLOWED = Statement(
    select(FollowerRow.id).where(FollowerRow.about == bindparam("of_about", required=True)).limit(1)
)
BY_IDS = Statement(KNOWN.where(one_of(FollowerRow.id, "follower_ids"), IS_LET_IN))
LEAVE = Statement(delete(FollowerRow).where(ABOUT, OF_ENDPOINT))
LEAVE_ALL = Statement(delete(FollowerRow).where(OF_ENDPOINT))
FORGET_WAY = Statement(
    delete(FollowerRow).where(FollowerRow.way == bindparam("of_way", required=True))
)
FORGET_OLD = Statement(
    delete(FollowerRow).where(FollowerRow.created_at < bindparam("before", required=True))
)
ADD_KEY = insert_unless_there(PushKeyRow)
KEY = Statement(
    select(PushKeyRow.public_key, PushKeyRow.sealed).where(
        PushKeyRow.name == bindparam("of_name", required=True)
    )
)
DROP_KEY = Statement(
    delete(PushKeyRow).where(
        PushKeyRow.name == bindparam("of_name", required=True),
        PushKeyRow.public_key == bindparam("seen_key", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class Follower:
    """A phone as far as reaching it takes."""

    id: str
    way: Way
    endpoint: str
    public_key: str | None
    auth_secret: str | None
    locale: str


def follower_of(row: Row) -> Follower:
    follower_id, way, *rest = row
    return Follower(follower_id, Way(way), *rest)
