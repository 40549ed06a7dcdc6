"""Takes letters that are due to the post office. Any number of processes may have a postman.

A letter is claimed, sent and marked, each in a transaction of its own, and no transaction is open
while a mail server thinks. If the process dies in between, the claim runs out and the same mail is
sent once more, under the same Message-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, or_, select, text, update

from basis.kit.data.database import DatabaseAway
from basis.kit.data.statements import Statement
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.notices.letters import Head, Letter, Sender, compose
from kitchenasty.notices.models import WAITING, NoticeRow
from kitchenasty.notices.port import Post, PostAway, PostRefused
from kitchenasty.notices.states import NoticeState, wait_after
from kitchenasty.notices.stopping import may_advertise_to, way_out_for

logger = structlog.get_logger(__name__)

LEASE_SECONDS = 120
ERROR_LENGTH_MAX = 500

Writer = Callable[[UnitOfWork, dict[str, Any], Sender], Awaitable[Letter | None]]
"""Writes a letter of its kind from its facts, in the current language; None if what it was about
has gone. It reads and changes nothing."""

Reword = Callable[[Look, Letter], Awaitable[Letter]]
"""The letter in the owner's own words of the current language, if there are any."""

HeadOf = Callable[[Look], Awaitable[Head]]
"""How letters look at this moment, as the owner set it."""

IS_FREE = or_(
    NoticeRow.claimed_until.is_(None), NoticeRow.claimed_until < bindparam("now", required=True)
)
# The state is written out, so that the planner can use the partial index on waiting letters.
IS_DUE = (text(WAITING), NoticeRow.try_at <= bindparam("now", required=True), IS_FREE)
DUE = Statement(select(NoticeRow.id).where(*IS_DUE).order_by(NoticeRow.try_at).limit(20))
CLAIM = Statement(
    update(NoticeRow)
    .where(NoticeRow.id == bindparam("notice_id", required=True), *IS_DUE)
    .values(claimed_until=bindparam("until", required=True), tries=NoticeRow.tries + 1)
)
CLAIMED = Statement(
    select(
        NoticeRow.id,
        NoticeRow.kind,
        NoticeRow.recipient,
        NoticeRow.locale,
        NoticeRow.facts,
        NoticeRow.created_at,
        NoticeRow.useful_until,
        NoticeRow.tries,
    ).where(NoticeRow.id == bindparam("notice_id", required=True))
)
MARK = Statement(
    update(NoticeRow)
    .where(
        NoticeRow.id == bindparam("notice_id", required=True),
        NoticeRow.state == NoticeState.WAITING,
    )
    .values(
        state=bindparam("after", required=True),
        settled_at=bindparam("settled", required=True),
        try_at=bindparam("again_at", required=True),
        claimed_until=None,
        error=bindparam("why", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that is ours to send for as long as the lease runs."""

    id: str
    kind: str
    recipient: str
    locale: str
    facts: dict[str, Any]
    created_at: datetime
    useful_until: datetime
    tries: int


class Postman:
    def __init__(
        self,
        books: Books,
        post: Post,
        *,
        sender: Sender,
        writers: Mapping[str, Writer],
        head_of: HeadOf | None = None,
        reword: Reword | None = None,
    ) -> None:
        self._books = books
        self._post = post
        self._sender = sender
        self._writers = writers
        self._head_of = head_of
        self._reword = reword

    async def run_due(self) -> int:
        """Send what is due; answers how many were taken up. Raises PostAway after the first letter
        that found the post office closed: the others would wait in vain for an answer too.
        """
        async with self._books.reading() as look:
            due = await look.rows(DUE, now=look.now)
        return sum([await self._deliver(notice_id) for (notice_id,) in due])

    async def _deliver(self, notice_id: str) -> int:
        claimed = await self._claim(notice_id)
        if claimed is None:
            return 0
        language = current_locale.set(claimed.locale)
        try:
            await self._send(claimed)
        except PostAway as away:
            await self._later(claimed, str(away))
            raise
        except PostRefused as refused:
            await self._later(claimed, str(refused), is_final=refused.is_final)
        except DatabaseAway:
            raise
        except Exception as error:
            # A letter that cannot be written must not hold up those behind it.
            logger.exception("postman.letter_failed", kind=claimed.kind)
            await self._later(claimed, repr(error))
        finally:
            current_locale.reset(language)
        return 1

    async def _claim(self, notice_id: str) -> Claimed | None:
        async with self._books.writing() as uow:
            until = uow.now + timedelta(seconds=LEASE_SECONDS)
            if not await uow.run(CLAIM, notice_id=notice_id, now=uow.now, until=until):
                return None
            row = await uow.row(CLAIMED, notice_id=notice_id)
        assert row is not None
        return Claimed(*row)

    async def _send(self, claimed: Claimed) -> None:
        if self._books.clock() >= claimed.useful_until:
            await self._mark(claimed, NoticeState.GIVEN_UP, "It could not be sent in time.")
            return
        async with self._books.writing() as uow:
            letter = await self._writers[claimed.kind](uow, claimed.facts, self._sender)
            head = await self._head_of(uow) if self._head_of else Head()
            if letter is not None and self._reword:
                letter = await self._reword(uow, letter)
            is_wanted = letter is None or await self._is_wanted(uow, letter, claimed)
            way_out = way_out_for(uow.secret, claimed.recipient, self._sender.public_url)
        if letter is None or not is_wanted:
            state = NoticeState.NEEDLESS if letter is None else NoticeState.STOPPED
            await self._mark(claimed, state, None)
            return
        if letter.is_advertising:
            letter = replace(letter, way_out=way_out)
        message = await asyncio.to_thread(
            compose,
            letter,
            sender=self._sender,
            recipient=claimed.recipient,
            notice_id=claimed.id,
            written_at=claimed.created_at,
            head=head,
        )
        await self._post.send(message)
        await self._mark(claimed, NoticeState.SENT, None)

    async def _is_wanted(self, uow: UnitOfWork, letter: Letter, claimed: Claimed) -> bool:
        """What advertises goes to nobody who asked for none; asked just before it is sent."""
        return not letter.is_advertising or await may_advertise_to(uow, claimed.recipient)

    async def _later(self, claimed: Claimed, why: str, *, is_final: bool = False) -> None:
        """Put it off, or give it up when another try could not help any more."""
        now = self._books.clock()
        again_at = now + wait_after(claimed.tries)
        is_over = is_final or again_at >= claimed.useful_until
        state = NoticeState.GIVEN_UP if is_over else NoticeState.WAITING
        await self._mark(claimed, state, why[:ERROR_LENGTH_MAX], again_at=again_at)

    async def _mark(
        self,
        claimed: Claimed,
        state: NoticeState,
        why: str | None,
        *,
        again_at: datetime | None = None,
    ) -> None:
        async with self._books.writing() as uow:
            await uow.run(
                MARK,
                notice_id=claimed.id,
                after=state,
                settled=None if state is NoticeState.WAITING else uow.now,
                again_at=again_at or uow.now,
                why=why,
            )
