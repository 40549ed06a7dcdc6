"""Long work as something with an id: which services it is about, and what it came to. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from orca.planning import Copy, Phase, ServiceState, State, search_failed

CRASHES_MAX = 3


class Outcome(StrEnum):
    """RUNNING until all services of the job have come to something."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: releases by their services. `since` is the first event of it."""

    id: str
    what: str
    releases: dict[str, int]
    since: int
    at: str
    by: str
    outcome: Outcome = Outcome.RUNNING
    words: tuple[str, ...] = ()


def judged(job: Job, state: State) -> Job:
    """The job with its outcome, if it has one by now. Once it has, it keeps it."""
    if job.outcome is not Outcome.RUNNING:
        return job
    found = [
        outcome_of(state, state.services.get(name), number)
        for name, number in sorted(job.releases.items())
    ]
    outcomes = {outcome for outcome, _ in found}
    if Outcome.RUNNING in outcomes:
        return job
    outcome = Outcome.FAILED if Outcome.FAILED in outcomes else Outcome.DONE
    words = tuple(words for _, words in found if words)
    return msgspec.structs.replace(job, outcome=outcome, words=words)


def outcome_of(state: State, service: ServiceState | None, number: int) -> tuple[Outcome, str]:
    if service is None:
        return Outcome.DONE, ""
    if service.target.number == number and not service.verdict:
        return outcome_on_the_way(state, service)
    if service.target.number == number or service.verdict.startswith(f"Release {number} "):
        return Outcome.FAILED, f"{service.id}: {service.verdict}"
    return Outcome.DONE, f"{service.id}: overtaken by release {service.target.number}"


def outcome_on_the_way(state: State, service: ServiceState) -> tuple[Outcome, str]:
    if why := search_failed(service):
        return Outcome.FAILED, f"{service.id}: {why} It is looked for again and again."
    if service.rollout is None or not service.replicas:
        return outcome_in_place(state, service)
    new = [copy for copy in service.copies if copy.release.number == service.target.number]
    if service.rollout.is_canary and new and all(map(state.is_available, new)):
        return Outcome.DONE, f"{service.id}: its canary serves: orca promote {service.id}"
    stuck = next((copy for copy in new if is_stuck(state, service, copy)), None)
    if stuck is None:
        return Outcome.RUNNING, ""
    said = f": {stuck.reason}" if stuck.reason else ""
    return Outcome.FAILED, f"{stuck.id} does not come up{said}. It is tried again and again."


def outcome_in_place(state: State, service: ServiceState) -> tuple[Outcome, str]:
    """What is to end on a node that is away, or whose engine is, ends when that is back: nobody
    waits here for it.
    """
    left = [copy for copy in service.copies if ends_later(state, copy)]
    serving = sum(map(state.is_available, service.copies))
    is_whole = serving == service.replicas == len(service.copies) - len(left)
    words = "".join(f"{copy.id} ends when {copy.node} is back. " for copy in left).strip()
    return (Outcome.DONE, words) if is_whole else (Outcome.RUNNING, "")


def ends_later(state: State, copy: Copy) -> bool:
    return copy.phase is Phase.ENDING and state.is_out_of_sight(copy.node)


def is_stuck(state: State, service: ServiceState, copy: Copy) -> bool:
    """Of a first release nothing is given up for another one; but nobody is kept waiting. Where
    there is one to go back to, the plan judges, a moment later perhaps, and says why.
    """
    rollout = service.rollout
    is_judged = rollout and rollout.before and not rollout.has_failed
    if is_judged and not state.is_out_of_sight(copy.node):
        return False
    within = service.spec.deploy.ready_within_secs * 1_000
    return not copy.is_ready and (copy.crashes >= CRASHES_MAX or state.clock - copy.since > within)
