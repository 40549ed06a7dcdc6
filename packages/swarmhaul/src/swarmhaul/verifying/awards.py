"""Awards, done again: bids as their agents signed them, what the market had seen of these agents,
and the matcher.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from basis.errors import DomainError
from basis.escrow import Award, JobKey, Key, Offer, Refused, Replace, decode_envelope
from basis.kit.signing import (
    CLOCK_SKEW_SECONDS,
    Signed,
    digest_of,
    open_statement,
    read_key,
    write_key,
)
from swarmhaul.market import (
    ACCEPT_SECONDS,
    BID,
    LIST,
    LIVES_SECONDS_MAX,
    WITHDRAW,
    BidStatus,
    BidView,
    JobView,
    ListJob,
    Offered,
    PlaceBid,
    Pricing,
    Spot,
    WithdrawBid,
    choose,
    duration_of,
)
from swarmhaul.reputation import (
    LIVES_SECONDS,
    SEEN,
    STRANGER,
    Seen,
    SeenKind,
    Sighting,
    Standing,
    after,
    basis_points,
    fold,
    seen_in,
)
from swarmhaul.verifying.evidence import Evidence, Finding, Taken

T = TypeVar("T")

NEVER = 1 << 40
MILLIMETRE = 0.001
THINKS_SECONDS_MAX = 600
"""Between the look at the bids and the word about it; a market that takes longer looks again."""


class Forged(Exception):  # as all our refusals
    """Somebody's statement is not what it is shown as."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bid as its agent signed it, and when the agent took it back."""

    bid: BidView
    terms: PlaceBid
    gone_at: int

    def stands_at(self, now: int) -> bool:
        """A market believes clocks that are ahead a little, so one that was taken back a moment
        later by its agent's clock was taken back by then.
        """
        return expiry_of(self.bid) > now and self.gone_at > now + CLOCK_SKEW_SECONDS


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
                seen[sighting.subject].append(seen_in(sighting))
        standings: dict[str, Standing] = {agent: fold(seen[agent], STRANGER) for agent in agents}
        return {agent: basis_points(standing.score) for agent, standing in standings.items()}


