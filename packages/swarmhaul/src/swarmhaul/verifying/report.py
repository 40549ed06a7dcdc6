"""All that is checked, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from basis.kit.signing import write_key
from swarmhaul.verifying.awards import award_in, check_awards
from swarmhaul.verifying.evidence import Evidence, Finding
from swarmhaul.verifying.rail import Replay, check_rail


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    evidence: Evidence
    findings: tuple[Finding, ...]
    issued: int
    held: int
    escrow: int

    @property
    def is_good(self) -> bool:
        return not self.findings

    def lines(self) -> list[str]:
        seen = self.evidence
        head = seen.entries[-1].hash.hex() if seen.entries else "none"
        awards = sum(award_in(taken) is not None for taken in seen.entries)
        bids = sum(map(len, seen.bids.values()))
        return [
            f"market {seen.market}, rail {seen.rail}, treasury {write_key(seen.treasury)}",
            f"{len(seen.entries):,} entries, the last with the hash {head}",
            f"{awards:,} awards, {len(seen.jobs):,} jobs, {bids:,} bids, {len(seen.lines):,} lines",
            f"{self.issued:,} lamports: {self.held:,} in wallets, {self.escrow:,} in escrow",
            *map(str, self.findings),
            "All of it is as it should be." if self.is_good else "This market cannot be believed.",
        ]


def verify(evidence: Evidence) -> Report:
    replay = Replay.of(evidence)
    findings = (*check_rail(replay), *check_awards(evidence))
    return Report(
        evidence=evidence,
        findings=findings,
        issued=replay.engine.issued,
        held=sum(replay.engine.balances.values()),
        escrow=sum(job.escrow for job in replay.engine.jobs.values()),
    )
