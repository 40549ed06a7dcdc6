"""Awards, done again: bids as their agents signed them, what the market had seen of these agents,
and the matcher.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from basis.errors import DomainError
from basis.escrow import Award, Refused, decode_envelope
from basis.kit.signing import Signed, open_statement, write_key
from swarmhaul.market import (
    ACCEPT_SECONDS,
    BID,
    LIST,
    LIVES_SECONDS_MAX,
    BidStatus,
    BidView,
    JobView,
    ListJob,
    Offered,
    PlaceBid,
    choose,
    duration_of,
)
from swarmhaul.reputation import (
    LIVES_SECONDS,
    SEEN,
    STRANGER,
    Seen,
    Sighting,
    Standing,
    basis_points,
    fold,
)
from swarmhaul.verifying.evidence import Evidence, Finding, Taken

T = TypeVar("T")

THINKS_SECONDS_MAX = 600
"""Between the look at the bids and the word about it; a market that takes longer looks again."""


class Forged(Exception):  # as all our refusals
    """Somebody's statement is not what it is shown as."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The market's log, in its order: when each line was written, and about whom."""

    times: list[int]
    sightings: list[Sighting]

    def scores(self, agents: set[str], count: int) -> dict[str, int]:
        """After so many lines, in basis points."""
        seen: dict[str, list[Seen]] = {agent: [] for agent in agents}
        for sighting in self.sightings[:count]:
            if sighting.subject in seen:
                seen[sighting.subject].append(Seen(sighting.kind, sighting.counterparty))
        standings: dict[str, Standing] = {agent: fold(seen[agent], STRANGER) for agent in agents}
        return {agent: basis_points(standing.score) for agent, standing in standings.items()}


def check_awards(evidence: Evidence) -> Iterator[Finding]:
    observed = Observed([], [])
    yield from read_log(evidence, observed)
    jobs = {(job.shipper, job.terms.id): job for job in evidence.jobs}
    for taken in evidence.entries:
        award = award_in(taken)
        if award is None:
            continue
        job = jobs.get((write_key(award.job.shipper), award.job.id.hex()))
        if job is None:
            why = "no job that was listed here"
            yield Finding("AwardUnlisted", f"entry {taken.seq}", why)
        else:
            yield from check_award(evidence, observed, job, award)


def award_in(taken: Taken) -> Award | None:
    try:
        command = decode_envelope(taken.body).command
    except Refused:
        return None  # the rail's part has found that
    return command if isinstance(command, Award) else None


def check_award(
    evidence: Evidence, observed: Observed, job: JobView, award: Award
) -> Iterator[Finding]:
    where = f"job {job.id}"
    try:
        terms = opened(evidence, LIST, (job.shipper, job.statement, job.signature), ListJob)
    except Forged as forged:
        yield Finding("JobForged", where, str(forged))
        return
    bids: list[tuple[BidView, PlaceBid]] = []
    for bid in evidence.bids.get(job.id, ()):
        try:
            told = opened(evidence, BID, (bid.agent, bid.statement, bid.signature), PlaceBid)
        except Forged as forged:
            yield Finding("BidForged", f"bid {bid.id}", str(forged))
            continue
        if told.job == job.id and bid.status is not BidStatus.WITHDRAWN:
            bids.append((bid, told))
    if not is_matched(observed, terms, bids, award, job):
        why = "the matcher chooses otherwise among the bids that were signed"
        yield Finding("AwardChanged", where, why)


def is_matched(
    observed: Observed,
    terms: ListJob,
    bids: Sequence[tuple[BidView, PlaceBid]],
    award: Award,
    job: JobView,
) -> bool:
    """Whether there was a second in which the matcher would have chosen this."""
    given = [(write_key(leg.courier), leg.pay, leg.duration) for leg in award.legs]
    for now in seconds_to_try(bids, award, job):
        live = [(bid, told) for bid, told in bids if expiry_of(bid) > now]
        agents = {bid.agent for bid, _ in live}
        # Lines of that very second may have been written before or after the look.
        first, last = bisect_left(observed.times, now), bisect_right(observed.times, now)
        for count in range(first, last + 1):
            scores = observed.scores(agents, count)
            offered = [
                Offered(id=bid.id, agent=bid.agent, terms=told, score=scores[bid.agent])
                for bid, told in live
            ]
            chosen = choose(terms, offered, now=now)
            if chosen and [(leg.agent, leg.pay, leg.duration) for leg in chosen] == given:
                return True
    return False


def seconds_to_try(
    bids: Sequence[tuple[BidView, PlaceBid]], award: Award, job: JobView
) -> list[int]:
    """When the matcher was asked: the first leg's time says it, if it was not too late already."""
    said_at = award.accept_by - ACCEPT_SECONDS
    first = next((leg.bid_id for leg in job.legs if leg.number == 0), None)
    for bid, told in bids:
        if bid.id == first:
            asked_at = said_at - (award.legs[0].duration - duration_of(told, since=said_at))
            if said_at - THINKS_SECONDS_MAX <= asked_at <= said_at:
                return [asked_at]
    return [said_at]


def read_log(evidence: Evidence, observed: Observed) -> Iterator[Finding]:
    """The market's own log: signed by it, each line after the one before."""
    before = "0" * 64
    for line in evidence.lines:
        where = f"line {line.seq}"
        try:
            signed = statement_of(
                evidence, SEEN, (evidence.coordinator, line.statement, line.signature),
                lives_seconds_max=LIVES_SECONDS,
            )  # fmt: skip
            sighting = msgspec.convert(dict(signed.terms), Sighting)
        except (Forged, msgspec.ValidationError) as forged:
            yield Finding("LineForged", where, str(forged))
            continue
        if (sighting.seq, sighting.previous) != (len(observed.times) + 1, before):
            yield Finding("LineMissing", where, "it does not follow the one before it")
        before = signed.digest
        observed.times.append(signed.statement.issued_at)
        observed.sightings.append(sighting)


def opened(evidence: Evidence, purpose: str, told: tuple[str, str, str], kind: type[T]) -> T:
    """The terms of a statement. Raises Forged."""
    most = LIVES_SECONDS_MAX[purpose]
    signed = statement_of(evidence, purpose, told, lives_seconds_max=most)
    try:
        terms: T = msgspec.convert(dict(signed.terms), kind)
    except msgspec.ValidationError as error:
        raise Forged(str(error)) from error
    return terms


def statement_of(
    evidence: Evidence, purpose: str, told: tuple[str, str, str], *, lives_seconds_max: int
) -> Signed:
    """A statement, whenever it was. Raises Forged."""
    signer, text, signature = told
    try:
        issued_at = msgspec.json.decode(text)["issued_at"]
        signed = open_statement(
            text.encode(),
            signature,
            market=evidence.market,
            purpose=purpose,
            now=datetime.fromtimestamp(issued_at, UTC),
            lives_seconds_max=lives_seconds_max,
        )
    except (DomainError, msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise Forged(f"it is not what was signed: {error}") from error
    if signed.signer != signer:
        raise Forged("somebody else signed it")
    return signed


def expiry_of(bid: BidView) -> int:
    """By the statement, not by what the market says of it."""
    expires_at: int = msgspec.json.decode(bid.statement)["expires_at"]
    return expires_at
