"""The log of an observer: append-only, signed line by line, each line naming the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from sqlalchemy import bindparam, update

from basis.errors import Conflict, Invalid
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from swarmhaul.identity import Signed, SigningKey, is_key, sign_statement
from swarmhaul.kit.books import UnitOfWork
from swarmhaul.reputation.models import LogHead, ObservationRow, StandingRow
from swarmhaul.reputation.queries import (
    COUNT_DEALINGS,
    FIND_STANDING,
    IS_KNOWN,
    NOTHING_BEFORE,
    load_head,
)
from swarmhaul.reputation.schemas import Sighting
from swarmhaul.reputation.scores import STRANGER, SeenKind, score_after

SEEN = "reputation.seen"
LIVES_SECONDS = 1_000_000_000
"""What was seen stays seen: a line of a log does not expire."""


class LogMoved(Conflict):
    """The line does not follow the last one of the log."""


class SightingUnfit(Invalid): ...


BEGIN_LOG = insert_unless_there(LogHead)
MOVE_HEAD = Statement(
    update(LogHead)
    .where(
        LogHead.observer == bindparam("of_observer", required=True),
        LogHead.seq == bindparam("seq_before", required=True),
        LogHead.digest == bindparam("digest_before", required=True),
    )
    .values(seq=LogHead.seq + 1, digest=bindparam("new_digest", required=True))
)
INSERT = insert_into(ObservationRow)
BEGIN_STANDING = insert_unless_there(StandingRow)
CHANGE_STANDING = Statement(
    update(StandingRow)
    .where(
        StandingRow.observer == bindparam("of_observer", required=True),
        StandingRow.subject == bindparam("of_subject", required=True),
    )
    .values(
        score=bindparam("new_score", required=True),
        completed=StandingRow.completed + bindparam("more_completed", required=True),
        breached=StandingRow.breached + bindparam("more_breached", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class Pen:
    """Whose log is written, and for which market."""

    key: SigningKey
    market: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What `subject` did towards `counterparty`; `about` names the occasion."""

    subject: str
    counterparty: str
    kind: SeenKind
    about: str


async def note(uow: UnitOfWork, pen: Pen, deed: Deed) -> bool:
    """Write a line of our own log; False if it is there already."""
    observer = pen.key.public
    known = await uow.value(
        IS_KNOWN, of_observer=observer, of_subject=deed.subject, about=deed.about
    )
    if known is not None:
        return False
    seq, previous = await load_head(uow, observer)
    sighting = Sighting(
        seq=seq + 1,
        previous=previous,
        subject=deed.subject,
        counterparty=deed.counterparty,
        kind=deed.kind,
        about=deed.about,
    )
    signed = sign_statement(
        pen.key,
        msgspec.to_builtins(sighting),
        market=pen.market,
        purpose=SEEN,
        now=uow.now,
        lives_seconds=LIVES_SECONDS,
    )
    await append(uow, signed, sighting)
    return True


async def keep_line(uow: UnitOfWork, signed: Signed) -> Sighting:
    """A line that its observer signed elsewhere. Raises SightingUnfit, LogMoved."""
    try:
        sighting = msgspec.convert(dict(signed.terms), Sighting)
    except msgspec.ValidationError as error:
        raise SightingUnfit(f"These terms do not fit: {error}.") from error
    await append(uow, signed, sighting)
    return sighting


async def append(uow: UnitOfWork, signed: Signed, sighting: Sighting) -> None:
    """Add a signed line to its signer's log. Raises LogMoved, SightingUnfit."""
    observer = signed.signer
    if not (is_key(sighting.subject) and is_key(sighting.counterparty)):
        raise SightingUnfit("A line is about the keys of two.")
    if sighting.subject in (observer, sighting.counterparty):
        raise SightingUnfit("Nobody vouches for themselves.")
    await uow.run(BEGIN_LOG, observer=observer, seq=0, digest=NOTHING_BEFORE)
    moved = await uow.run(
        MOVE_HEAD,
        of_observer=observer,
        seq_before=sighting.seq - 1,
        digest_before=sighting.previous,
        new_digest=signed.digest,
    )
    if not moved:
        raise LogMoved("The log has gone on. Read its last line and sign the next one.")
    # From here on nobody else writes to this log: the head is ours until the commit.
    known = await uow.value(
        IS_KNOWN, of_observer=observer, of_subject=sighting.subject, about=sighting.about
    )
    if known is not None:
        raise SightingUnfit("The log has a line about this already.")
    await change_standing(uow, observer, sighting)
    await uow.run(
        INSERT,
        observer=observer,
        seq=sighting.seq,
        subject=sighting.subject,
        counterparty=sighting.counterparty,
        kind=sighting.kind,
        about=sighting.about,
        at=datetime.fromtimestamp(signed.statement.issued_at, UTC),
        signed_text=signed.text,
        signature=signed.signature,
        digest=signed.digest,
    )


async def change_standing(uow: UnitOfWork, observer: str, sighting: Sighting) -> None:
    """One step of the fold, from what the log held before this line."""
    of = {"of_observer": observer, "of_subject": sighting.subject}
    await uow.run(
        BEGIN_STANDING,
        observer=observer,
        subject=sighting.subject,
        score=STRANGER.score,
        completed=0,
        breached=0,
    )
    score = int(await uow.value(FIND_STANDING, **of))
    dealings = int(await uow.value(COUNT_DEALINGS, **of, with_whom=sighting.counterparty))
    is_good = sighting.kind is SeenKind.COMPLETED
    await uow.run(
        CHANGE_STANDING,
        **of,
        new_score=score_after(score, sighting.kind, dealings_before=dealings),
        more_completed=int(is_good),
        more_breached=int(not is_good),
    )
