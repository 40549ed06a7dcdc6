"""Certificates come to the edges: a loop of the control plane orders and renews them, and takes
those that people bring. Every edge answers the challenges.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orca.certificates import LETS_ENCRYPT, AcmeAuthority, Authority, Certificates, OrderFailed
from orca.control.control import Control
from orca.spec import domains_of

logger = logging.getLogger(__name__)

TURN_SECONDS = 2.0
ANSWERED_WITHIN_SECONDS = 60.0
LOOK_SECONDS = 0.1


@dataclass
class Certifying:
    """`folder` is where people bring certificates, unless `cluster.toml` names another one."""

    control: Control
    certificates: Certificates
    folder: Path
    given: frozenset[str] | None = None

    async def open(self) -> None:
        """Before nodes are listened to: what the edges had before this start they have after it."""
        await self.give()

    async def go_on(self) -> None:
        """For ever: what fails stands in the list of certificates, and is tried again."""
        while True:
            try:
                await self.turn()
            except Exception:
                # Whatever an authority answers, the edges go on and so does this.
                logger.exception("a turn of the certificates was left out")
            await asyncio.sleep(TURN_SECONDS)

    async def turn(self) -> None:
        """One domain after the other, each given to the edges as soon as it is there; what is kept
        already before anything else, since that needs nobody.
        """
        ground = self.control.edges.ground
        self.certificates.use(self.authority())
        await self.give()
        brought = Path(ground.signing.brought) if ground.signing.brought else self.folder
        await self.certificates.turn([], self.publish, brought=brought)
        await self.give()
        domains = self.domains()
        await self.certificates.forget_all_but(domains)
        for domain in await self.certificates.due(domains):
            await self.certificates.turn([domain], self.publish)
            await self.give()

    def authority(self) -> Authority | None:
        """Nobody is asked before people have said in whose name."""
        ground = self.control.edges.ground
        if not (ground.mail or ground.signing.directory):
            return None
        return AcmeAuthority(
            self.control.vault,
            mail=ground.mail,
            directory=ground.signing.directory or LETS_ENCRYPT,
            trust=ground.signing.authority,
        )

    def domains(self) -> set[str]:
        services = self.control.state.services.values()
        return {
            domain
            for service in services
            if not service.is_removed
            for domain in domains_of(service.spec)
        }

    async def give(self) -> None:
        """To all edges, if they are others than before."""
        if await self.certificates.digests() == self.given:
            return
        self.control.edges.certificates = await self.certificates.served()
        # Only now it is known whose keys open.
        self.given = await self.certificates.digests()
        await self.control.tell_edges(self.edges())

    async def publish(self, tokens: Mapping[str, str]) -> None:
        """Every edge that can answers when this returns. Raises OrderFailed."""
        self.control.edges.challenges = dict(tokens)
        await self.control.tell_edges(self.edges())
        if not tokens:
            return
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
                # It is other machines that are waited for.
                while self.silent():  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            logger.warning("these edges do not answer the challenge: %s", self.silent())
        if not self.answering():
            raise OrderFailed("No edge answers the challenge: orca nodes list says why.")

    def edges(self) -> list[str]:
        """Those that are there."""
        edges = self.control.edges
        return [
            node
            for node in self.control.links.by_node
            if edges.is_edge(node) and node in self.control.state.nodes
        ]

    def answering(self) -> list[str]:
        edges, state = self.control.edges, self.control.state
        return [node for node in self.edges() if edges.obeys(node, state)]

    def silent(self) -> list[str]:
        """Who will answer and does not yet. Where something is wrong nobody waits."""
        edges, answering = self.control.edges, self.answering()
        return [
            node for node in self.edges() if node not in answering and not edges.trouble_of(node)
        ]
