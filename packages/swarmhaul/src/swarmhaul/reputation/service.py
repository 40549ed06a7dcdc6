"""The log of an observer: append-only, signed line by line, each line naming the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from sqlalchemy import bindparam, update

from basis.errors import Conflict, Invalid
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from swarmhaul.identity import Signed, SigningKey, is_key, read_key, sign_statement, spend
from swarmhaul.kit.books import UnitOfWork
from swarmhaul.reputation.models import LogHead, ObservationRow, StandingRow
from swarmhaul.reputation.queries import (
    COUNT_DEALINGS,
    FIND_STANDING,
    IS_KNOWN,
    NOTHING_BEFORE,
    load_head,
)
from swarmhaul.reputation.referrals import count_referral, trust_in
from swarmhaul.reputation.schemas import Refer, Sighting
from swarmhaul.reputation.scores import STRANGER, SeenKind, estimate_after, score_after

SEEN, REFER = "reputation.seen", "reputation.refer"
REFERRAL_LIVES_SECONDS = 3_600
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

    @property
    def is_referral(self) -> bool:
        return self.kind is SeenKind.REFERRED


async def refer(uow: UnitOfWork, pen: Pen, signed: Signed) -> str:
    """Write down in our own log whom the signer refers; answers who that is. Once is enough: said
    again it changes nothing. Raises SightingUnfit, KeyUnreadable, Replayed, ReferrerUnknown,
    AlreadyMet, TooManyReferrals, LogMoved.
    """
    try:
        terms = msgspec.convert(dict(signed.terms), Refer)
    except msgspec.ValidationError as error:
        raise SightingUnfit(f"These terms do not fit: {error}.") from error
    read_key(terms.subject)
    await spend(uow, signed)
    about = f"referral/{signed.signer}"
    deed = Deed(
        subject=terms.subject, counterparty=signed.signer, kind=SeenKind.REFERRED, about=about
    )
    await note(uow, pen, deed)
    return terms.subject


async def note(uow: UnitOfWork, pen: Pen, deed: Deed) -> bool:
    """Write a line of our own log; False if it is there already. Raises what `append` does."""
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
        trust=await trust_in(uow, observer, deed.counterparty) if deed.is_referral else 0,
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
    """Add a signed line to its signer's log. Raises LogMoved, SightingUnfit, and of a referral
    ReferrerUnknown, AlreadyMet, TooManyReferrals.
    """
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
        trust=sighting.trust,
        at=datetime.fromtimestamp(signed.statement.issued_at, UTC),
        signed_text=signed.text,
        signature=signed.signature,
        digest=signed.digest,
    )


async def change_standing(uow: UnitOfWork, observer: str, sighting: Sighting) -> None:
    """One step of the fold, from what the log held before this line."""
    of = {"of_observer": observer, "of_subject": sighting.subject}
    await check_trust(uow, observer, sighting)
    await uow.run(
        BEGIN_STANDING,
        observer=observer,
        subject=sighting.subject,
        score=STRANGER.score,
        completed=0,
        breached=0,
        referrals=0,
    )
    score = int(await uow.value(FIND_STANDING, **of))
    if sighting.kind is SeenKind.REFERRED:
        score = estimate_after(score, trust=sighting.trust)
    else:
        dealings = int(await uow.value(COUNT_DEALINGS, **of, with_whom=sighting.counterparty))
        score = score_after(score, sighting.kind, dealings_before=dealings)
    await uow.run(
        CHANGE_STANDING,
        **of,
        new_score=score,
        more_completed=int(sighting.kind is SeenKind.COMPLETED),
        more_breached=int(sighting.kind is SeenKind.BREACHED),
    )


async def check_trust(uow: UnitOfWork, observer: str, sighting: Sighting) -> None:
    """A referral counts what the log thinks of whoever refers, and nothing else has any trust."""
    if sighting.kind is not SeenKind.REFERRED:
        if sighting.trust:
            raise SightingUnfit("Trust is of referrals alone.")
        return
    trust = await trust_in(uow, observer, sighting.counterparty)
    if sighting.trust != trust:
        raise SightingUnfit(f"By this log whoever refers stands at {trust}.")
    await count_referral(uow, observer, sighting.subject, sighting.counterparty)