@dataclass(frozen=True, slots=True)
class Offers:
    """Who was ever offered each leg on the rail, and for how much it is offered by now."""

    couriers: dict[tuple[JobKey, int], set[Key]] = field(default_factory=dict)
    pays: dict[tuple[JobKey, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, commands: Iterable[Award | Replace]) -> Offers:
        made = cls()
        for command in commands:
            for number, offer in legs_in(command):
                made.couriers.setdefault((command.job, number), set()).add(offer.courier)
        return made

    def keep(self, command: Award | Replace) -> None:
        for number, offer in legs_in(command):
            self.pays[command.job, number] = offer.pay


def legs_in(command: Award | Replace) -> Iterable[tuple[int, Offer | Replace]]:
    return enumerate(command.legs) if isinstance(command, Award) else [(command.leg, command)]


def check_awards(evidence: Evidence) -> Iterator[Finding]:
    observed = Observed([], [])
    yield from read_log(evidence, observed)
    jobs = {(job.shipper, job.terms.id): job for job in evidence.jobs}
    told = [(taken.seq, choice_in(taken)) for taken in evidence.entries]
    choices = [(seq, command) for seq, command in told if command is not None]
    offers = Offers.of(command for _, command in choices)
    for seq, command in choices:
        job = jobs.get((write_key(command.job.shipper), command.job.id.hex()))
        if job is None:
            yield Finding("AwardUnlisted", f"entry {seq}", "no job that was listed here")
        elif isinstance(command, Award):
            yield from check_award(evidence, observed, job, command)
        elif not has_bid(evidence, job, command, offers):
            why = "whoever takes this place never bid for this part at this price"
            yield Finding("ReplacementUnbid", f"entry {seq}", why)
        offers.keep(command)


def award_in(taken: Taken) -> Award | None:
    command = choice_in(taken)
    return command if isinstance(command, Award) else None


def choice_in(taken: Taken) -> Award | Replace | None:
    try:
        command = decode_envelope(taken.body).command
    except Refused:
        return None  # the rail's part has found that
    return command if isinstance(command, Award | Replace) else None


def has_bid(evidence: Evidence, job: JobView, command: Replace, offers: Offers) -> bool:
    """Whether whoever was asked had signed a bid that fits between the legs beside it, and is
    offered what the policy gives for it.
    """
    try:
        terms = opened(evidence, LIST, (job.shipper, job.statement, job.signature), ListJob)
    except Forged:
        return False
    parts = standing_parts(evidence, job)
    starts, ends = gap_of(terms, parts, command, offers)
    before = offers.pays.get((command.job, command.leg), 0)
    return any(
        is_price_of(terms, part.cost, command.pay, before)
        and any(part.pickup_until >= at and is_near(terms, part.pickup, by) for by, at in starts)
        and any(part.arrives_by <= at and is_near(terms, part.dropoff, by) for by, at in ends)
        for part in parts[command.courier]
    )


def gap_of(
    terms: ListJob, parts: dict[Key, list[PlaceBid]], command: Replace, offers: Offers
) -> tuple[list[tuple[Spot, int]], list[tuple[Spot, int]]]:
    """Where and when a load can come to a leg, and has to be when it leaves it: substitutes of
    neighbours may be offered their legs in any order.
    """
    before, behind = (
        [part for one in offers.couriers.get((command.job, number), ()) for part in parts[one]]
        for number in (command.leg - 1, command.leg + 1)
    )
    starts = [(part.dropoff, part.arrives_by + terms.dwell_seconds) for part in before]
    ends = [(part.pickup, part.pickup_until - terms.dwell_seconds) for part in behind]
    if not command.leg:
        starts = [(terms.origin, terms.ready_at)]
    if (command.job, command.leg + 1) not in offers.couriers:
        ends = [(terms.destination, terms.deliver_by)]
    return starts, ends


def standing_parts(evidence: Evidence, job: JobView) -> dict[Key, list[PlaceBid]]:
    """What each courier had bid for by their own word, and did not take back."""
    found: dict[Key, list[PlaceBid]] = defaultdict(list)
    for bid in evidence.bids.get(job.id, ()):
        try:
            told = opened(evidence, BID, (bid.agent, bid.statement, bid.signature), PlaceBid)
            is_standing = withdrawn_at(evidence, bid) == NEVER
        except Forged:
            continue  # the award's part has found that
        if told.job == job.id and is_standing:
            found[read_key(bid.agent)].append(told)
    return found


def is_price_of(terms: ListJob, cost: int, pay: int, before: int) -> bool:
    """A surplus that is shared stays as large as it was, unless the substitute costs more."""
    if terms.prices.policy is Pricing.AS_BID:
        return pay == cost
    return cost <= pay <= max(cost, before)


def is_near(terms: ListJob, one: Spot, other: Spot) -> bool:
    """A millimetre is no fraud: the matcher computes the same in another way."""
    return one.place.metres_to(other.place) <= terms.radius_m + MILLIMETRE


def check_award(
    evidence: Evidence, observed: Observed, job: JobView, award: Award
) -> Iterator[Finding]:
    where = f"job {job.id}"
    try:
        terms = opened(evidence, LIST, (job.shipper, job.statement, job.signature), ListJob)
    except Forged as forged:
        yield Finding("JobForged", where, str(forged))
        return
    bids: list[Candidate] = []
    for bid in evidence.bids.get(job.id, ()):
        try:
            told = opened(evidence, BID, (bid.agent, bid.statement, bid.signature), PlaceBid)
        except Forged as forged:
            yield Finding("BidForged", f"bid {bid.id}", str(forged))
            continue
        try:
            gone_at = withdrawn_at(evidence, bid)
        except Forged as forged:
            # Nobody took it back, so it takes part.
            yield Finding("WithdrawalForged", f"bid {bid.id}", str(forged))
            gone_at = NEVER
        if told.job == job.id:
            bids.append(Candidate(bid, told, gone_at))
    for bid_id in sorted(missing_bids(evidence, job)):
        why = f"it was told of, and is not shown among those of job {job.id}"
        yield Finding("BidVanished", f"bid {bid_id}", why)
    if not is_matched(observed, terms, bids, award):
        why = "the matcher chooses otherwise among the bids that were signed"
        yield Finding("AwardChanged", where, why)


def withdrawn_at(evidence: Evidence, bid: BidView) -> int:
    """When its agent took it back, by what the agent signed. Raises Forged."""
    shown = bid.withdrawal
    if shown is None:
        if bid.status is BidStatus.WITHDRAWN:
            raise Forged("it is shown as withdrawn, and nobody signed that")
        return NEVER
    told = (bid.agent, shown.statement, shown.signature)
    terms = opened(evidence, WITHDRAW, told, WithdrawBid)
    if (terms.bid, terms.digest) != (bid.id, digest_of(bid.statement)):
        raise Forged("its agent took another bid back")
    return int(msgspec.json.decode(shown.statement)["issued_at"])


def missing_bids(evidence: Evidence, job: JobView) -> AbstractSet[str]:
    """Bids of which a leg or the stream of events tells, and that are not among those shown."""
    told = evidence.told.get(job.id, frozenset()) | {leg.bid_id for leg in job.legs}
    return told - {bid.id for bid in evidence.bids.get(job.id, ())}


def is_matched(
    observed: Observed,
    terms: ListJob,
    bids: Sequence[Candidate],
    award: Award,
) -> bool:
    """Whether there was a second in which the matcher would have chosen this."""
    given = [(write_key(leg.courier), leg.pay, leg.duration) for leg in award.legs]
    for now in seconds_to_try(bids, award):
        live = [one for one in bids if one.stands_at(now)]
        agents = {one.bid.agent for one in live}
        # Lines of that very second may have been written before or after the look.
        first, last = bisect_left(observed.times, now), bisect_right(observed.times, now)
        for count in range(first, last + 1):
            scores = observed.scores(agents, count)
            offered = [
                Offered(
                    id=one.bid.id, agent=one.bid.agent, terms=one.terms, score=scores[one.bid.agent]
                )
                for one in live
            ]
            chosen = choose(terms, offered, now=now)
            if chosen and [(leg.agent, leg.pay, leg.duration) for leg in chosen] == given:
                return True
    return False


def seconds_to_try(bids: Sequence[Candidate], award: Award) -> list[int]:
    """When the matcher was asked: the first leg's time says it, whichever bid of its courier it was
    awarded for. Who carries it in the end may be somebody else.
    """
    said_at = award.accept_by - ACCEPT_SECONDS
    first = award.legs[0]
    asked_at = {
        said_at - (first.duration - duration_of(one.terms, since=said_at))
        for one in bids
        if one.bid.agent == write_key(first.courier)
    }
    possible = [second for second in asked_at if said_at - THINKS_SECONDS_MAX <= second <= said_at]
    return sorted(possible) or [said_at]


def read_log(evidence: Evidence, observed: Observed) -> Iterator[Finding]:
    """The market's own log: signed by it, each line after the one before."""
    before = "0" * 64
    standings: dict[str, Standing] = {}
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
        referrer = standings.get(sighting.counterparty, STRANGER)
        is_known = sighting.trust == referrer.score and not referrer.is_stranger
        if sighting.kind is SeenKind.REFERRED and not is_known:
            yield Finding("TrustWrong", where, "whoever refers did not stand so with the market")
        seen = standings.get(sighting.subject, STRANGER)
        standings[sighting.subject] = after(seen, seen_in(sighting))


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
