"""When long work has come to something."""

from __future__ import annotations

from orca.control import Job, Outcome
from orca.control.jobs import judged
from orca.planning import (
    Declaration,
    Deploy,
    Event,
    Join,
    Report,
    Seen,
    State,
    Tick,
    step,
    wanted_on,
)
from orca.scheduling import Node
from orca.spec import Service

GIB = 1 << 30
SECOND = 1_000


class Story:
    """A cluster of nodes that do as they are told, second by second."""

    def __init__(self, *nodes: str) -> None:
        self.state, self.now, self.number = State(), 0, 0
        for name in nodes:
            self.tell(Join(Node(name, 4_000, 8 * GIB)))

    def tell(self, event: Event) -> None:
        self.state, _ = step(self.state, event, self.now)

    def live(self, seconds: int, *heard: str) -> None:
        """Only of these is anything heard."""
        for _ in range(seconds):
            self.now += SECOND
            for name in heard:
                self.number += 1
                wanted = wanted_on(self.state, name)
                running = tuple(Seen(each.copy, is_ready=True) for each in wanted)
                at = self.state.revision
                self.tell(Report(name, 1, self.number, at, self.state.routed_at, running))
            self.tell(Tick())


def declared(image: str) -> Deploy:
    service = Service(name="web", image=image, replicas=2)
    return Deploy((Declaration("shop/web", service),))


def job_of(release: int) -> Job:
    return Job(id="1", what="deploy", releases={"shop/web": release}, since=0, at="", by="")


def test_a_deploy_does_not_wait_for_what_ends_on_a_node_that_is_away() -> None:
    """It ends there when the node is back, and is not forgotten until then."""
    story = Story("a", "b")
    story.tell(declared("web:1"))
    story.live(5, "a", "b")
    assert judged(job_of(1), story.state).outcome is Outcome.DONE
    story.live(20, "a")
    story.tell(declared("web:2"))
    story.live(20, "a")
    told = judged(job_of(2), story.state)
    assert told.outcome is Outcome.DONE
    [words] = told.words
    assert words.endswith("ends when b is back.")
    story.live(5, "a", "b")
    assert {copy.node for copy in story.state.services["shop/web"].copies} == {"a"}
    assert judged(job_of(2), story.state).words == ()


def test_a_deploy_waits_for_what_ends_on_a_node_that_is_there() -> None:
    story = Story("a")
    story.tell(declared("web:1"))
    story.live(5, "a")
    story.tell(declared("web:2"))
    assert judged(job_of(2), story.state).outcome is Outcome.RUNNING
    story.live(10, "a")
    assert judged(job_of(2), story.state).outcome is Outcome.DONE
