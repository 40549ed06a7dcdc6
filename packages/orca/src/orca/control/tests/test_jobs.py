"""What a job comes to, from the state alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orca.control import Job, Outcome
from orca.control.jobs import judged
from orca.planning import (
    Copy,
    Declaration,
    NodeState,
    Phase,
    Release,
    Rollout,
    ServiceState,
    State,
)
from orca.scheduling import CopyId, Node
from orca.spec import Service

JOB = Job(id="1", what="deploy", releases={"shop/web": 2}, since=0, at="", by="ops")


def release(number: int) -> Release:
    return Release(number, Declaration("shop/web", Service(name="web", image=f"web:{number}")))


def late(before: Release | None, *, heard: int = 200_000) -> State:
    """A copy of release 2 that should have been ready long ago."""
    copy = Copy(CopyId("shop/web", 0, 2), release(2), "n1", phase=Phase.STARTING, since=0)
    service = ServiceState("shop/web", release(2), Rollout(before), (copy,))
    nodes = {"n1": NodeState(Node("n1", 1_000, 1 << 30), heard)}
    return State({"shop/web": service}, nodes, clock=200_000)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (late(release(1)), Outcome.RUNNING),
        (late(None), Outcome.FAILED),
        (late(release(1), heard=0), Outcome.FAILED),
    ],
)
def test_a_release_that_the_plan_will_judge_is_judged_by_it(state: State, outcome: Outcome) -> None:
    """Of a first one, or one that cannot be heard, the plan says nothing: the job does."""
    assert judged(JOB, state).outcome is outcome


def test_the_verdict_of_the_plan_is_what_the_job_says() -> None:
    [(name, service)] = late(release(1)).services.items()
    told = replace(service, target=release(3), verdict="Release 2 failed: it ended 3 times.")
    job = judged(JOB, replace(late(None), services={name: told}))
    assert (job.outcome, job.words) == (
        Outcome.FAILED,
        ("shop/web: Release 2 failed: it ended 3 times.",),
    )
