"""What those who watch ask of logs: who keeps one, and what it says about somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from basis.kit.data.statements import Statement
from swarmhaul.kit.books import Look
from swarmhaul.reputation.models import LogHead, ObservationRow
from swarmhaul.reputation.scores import STRANGER, Seen, SeenKind, after

OBSERVERS_MAX = 20
SIGHTINGS_MAX = 200

LIST_OBSERVERS = Statement(
    select(LogHead.observer, LogHead.seq)
    .order_by(LogHead.seq.desc(), LogHead.observer)
    .limit(OBSERVERS_MAX)
)
ABOUT = Statement(
    select(
        ObservationRow.seq,
        ObservationRow.kind,
        ObservationRow.counterparty,
        ObservationRow.trust,
        ObservationRow.about,
        ObservationRow.at,
        ObservationRow.digest,
    )
    .where(
        ObservationRow.observer == bindparam("of_observer", required=True),
        ObservationRow.subject == bindparam("of_subject", required=True),
    )
    .order_by(ObservationRow.seq)
    .limit(SIGHTINGS_MAX)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A line of a log about somebody, and the score to which it led (trillionths)."""

    seq: int
    kind: SeenKind
    counterparty: str
    about: str
    at: datetime
    digest: str
    score: int


async def list_observers(look: Look) -> list[tuple[str, int]]:
    """Who keeps a log here, and of how many lines; the longest first."""
    return [(observer, int(seq)) for observer, seq in await look.rows(LIST_OBSERVERS)]


async def list_steps(look: Look, observer: str, subject: str) -> list[Step]:
    """The first lines of a log about somebody, folded once more as everybody can."""
    steps, standing = [], STRANGER
    for seq, kind, counterparty, trust, about, at, digest in await look.rows(
        ABOUT, of_observer=observer, of_subject=subject
    ):
        standing = after(standing, Seen(SeenKind(kind), counterparty, trust))
        steps.append(
            Step(
                seq=seq,
                kind=SeenKind(kind),
                counterparty=counterparty,
                about=about,
                at=at,
                digest=digest,
                score=standing.score,
            )
        )
    return steps
