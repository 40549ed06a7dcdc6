"""The control plane: what happens goes through the plan's step, into the store, and only then to
the nodes. There is one of it, and it does one thing after the other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from basis.clock import Clock, system_clock
from basis.errors import Conflict, DomainError, NotFound
from basis.ids import new_id
from orca.control.edges import Edges, ground_of
from orca.control.jobs import Job, judged
from orca.control.keeping import Keeper
from orca.control.nodes import Link, Links
from orca.control.outcomes import Outcome
from orca.control.settling import Settled, check_still_allowed, notes_of
from orca.control.telling import Note, happenings
from orca.link import Env, ToRoute, ToRun
from orca.planning import (
    Deploy,
    Event,
    Forget,
    Patience,
    Route,
    Run,
    State,
    Step,
    Tick,
    step,
    wanted_on,
)
from orca.secrets import Tampered, Vault
from orca.spec import Cluster, ClusterFile, Machine, Notify, SecretMissing
from orca.store import Delete, Put, Store

logger = logging.getLogger(__name__)

EVENTS, JOBS, SETTINGS = "events/", "jobs/", "settings"
EVENTS_MAX = 1_000
JOBS_MAX = 50
TICK_SECONDS = 1.0


Hearer = Callable[[State, State], Awaitable[None]]
"""Is told of every change, as it was and as it is. It has to be quick, and to raise nothing."""


class NoSuchJob(NotFound):
    """A job that never was, or so long ago that it is forgotten."""


class VolumesGoing(Conflict):
    """A service whose volumes are being taken away: it would begin with some of them."""


class Told(msgspec.Struct, frozen=True):
    """An event as it is kept and shown."""

    number: int
    at: str
    about: str
    words: str


@dataclass
class Control:
    """Everything the control plane knows, with the way to its nodes."""

    store: Store
    vault: Vault
    links: Links
    name: str
    """Of the cluster."""
    clock: Clock = system_clock
    wall: Callable[[], float] = time.time
    """Seconds as this machine counts them. It may leap."""
    patience: Patience = field(default_factory=Patience)
    state: State = field(default_factory=State)
    events: dict[int, Told] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    hearers: list[Hearer] = field(default_factory=list)
    giving_up: set[str] = field(default_factory=set)
    """Removed services whose volumes nodes are taking away just now."""
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    settings: ClusterFile = field(init=False)
    """What holds for all, as `cluster.toml` said it when it was deployed last."""
    edges: Edges = field(default_factory=Edges)
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.store)
        self.stand_on(ClusterFile(cluster=Cluster(name=self.name)))

    def stand_on(self, settings: ClusterFile) -> None:
        self.settings = settings
        self.edges.ground = ground_of(settings)

    @property
    def notify(self) -> Notify | None:
        """Who is told what goes wrong."""
        return self.settings.notify

    def machine_of(self, node: str) -> Machine | None:
        """What people say of a node."""
        return next((each for each in self.settings.node if each.name == node), None)

    async def open(self) -> None:
        self.state = replace(await self.keeper.load(), patience=self.patience)
        for entry in (await self.store.range(SETTINGS)).entries:
            self.stand_on(msgspec.json.decode(entry.value, type=ClusterFile))
        for entry in (await self.store.range(EVENTS)).entries:
            told = msgspec.json.decode(entry.value, type=Told)
            self.events[told.number] = told
        for entry in (await self.store.range(JOBS)).entries:
            job = msgspec.json.decode(entry.value, type=Job)
            self.jobs[job.id] = job

    async def tell(
        self,
        event: Event,
        *,
        job: Job | None = None,
        settled: Settled | None = None,
        link: Link | None = None,
    ) -> State:
        """Raises what the plan refuses, and then nothing has happened; StoreAway, SettledAnew and
        VolumesGoing likewise. What is settled holds with the event or not at all. What came by a
        link that was dismissed while it waited for its turn is not listened to.
        """
        async with self.deciding:
            if settled is not None:
                settled.check(self.settings)
            self.check_volumes(event)
            before = self.state
            if link is not None and link.is_dismissed:
                return before
            after, steps = step(before, event, int(self.wall() * 1_000))
            check_still_allowed(event, after, self.settings)
            notes = [*notes_of(settled), *happenings(before, after)]
            events, jobs = self.numbered(notes), self.changed_jobs(after, job)
            kept = [*kept_settings(settled), *kept_events(self, events), *kept_jobs(self, jobs)]
            await self.keeper.save(after, kept)
            self.state = after
            if settled is not None:
                self.stand_on(settled.after)
            self.take(events, jobs)
            for hear in self.hearers:
                await hear(before, after)
        for one in steps:
            await self.carry_out(one)
        return after

    async def note(self, notes: list[Note]) -> None:
        """What happened beside the plan. Raises StoreAway."""
        async with self.deciding:
            events = self.numbered(notes)
            await self.keeper.save(self.state, [*kept_events(self, events)])
            self.take(events, [])

    def check_volumes(self, event: Event) -> None:
        """Raises VolumesGoing."""
        named = event.services if isinstance(event, Deploy) else ()
        for name in sorted({each.id for each in named} & self.giving_up):
            raise VolumesGoing(f"The volumes of {name} are being taken away. Deploy it afterwards.")

    async def store_revision(self) -> int:
        return (await self.store.range(SETTINGS, limit=1)).revision

    def numbered(self, notes: list[Note]) -> list[Told]:
        at = self.clock().isoformat(timespec="milliseconds")
        first = max(self.events, default=0) + 1
        return [
            Told(first + index, at, note.about, note.words[:1_000])
            for index, note in enumerate(notes[-EVENTS_MAX // 10 :])
        ]

    def changed_jobs(self, after: State, new: Job | None) -> list[Job]:
        open_ones = [job for job in self.jobs.values() if job.outcome is Outcome.RUNNING]
        changed = [found for job in open_ones if (found := judged(job, after)) is not job]
        return [*changed, *([judged(new.begun(after), after)] if new else [])]

    def take(self, events: list[Told], jobs: list[Job]) -> None:
        for told in events:
            self.events[told.number] = told
        for number in sorted(self.events)[:-EVENTS_MAX]:
            del self.events[number]
        for job in jobs:
            self.jobs[job.id] = job
        for id_ in sorted(self.jobs)[:-JOBS_MAX]:
            del self.jobs[id_]

    def new_job(self, what: str, services: list[str], by: str, *, node: str = "") -> Job:
        """With the releases that its services will have; told along with its event."""
        return Job(
            id=new_id(),
            what=what,
            releases=dict.fromkeys(services, 0),
            since=max(self.events, default=0),
            at=self.clock().isoformat(timespec="seconds"),
            by=by,
            node=node,
        )

    def load_job(self, id_: str) -> Job:
        if id_ not in self.jobs:
            raise NoSuchJob(f"There is no job {id_[:40]!r}.")
        return self.jobs[id_]

    async def check_secrets(self, deploy: Deploy) -> None:
        """Before anything is begun. Raises SecretMissing, with its name."""
        for declared in deploy.services:
            project = declared.id.partition("/")[0]
            await self.vault.fill(project, declared.service.env)

    async def carry_out(self, one: Step) -> None:
        """What is lost on the way is told again with the next tick."""
        if isinstance(one, Run):
            self.links.send(one.node, ToRun(one, await self.env_for(one)))
        else:
            orders = self.edges.orders_for(one.node, self.state)
            self.links.send(one.node, ToRoute(one, orders))

    async def greet(self, node: str) -> None:
        """The full set for a node that has just connected, whether it obeys it already or not: it
        may have forgotten its secrets.
        """
        run = Run(node, self.state.revision, wanted_on(self.state, node))
        await self.carry_out(run)
        await self.tell_edges([node])

    async def tell_edges(self, nodes: Iterable[str]) -> None:
        """All of it, also what is of no revision: doors, certificates, challenges."""
        for node in nodes:
            await self.carry_out(Route(node, self.state.revision, self.state.routes))

    async def dismiss(self, node: str) -> None:
        """It is forgotten. If it can be told, it is told to run nothing: what runs there was begun
        elsewhere, and nobody would ever end it.
        """
        self.links.mark_dismissed(node)
        try:
            after = await self.tell(Forget(node))
            self.links.send(node, ToRun(Run(node, after.revision, ()), {}))
        finally:
            await self.links.dismiss(node)

    async def env_for(self, run: Run) -> Env:
        """A copy whose secrets cannot be had is left out: its node says that it waits for them."""
        found: dict[str, Mapping[str, str]] = {}
        for wanted in run.wanted:
            project = wanted.copy.service.partition("/")[0]
            templates = wanted.declared.service.env
            try:
                filled = await self.vault.fill(project, templates)
            except (SecretMissing, Tampered) as missing:
                logger.warning("%s: %s", wanted.copy, missing)
                continue
            found[str(wanted.copy)] = {name: str(value) for name, value in filled.values.items()}
        return found

    async def go_on(self) -> None:
        """Time, for ever. A tick that cannot be kept is left out; the next one comes."""
        while True:
            try:
                await self.tell(Tick())
                await self.tell_edges(self.edges.behind(self.state, [*self.links.by_node]))
            except DomainError as error:
                logger.warning("a tick was left out: %s", error)
            await asyncio.sleep(TICK_SECONDS)


def kept_settings(settled: Settled | None) -> list[Put | Delete]:
    if settled is None or settled.after is settled.before:
        return []
    return [Put(SETTINGS, msgspec.json.encode(settled.after))]


def kept_events(control: Control, events: list[Told]) -> list[Put | Delete]:
    puts = [Put(key_of(told.number), msgspec.json.encode(told)) for told in events]
    over = len(control.events) + len(events) - EVENTS_MAX
    gone = sorted(control.events)[: max(0, over)]
    return [*puts, *(Delete(key_of(number)) for number in gone)]


def key_of(number: int) -> str:
    return f"{EVENTS}{number:012d}"


def kept_jobs(control: Control, jobs: list[Job]) -> list[Put | Delete]:
    puts = [Put(JOBS + job.id, msgspec.json.encode(job)) for job in jobs]
    new = {job.id for job in jobs} - {*control.jobs}
    over = len(control.jobs) + len(new) - JOBS_MAX
    gone = sorted(control.jobs)[: max(0, over)]
    return [*puts, *(Delete(JOBS + id_) for id_ in gone)]
