"""What an observer's log says, and where it leaves the others."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from basis.kit.data.statements import Statement, one_of
from swarmhaul.kit.books import Look
from swarmhaul.reputation.models import LogHead, ObservationRow, StandingRow
from swarmhaul.reputation.schemas import Line, StandingView
from swarmhaul.reputation.scores import STRANGER, SeenKind

NOTHING_BEFORE = "0" * 64
LIST_MAX = 200

HEAD = Statement(
    select(LogHead.seq, LogHead.digest).where(
        LogHead.observer == bindparam("of_observer", required=True)
    )
)
IS_KNOWN = Statement(
    select(ObservationRow.seq).where(
        ObservationRow.observer == bindparam("of_observer", required=True),
        ObservationRow.subject == bindparam("of_subject", required=True),
        ObservationRow.about == bindparam("about", required=True),
    )
)
COUNT_DEALINGS = Statement(
    select(func.count()).where(
        ObservationRow.observer == bindparam("of_observer", required=True),
        ObservationRow.subject == bindparam("of_subject", required=True),
        ObservationRow.counterparty == bindparam("with_whom", required=True),
        ObservationRow.kind == SeenKind.COMPLETED,
    )
)
FIND_STANDING = Statement(
    select(
        StandingRow.score, StandingRow.completed, StandingRow.breached, StandingRow.referrals
    ).where(
        StandingRow.observer == bindparam("of_observer", required=True),
        StandingRow.subject == bindparam("of_subject", required=True),
    )
)
LIST_SCORES = Statement(
    select(StandingRow.subject, StandingRow.score).where(
        StandingRow.observer == bindparam("of_observer", required=True),
        one_of(StandingRow.subject, "subjects"),
    )
)
LIST_BEST = Statement(
    select(StandingRow.subject, StandingRow.score, StandingRow.completed, StandingRow.breached)
    .where(
        StandingRow.observer == bindparam("of_observer", required=True),
        # A stranger who was referred is estimated, and leads nobody.
        StandingRow.completed + StandingRow.breached > 0,
    )
    .order_by(StandingRow.score.desc(), StandingRow.subject)
    .limit(bindparam("most", required=True))
)
LINES = Statement(
    select(
        ObservationRow.seq,
        ObservationRow.signed_text,
        ObservationRow.signature,
        ObservationRow.digest,
    )
    .where(
        ObservationRow.observer == bindparam("of_observer", required=True),
        ObservationRow.seq > bindparam("since", required=True),
    )
    .order_by(ObservationRow.seq)
    .limit(bindparam("most", required=True))
)


async def load_head(look: Look, observer: str) -> tuple[int, str]:
    """Number and digest of the last line; of a log that is empty, those before the first."""
    found = await look.row(HEAD, of_observer=observer)
    return (found[0], found[1]) if found else (0, NOTHING_BEFORE)


async def load_standing(look: Look, observer: str, subject: str) -> StandingView:
    """As the observer sees it. Whoever it never saw is a stranger and is estimated, by those of
    whom it has seen something and who refer them; nobody else is asked.
    """
    found = await look.row(FIND_STANDING, of_observer=observer, of_subject=subject)
    score, completed, breached, _ = found or (STRANGER.score, 0, 0, 0)
    return StandingView(
        observer=observer,
        subject=subject,
        score=score,
        completed=completed,
        breached=breached,
        is_stranger=not (completed or breached),
    )


async def list_scores(look: Look, observer: str, subjects: Sequence[str]) -> dict[str, int]:
    """The score of each of them, strangers included."""
    rows = await look.rows(LIST_SCORES, of_observer=observer, subjects=list(subjects))
    known: dict[str, int] = dict(rows)
    return {subject: known.get(subject, STRANGER.score) for subject in subjects}


async def list_best(look: Look, observer: str, *, limit: int = 20) -> list[StandingView]:
    """Who stands highest with the observer."""
    rows = await look.rows(LIST_BEST, of_observer=observer, most=min(limit, LIST_MAX))
    return [
        StandingView(
            observer=observer,
            subject=subject,
            score=score,
            completed=completed,
            breached=breached,
            is_stranger=False,
        )
        for subject, score, completed, breached in rows
    ]


async def list_lines(look: Look, observer: str, *, since: int = 0) -> list[Line]:
    """The log itself, for whoever wants to fold it again."""
    rows = await look.rows(LINES, of_observer=observer, since=since, most=LIST_MAX)
    return [
        Line(seq=seq, statement=statement, signature=signature, digest=digest)
        for seq, statement, signature, digest in rows
    ]
