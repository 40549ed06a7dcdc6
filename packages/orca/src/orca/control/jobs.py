"""Long work as something with an id: which services it is about, and what it came to. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orca.control.draining import left_on, outcome_of_drain
from orca.control.outcomes import Found, Outcome, ends_later, is_overdue
from orca.planning import Copy, ServiceState, State, search_failed


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: releases by their services, or a node that is drained, with the services
    that were on it. `since` is the first event of it.
    """

    id: str
    what: str
    releases: dict[str, int]
    since: int
    at: str
    by: str
    outcome: Outcome = Outcome.RUNNING
    words: tuple[str, ...] = ()
    verdicts: Mapping[str, str] = {}
    """Of its services when it was begun: what was said before is not said of this."""
    node: str = ""
    moved: tuple[str, ...] = ()

    @property
    def about(self) -> frozenset[str]:
        """What its events are about."""
        return frozenset((*self.releases, *self.moved, self.node))

    def begun(self, after: State) -> Job:
        """As the event that was told with it left everything."""
        services = {
            name: service for name in self.releases if (service := after.services.get(name))
        }
        return msgspec.structs.replace(
            self,
            releases={name: service.target.number for name, service in services.items()},
            verdicts={name: service.verdict for name, service in services.items()},
            moved=tuple({service.id for service, _ in left_on(after, self.node)}),
        )


def judged(job: Job, state: State) -> Job:
    """The job with its outcome, if it has one by now. Once it has, it keeps it."""
    if job.outcome is not Outcome.RUNNING:
        return job
    found = outcome_of_drain(state, job.node) if job.what == "drain" else outcomes_of(job, state)
    outcomes = {outcome for outcome, _ in found}
    if Outcome.RUNNING in outcomes:
        return job
    outcome = Outcome.FAILED if Outcome.FAILED in outcomes else Outcome.DONE
    words = tuple(words for _, words in found if words)
    return msgspec.structs.replace(job, outcome=outcome, words=words)


def outcomes_of(job: Job, state: State) -> list[Found]:
    return [
        outcome_of(state, state.services.get(name), number, job.verdicts.get(name, ""))
        for name, number in sorted(job.releases.items())
    ]


def outcome_of(state: State, service: ServiceState | None, number: int, known: str) -> Found:
    """`known` is the verdict of before: who aborts a release is not told that it failed."""
    if service is None:
        return Outcome.DONE, ""
    verdict = "" if service.verdict == known else service.verdict
    if service.target.number == number and not verdict:
        return outcome_on_the_way(state, service)
    if service.target.number == number or verdict.startswith(f"Release {number} "):
        return Outcome.FAILED, f"{service.id}: {verdict}"
    return Outcome.DONE, f"{service.id}: overtaken by release {service.target.number}"


def outcome_on_the_way(state: State, service: ServiceState) -> Found:
    if why := search_failed(service):
        again = "It is looked for again and again."
        if service.target.declared.context:
            again = "It is built again when it is deployed again."
        return Outcome.FAILED, f"{service.id}: {why} {again}"
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


def outcome_in_place(state: State, service: ServiceState) -> Found:
    """What is to end on a node that is away, or whose engine is, ends when that is back: nobody
    waits here for it.
    """
    left = [copy for copy in service.copies if ends_later(state, copy)]
    serving = sum(map(state.is_available, service.copies))
    is_whole = serving == service.replicas == len(service.copies) - len(left)
    words = "".join(f"{copy.id} ends when {copy.node} is back. " for copy in left).strip()
    return (Outcome.DONE, words) if is_whole else (Outcome.RUNNING, "")


def is_stuck(state: State, service: ServiceState, copy: Copy) -> bool:
    """Of a first release nothing is given up for another one; but nobody is kept waiting. Where
    there is one to go back to, the plan judges, a moment later perhaps, and says why.
    """
    rollout = service.rollout
    is_judged = rollout and rollout.before and not rollout.has_failed
    if is_judged and not state.is_out_of_sight(copy.node):
        return False
    return is_overdue(state, service, copy)
