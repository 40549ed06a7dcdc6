"""Requests that go to what is not ready, and for how long they may.

Nobody can be told over a cut link. So the promise is of those who are in touch with the control
plane: link and agent and disk are well, and the control plane is up and can write. When the edge
that requests come in by and the node of a container have both been in touch for five seconds on
end, and the container has not been ready for as long, then no request goes there.

Of a node that is silent nobody knows what is ready. Its containers get no requests as soon as it is
taken for away, unless there is no other that is better: that is looked at where it is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orca.planning import State
from orca.scheduling import CopyId
from orca.simulation.checks import Broken
from orca.simulation.machines import Machine

UNREADY_MS_MAX = 5_000
WHOLE = 10_000
"""All requests for a service."""


@dataclass
class Touch:
    """Since when each node is in touch, since when each container that gets requests is unready."""

    since: dict[str, int] = field(default_factory=dict)
    unready: dict[CopyId, int] = field(default_factory=dict)
    longest_ms: int = 0
    """The longest time that requests went to what was not ready while both were in touch."""

    def note(self, machines: Mapping[str, Machine], in_touch: Iterable[str], now: int) -> None:
        """A second later. Who is not in touch begins anew."""
        known = self.since
        self.since = {name: known.get(name, now) for name in in_touch}
        self.note_unready(machines, now)

    def note_unready(self, machines: Mapping[str, Machine], now: int) -> None:
        tables = {id(machine.disk.routes): machine.disk.routes for machine in machines.values()}
        named = {
            (each.copy, each.node)
            for table in tables.values()
            for upstreams in table.values()
            for each in upstreams
        }
        known = self.unready
        self.unready = {
            copy: known.get(copy, now)
            for copy, node in named
            if not machines[node].is_ready(copy, now)
        }

    def check(self, machines: Mapping[str, Machine], now: int) -> None:
        if not self.unready:
            return
        for name in self.since:
            for upstreams in machines[name].disk.routes.values():
                for each in upstreams:
                    self.check_one(name, each.copy, each.node, now)

    def check_one(self, edge: str, copy: CopyId, node: str, now: int) -> None:
        if copy not in self.unready or node not in self.since:
            return
        lasts = now - max(self.since[edge], self.since[node], self.unready[copy])
        self.longest_ms = max(self.longest_ms, lasts)
        if lasts > UNREADY_MS_MAX:
            raise Broken(
                f"the proxy of {edge} sends requests to {copy} on {node}, "
                f"which is not ready, for {lasts // 1_000} s"
            )


def check_routes(state: State) -> None:
    """As it is decided: nothing gets requests that is known not to be ready; nothing on a node that
    is away, if the same service has a copy that can be heard.
    """
    for name, upstreams in state.routes.items():
        service = state.services[name]
        known = {copy.id: copy for copy in service.copies}
        has_better = any(map(state.is_available, service.copies))
        for each in upstreams:
            copy = known.get(each.copy)
            if copy is None or not copy.is_ready or not copy.is_live:
                raise Broken(f"requests are to go to {each.copy}, which is known not to be ready")
            if has_better and state.is_away(copy.node):
                raise Broken(f"requests are to go to {each.copy}, and nothing is heard of its node")
        if upstreams and sum(each.share for each in upstreams) != WHOLE:
            raise Broken(f"the shares of {name} do not add up")
        if has_better and not upstreams:
            raise Broken(f"{name} has a copy that is ready, and gets no requests")
