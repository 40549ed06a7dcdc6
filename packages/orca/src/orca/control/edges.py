"""What the edges are told beyond the plan, and what each of them obeys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from orca.edge import Doors, EdgeOrders, Served, digest_of, reached_from, sites_of
from orca.link import Obeyed
from orca.planning import State
from orca.spec import ClusterFile, Edge, Signing


class Ground(msgspec.Struct, frozen=True):
    """What `cluster.toml` says of nodes and edges, as it was kept."""

    addresses: Mapping[str, str] = {}
    edge: Edge = Edge()
    signing: Signing = Signing()
    mail: str | None = None


def ground_of(settings: ClusterFile) -> Ground:
    addresses = {machine.name: machine.address for machine in settings.node}
    return Ground(addresses, settings.edge, settings.certificates, settings.cluster.acme_email)


@dataclass
class Edges:
    """`certificates` and `challenges` are in memory only: the keys lie in the vault."""

    ground: Ground = field(default_factory=Ground)
    certificates: tuple[Served, ...] = field(default=(), repr=False)
    challenges: Mapping[str, str] = field(default_factory=dict)
    obeyed: dict[str, Obeyed] = field(default_factory=dict)

    def is_edge(self, node: str) -> bool:
        return self.ground.edge.nodes is None or node in self.ground.edge.nodes

    def orders_for(self, node: str, state: State) -> EdgeOrders | None:
        """Whole sites, with the copies of all nodes as this one reaches them."""
        if not self.is_edge(node):
            return None
        edge = self.ground.edge
        services = {
            name: service.spec for name, service in state.services.items() if not service.is_removed
        }
        addresses = reached_from(node, state.routes, self.ground.addresses)
        return EdgeOrders(
            Doors(edge.http_port, edge.https_port, edge.trusted),
            sites_of(services, state.routes, addresses),
            self.certificates,
            self.challenges,
        )

    def behind(self, state: State, connected: Iterable[str]) -> list[str]:
        """Who is there and does not obey what is wished now."""
        return [node for node in connected if node in state.nodes and not self.obeys(node, state)]

    def obeys(self, node: str, state: State) -> bool:
        said = self.obeyed.get(node, Obeyed()).digest
        return said == digest_of(self.orders_for(node, state))

    def trouble_of(self, node: str) -> str:
        return self.obeyed.get(node, Obeyed()).trouble

    def words_for(self, node: str, state: State) -> str:
        """How an edge does, for people; nothing of a node that is none."""
        if not self.is_edge(node) or not state.routes:
            return ""
        if trouble := self.trouble_of(node):
            return trouble
        if unreached := [*self.unreached(node, state)]:
            return (
                f"does not reach {', '.join(unreached)}: what runs there is published for that "
                "node alone. Start its agent with --address"
            )
        return "edge" if self.obeys(node, state) else "edge, does not obey yet"

    def unreached(self, node: str, state: State) -> Iterator[str]:
        reached = reached_from(node, state.routes, self.ground.addresses)
        upstreams = [each for of_one in state.routes.values() for each in of_one]
        yield from sorted(
            {each.node for each in upstreams if each.address and each.copy not in reached}
        )
