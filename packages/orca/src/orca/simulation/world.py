"""One seed, one history: a stretch with faults, then quiet, in which everything has to settle."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from basis.errors import DomainError
from orca.planning import Deploy, Event, Join, Report, State, Step, Tick, step
from orca.scheduling import CopyId
from orca.simulation.checks import (
    Broken,
    check_gone,
    check_hearing,
    check_known,
    check_machines,
    check_rest,
    check_step,
    unsettled,
)
from orca.simulation.faults import HOUR_MS, suffer
from orca.simulation.links import CONTROL, Links
from orca.simulation.machines import Machine
from orca.simulation.storing import Stored
from orca.simulation.touch import Touch, check_routes
from orca.simulation.wishes import draw_nodes, quiet

STEP_MS = 1_000
FAULTY_STEPS = 120
SETTLED_WITHIN = 50
DIARY_LINES = 30
DEATH, LOOK_AT_REST = 0.002, 0.02

Decide = Callable[[State, Event, int], tuple[State, tuple[Step, ...]]]


@dataclass(frozen=True)
class Outcome:
    """What a history came to: decisions, messages, lost ones, and steps until all was settled."""

    seed: int
    decisions: int
    sent: int
    lost: int
    settled_after: int
    unready_ms: int
    """The longest time that requests went to what was not ready while those concerned were in
    touch.
    """


@dataclass
class World:
    """The control plane with what it stored, its nodes, the links between them, and the time."""

    seed: int
    kind: type[Machine] = Machine
    step: Decide = step
    chance: Random = field(init=False)
    links: Links = field(init=False)
    machines: dict[str, Machine] = field(init=False)
    names: list[str] = field(init=False)
    state: State = field(default_factory=State)
    stored: Stored = field(default_factory=Stored)
    touch: Touch = field(default_factory=Touch)
    now: int = 0
    skew: int = 0
    down_until: int = 0
    decisions: int = 0
    wishes: int = 0
    is_lull: bool = False
    ever: set[CopyId] = field(default_factory=set)
    diary: deque[str] = field(default_factory=lambda: deque(maxlen=DIARY_LINES))

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - a history has to come again from its seed
        draw = self.chance
        self.links = Links(
            draw, draw.uniform(0, 0.4), draw.uniform(0, 0.3), draw.choice([100, 900, 5_000])
        )
        self.machines = {node.name: self.kind(node, draw) for node in draw_nodes(draw)}
        self.names = list(self.machines)

    @property
    def is_up(self) -> bool:
        return self.now >= self.down_until

    def begin(self) -> None:
        for machine in self.machines.values():
            machine.boot()
            self.decide(Join(machine.node))
        self.decide(Deploy((quiet(),)))

    def decide(self, event: Event) -> None:
        """The control plane takes an event: state first, then words. It may die in between."""
        if not self.is_up:
            return
        before = self.state
        try:
            after, steps = self.step(before, event, self.now + self.skew)
        except DomainError as refusal:
            self.write(f"refused: {refusal}")
            return
        self.decisions += 1
        if isinstance(event, Report):
            check_hearing(before, after, event)
        if after.services != before.services:
            check_step(before, after, self.ever, is_wish=not isinstance(event, Report | Tick))
            check_gone(before, after, self.machines)
        if self.is_unlucky(DEATH):
            self.die()
            return  # before anything was stored: it never happened
        if not self.stored.keep(after):
            return  # nor did this, and nobody died of it
        if after.services is not before.services:
            self.ever.update(copy.id for each in after.services.values() for copy in each.copies)
        self.state = after
        if self.is_unlucky(DEATH):
            self.die()
            return  # it was stored, and nobody was told
        for one in steps:
            self.links.send(self.now, CONTROL, one.node, one)

    def die(self) -> None:
        """What was not stored is gone, and the clock is another one."""
        self.state = self.stored.read()
        self.links.hang_up()
        self.down_until = self.now + self.chance.randint(1, 30) * STEP_MS
        self.skew = self.chance.choice([0, -HOUR_MS, HOUR_MS, self.chance.randint(-5_000, 5_000)])
        self.write("the control plane died")

    def is_unlucky(self, share: float) -> bool:
        return not self.links.is_calm and self.chance.random() < share

    def pass_time(self) -> None:
        """A second: messages arrive, containers live and die, everybody says what there is."""
        self.now += STEP_MS
        for target, message in self.links.arrived(self.now):
            if target == CONTROL:
                self.decide(message)
            else:
                self.machines[target].hear(message)
        for name, machine in self.machines.items():
            machine.work(self.now)
            if machine.is_up:
                if machine.is_new:
                    self.links.send(self.now, name, CONTROL, Join(machine.node))
                self.links.send(self.now, name, CONTROL, machine.report(self.now))
        self.decide(Tick())
        self.check()

    def check(self) -> None:
        check_known(self.state, self.machines)
        check_machines(self.machines)
        self.touch.note(self.machines, self.in_touch(), self.now)
        self.touch.check(self.machines, self.now)
        if self.is_up and not self.stored.is_full:
            check_routes(self.state)
            if self.state.rests and self.chance.random() < LOOK_AT_REST:
                check_rest(self.state)

    def in_touch(self) -> list[str]:
        """Whoever can hear the control plane and be heard by it, with a disk to obey by."""
        if not self.is_up or self.stored.is_full:
            return []
        return [
            name
            for name, machine in self.machines.items()
            if machine.is_up and not machine.is_full and self.links.are_well(name)
        ]

    def calm(self) -> None:
        """The faults end: links are whole, everybody is up."""
        self.links.calm()
        self.down_until = self.now
        self.stored.is_full = False
        for machine in self.machines.values():
            machine.is_full = False
            if not machine.is_up:
                machine.boot()
        self.write("the faults have ended")

    def write(self, words: str) -> None:
        self.diary.append(f"{self.now // STEP_MS:4} {words}")


def simulate(
    seed: int,
    *,
    faulty_steps: int = FAULTY_STEPS,
    kind: type[Machine] = Machine,
    step: Decide = step,
) -> Outcome:
    """The history of a seed. Raises Broken, with how to see it again."""
    world = World(seed, kind, step)
    try:
        return live(world, faulty_steps)
    except Broken as broken:
        told = "\n".join(world.diary)
        again = f"again: python -m orca.simulation {seed} --steps {faulty_steps}"
        raise Broken(f"{broken} at second {world.now // STEP_MS}\n{told}\n{again}") from None


def live(world: World, faulty_steps: int) -> Outcome:
    world.begin()
    for _ in range(faulty_steps):
        suffer(world)
        world.pass_time()
    world.calm()
    why: str | None = "nothing was looked at"
    for after in range(SETTLED_WITHIN):
        world.pass_time()
        why = unsettled(world.state, world.machines, world.now)
        if why is None:
            check_stays(world)
            return outcome_of(world, after + 1)
    raise Broken(f"not settled within {SETTLED_WITHIN} steps: {why}")


def outcome_of(world: World, settled_after: int) -> Outcome:
    links, unready_ms = world.links, world.touch.longest_ms
    return Outcome(world.seed, world.decisions, links.sent, links.lost, settled_after, unready_ms)


def check_stays(world: World) -> None:
    """What is settled is left alone: nothing is decided any more."""
    revision = world.state.revision
    for _ in range(10):
        world.pass_time()
        check_traffic(world)
    if world.state.revision != revision:
        raise Broken("it was settled, and went on deciding")


def check_traffic(world: World) -> None:
    for machine in world.machines.values():
        for upstreams in machine.disk.routes.values():
            for each in upstreams:
                if not world.machines[each.node].is_ready(each.copy, world.now):
                    raise Broken(f"requests go to {each.copy}, which is not ready")
