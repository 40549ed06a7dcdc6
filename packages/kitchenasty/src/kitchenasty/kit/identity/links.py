"""Links in letters: each opens one thing, once, for a while.

The token is derived from the server's secret and the link's id, so neither the books nor the
letter that waits to be sent hold it (docs/adr/0005 does the same for orders). Each kind of owner
has a table of its own, whose rows go with theirs; what is common to them is here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from basis.errors import Conflict
from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Row, Statement, insert_into
from basis.signing import derive
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.tables import Record

TOKEN_LENGTH_MAX = 64
KEPT = timedelta(days=7)
"""After its end, so that it can still be told why a link opened nothing."""


class LinkRow(Record):
    """What the tables of links have in common."""

    __abstract__ = True

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class LinkSpent(Conflict):
    """Used, too old, of somebody who left, or never ours: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("This link has been used or is too old. Please ask for a new letter.")


class Links:
    """The links of one table. `purpose` keeps their tokens apart from everything else that is
    derived, `facts` are the columns that `find` answers with, `owner` those of them by which
    `end` finds links.
    """

    def __init__(
        self, row: type[LinkRow], *, purpose: str, facts: tuple[str, ...], owner: tuple[str, ...]
    ) -> None:
        self._purpose = purpose
        live = row.used_at.is_(None), row.expires_at > bindparam("now", required=True)
        by_id = row.id == bindparam("link_id", required=True)
        by_token = row.token_hash == bindparam("token_hash", required=True)
        theirs = [getattr(row, name) == bindparam(f"of_{name}", required=True) for name in owner]
        now: BindParameter[Any] = bindparam("now", required=True)
        told = [getattr(row, name) for name in facts]
        self._add = insert_into(row)
        self._by_token = Statement(select(row.id, *told).where(by_token, *live))
        self._by_id = Statement(select(row.id).where(by_id, *live))
        self._use = Statement(update(row).where(by_id, *live).values(used_at=now))
        self._end = Statement(update(row).where(*theirs, row.used_at.is_(None)).values(used_at=now))
        before: BindParameter[Any] = bindparam("before", required=True)
        self._forget = Statement(delete(row).where(row.expires_at < before))

    async def make(self, uow: UnitOfWork, life: timedelta, **facts: Any) -> str:
        """A fresh link for a letter; its id, by which the letter finds it when it is written."""
        link_id = new_id()
        await uow.run(
            self._add,
            id=link_id,
            token_hash=hash_capability(self.token_of(uow, link_id)),
            created_at=uow.now,
            expires_at=uow.now + life,
            used_at=None,
            **facts,
        )
        return link_id

    def token_of(self, look: Look, link_id: str) -> str:
        return derive(look.secret, purpose=self._purpose, subject=link_id)

    async def is_live(self, look: Look, link_id: str) -> bool:
        return await look.row(self._by_id, link_id=link_id, now=look.now) is not None

    async def find(self, look: Look, token: str) -> Row:
        """The id of the link that a token opens now, and its facts. Raises LinkSpent."""
        row = None
        if len(token) <= TOKEN_LENGTH_MAX:
            row = await look.row(self._by_token, token_hash=hash_capability(token), now=look.now)
        if row is None:
            raise LinkSpent
        return row

    async def use(self, uow: UnitOfWork, link_id: str) -> None:
        """It opens nothing any more. Of two at once, one gets through. Raises LinkSpent."""
        if not await uow.run(self._use, link_id=link_id, now=uow.now):
            raise LinkSpent

    async def end(self, uow: UnitOfWork, **owner: Any) -> None:
        """No older letter of this owner opens anything."""
        of_owner = {f"of_{name}": value for name, value in owner.items()}
        await uow.run(self._end, now=uow.now, **of_owner)

    async def forget_old(self, uow: UnitOfWork) -> None:
        await uow.run(self._forget, before=uow.now - KEPT)
