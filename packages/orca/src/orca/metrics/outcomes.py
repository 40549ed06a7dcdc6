"""How releases ended since this process was started: counted from one state to the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from orca.planning import ServiceState, State

SERVED, FAILED = "served", "failed"


@dataclass
class Outcomes:
    """One of those who are told of every change of the cluster."""

    counted: Counter[str] = field(default_factory=lambda: Counter({SERVED: 0, FAILED: 0}))

    async def hear(self, before: State, after: State) -> None:
        for name, new in after.services.items():
            old = before.services.get(name)
            if old is not None and old is not new and (outcome := outcome_of(old, new)):
                self.counted[outcome] += 1


def outcome_of(old: ServiceState, new: ServiceState) -> str | None:
    """That what served before serves again is no success of its own."""
    if new.verdict.startswith("Release ") and new.verdict != old.verdict:
        return FAILED
    if old.rollout and not old.rollout.is_back and new.rollout is None:
        return SERVED
    return None
