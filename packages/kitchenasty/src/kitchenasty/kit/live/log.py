"""The journal of topics in the database: a message is stored in the transaction that made it true.

Each topic counts its messages under a row lock, so seqs have no gaps and no message becomes
visible before the one ahead of it. Processes on PostgreSQL wake each other by NOTIFY with the
topic and the seq only; what happened is read from the rows.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.live.ports import REPLAY_MAX, TooOld
from kitchenasty.kit.tables import Model

CHANNEL = "live"
KEPT_HOURS = 24
PULSE = "pulse"

Told = tuple[str, str, dict[str, Any]]
"""A topic, the name of what happened there, and what is told of it."""


class LiveTopic(Model):
    """How far a topic has come."""

    __tablename__ = "live_topics"

    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class LiveRow(Model):
    __tablename__ = "live_log"

    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)


START = insert_unless_there(LiveTopic)
ADVANCE = Statement(
    update(LiveTopic)
    .where(LiveTopic.topic == bindparam("of_topic", required=True))
    .values(seq=LiveTopic.seq + bindparam("steps", required=True, type_=BigInteger))
    .returning(LiveTopic.seq)
)
HEAD = Statement(
    select(LiveTopic.seq).where(LiveTopic.topic == bindparam("of_topic", required=True))
)
INSERT = insert_into(LiveRow)
AFTER = Statement(
    select(LiveRow.topic, LiveRow.seq, LiveRow.name, LiveRow.body)
    .where(
        LiveRow.topic == bindparam("of_topic", required=True),
        LiveRow.seq > bindparam("after", required=True),
    )
    .order_by(LiveRow.seq)
    .limit(REPLAY_MAX + 1)
)
WORDS = bindparam("words", type_=ARRAY(String), required=True)
NOTIFY = Statement(select(func.pg_notify(CHANNEL, func.unnest(WORDS))))
FORGET = Statement(delete(LiveRow).where(LiveRow.at < bindparam("before", required=True)))


async def append(uow: UnitOfWork, topic: str, name: str, body: dict[str, Any]) -> Message:
    """Tell everybody who follows `topic`, exactly if this transaction commits."""
    return (await append_all(uow, [(topic, name, body)]))[0]


async def append_all(uow: UnitOfWork, told: Sequence[Told]) -> list[Message]:
    """The same for several, in this order: each topic is counted on once, however many of them are
    its own.
    """
    counts = Counter(topic for topic, _, _ in told)
    # In sorted order: the row of a topic is locked from here to the commit.
    seqs = {
        topic: itertools.count(await advance(uow, topic, counts[topic]) - counts[topic] + 1)
        for topic in sorted(counts)
    }
    messages = [Message(topic, next(seqs[topic]), name, body) for topic, name, body in told]
    await uow.many(INSERT, [row_of(message, uow.now) for message in messages])
    if messages and uow.connection.dialect.name == "postgresql":
        await uow.rows(NOTIFY, words=[f"{message.topic} {message.seq}" for message in messages])
    uow.told.extend(messages)
    return messages


def row_of(message: Message, at: datetime) -> dict[str, Any]:
    return {
        "topic": message.topic,
        "seq": message.seq,
        "name": message.name,
        "body": message.body,
        "at": at,
    }


async def advance(uow: UnitOfWork, topic: str, steps: int = 1) -> int:
    """The topic's last seq after so many more messages."""
    seq = await uow.value(ADVANCE, of_topic=topic, steps=steps)
    if seq is None:
        await uow.run(START, topic=topic, seq=0)
        seq = await uow.value(ADVANCE, of_topic=topic, steps=steps)
    return int(seq)


async def write_pulse(uow: UnitOfWork) -> None:
    """Write what matters to nobody: the proof that the books take a write."""
    await advance(uow, PULSE)


async def read_pulse(look: Look) -> None:
    """Read what matters to nobody: the proof that the books can be read."""
    await head_of(look, PULSE)


async def head_of(look: Look, topic: str) -> int:
    """The seq of a topic's last message; read it in the snapshot of the state it stands for."""
    return int(await look.value(HEAD, of_topic=topic) or 0)


async def messages_after(look: Look, topic: str, seq: int) -> list[Message]:
    """What a topic told after `seq`. Raises TooOld when it is forgotten or too much."""
    head = await head_of(look, topic)
    if seq == head:
        return []
    rows = await look.rows(AFTER, of_topic=topic, after=seq)
    if seq > head or len(rows) > REPLAY_MAX or not rows or rows[0][1] != seq + 1:
        raise TooOld(head)
    return [Message(*row) for row in rows]


async def forget_old_messages(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """A screen that was away for longer fetches everything anew."""
    await uow.run(FORGET, before=uow.now - timedelta(hours=KEPT_HOURS))


class DatabaseJournal:
    """The journal as the doors read it."""

    def __init__(self, books: Books) -> None:
        self._books = books

    async def since(self, topic: str, seq: int) -> list[Message]:
        async with self._books.reading(snapshot=True) as look:
            return await messages_after(look, topic, seq)

    async def head(self, topic: str) -> int:
        async with self._books.reading() as look:
            return await head_of(look, topic)
