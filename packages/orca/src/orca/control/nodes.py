"""Nodes at the control plane's end: who may connect, what is on its way to whom, what was asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from basis.errors import Conflict, Unavailable
from basis.ids import new_capability
from basis.kit.secret import Secret
from orca.link import (
    SILENCE_SECONDS_MAX,
    Answer,
    Asked,
    Authority,
    Discard,
    Hand,
    JoinRefused,
    JoinToken,
    Make,
    Question,
    Seek,
    Stranger,
    ToNode,
    fingerprint_of,
    hash_of,
)
from orca.scheduling import CopyId
from orca.store import NEVER, ChangedMeanwhile, Compare, Delete, Put, Store

MEMBERS, INVITATIONS = "members/", "invitations/"
QUEUE_MAX = 100
ANSWER_SECONDS_MAX = 60.0
BUILD_SECONDS_MAX = 3_600.0
HANDING_SECONDS_MAX = 1_800.0
INVITATION_SECONDS = 24 * 3_600


class NodeAway(Unavailable):
    """The node that would have to be asked is not connected."""


class NotAnswered(Conflict):
    """The node could not say it."""


class NotBuilt(Conflict):
    """The node has tried to build it, and the builder said no: so would another one."""


LineHearer = Callable[[Sequence[str]], Awaitable[None]]
"""Gets the lines of a build."""


class Member(msgspec.Struct, frozen=True):
    """A node that may connect: by exactly this certificate, or by the one that is coming until it
    was shown for the first time.
    """

    fingerprint: str
    coming: str = ""


@dataclass(frozen=True)
class Members:
    """Who may connect. A token is good once: it goes in the transaction that makes the member."""

    store: Store
    authority: Authority

    async def invite(self, name: str) -> Secret:
        """A token for the node of this name, good once and for a day."""
        chance = new_capability()
        lease = await self.store.grant(seconds=INVITATION_SECONDS)
        put = Put(INVITATIONS + hash_of(chance), name.encode(), lease)
        await self.store.transact([put])
        return Secret(str(JoinToken(self.authority.fingerprint, Secret(chance))))

    async def admit(self, chance: str, request: bytes) -> tuple[str, bytes]:
        """The name of the node, and its certificate. Raises JoinRefused."""
        key = INVITATIONS + hash_of(chance)
        found = await self.store.range(key, limit=1)
        if not found.entries or found.entries[0].key != key:
            raise JoinRefused("This token is not good, or not any more. Make a new one.")
        [entry] = found.entries
        name = entry.value.decode()
        try:
            certificate = self.authority.vouch(name, request)
        except Stranger as error:
            raise JoinRefused(str(error)) from error
        member = Member(fingerprint_of(certificate))
        try:
            # Compared, so that of two who come with one token one is refused.
            await self.store.transact(
                [Delete(key), Put(MEMBERS + name, msgspec.json.encode(member))],
                compares=[Compare(key, entry.revision)],
            )
        except ChangedMeanwhile:
            raise JoinRefused("This token was used a moment ago.") from None
        return name, certificate.public_bytes(Encoding.PEM)

    async def is_member(self, name: str, fingerprint: str) -> bool:
        """Only by the newest certificate of that name, and until it is forgotten."""
        member, revision = await self.find(name)
        if member is None:
            return False
        if fingerprint == member.coming:
            with suppress(ChangedMeanwhile):
                await self.put(name, Member(fingerprint), revision)
            return True
        return fingerprint == member.fingerprint

    async def renew(self, name: str, shown: x509.Certificate, request: bytes) -> bytes:
        """A new certificate for a node that shows one that ends before long. What is asked for
        again, as the answer may have been lost, takes the place of what was made before. Raises
        JoinRefused.
        """
        fingerprint = fingerprint_of(shown)
        member, revision = await self.find(name)
        if member is None or member.fingerprint != fingerprint:
            raise JoinRefused(f"{name} is no member by this certificate any more.")
        if not self.authority.is_due(shown):
            raise JoinRefused(f"The certificate of {name} is good for long enough.")
        try:
            certificate = self.authority.vouch(name, request)
        except Stranger as error:
            raise JoinRefused(str(error)) from error
        try:
            # Compared, so that a node that is forgotten meanwhile does not come back by it.
            await self.put(name, Member(fingerprint, fingerprint_of(certificate)), revision)
        except ChangedMeanwhile:
            raise JoinRefused(f"{name} has joined anew or was forgotten meanwhile.") from None
        return certificate.public_bytes(Encoding.PEM)

    async def find(self, name: str) -> tuple[Member | None, int]:
        found = await self.store.range(MEMBERS + name, limit=1)
        if not found.entries or found.entries[0].key != MEMBERS + name:
            return None, NEVER
        [entry] = found.entries
        return msgspec.json.decode(entry.value, type=Member), entry.revision

    async def put(self, name: str, member: Member, revision: int) -> None:
        put = Put(MEMBERS + name, msgspec.json.encode(member))
        await self.store.transact([put], compares=[Compare(put.key, revision)])

    async def forget(self, name: str) -> None:
        await self.store.transact([Delete(MEMBERS + name)])


@dataclass
class Link:
    """What is to be said to one node. The newest of a kind stands for those before it."""

    queue: asyncio.Queue[ToNode] = field(default_factory=lambda: asyncio.Queue(QUEUE_MAX))
    questions: dict[int, asyncio.Future[Answer]] = field(default_factory=dict)
    hearers: dict[int, LineHearer] = field(default_factory=dict)
    """Of those questions to which lines come before the answer."""
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    is_dismissed: bool = False
    """Its node was forgotten: it is told the last there is to say, and not listened to."""


@dataclass
class Links:
    """All nodes that are connected."""

    by_node: dict[str, Link] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    opened: Counter[str] = field(default_factory=Counter)
    """How many each node has opened since this process was started."""

    def open(self, node: str) -> Link:
        """A node that connects anew replaces its old link, which may be dead without knowing."""
        if old := self.by_node.get(node):
            old.closed.set()
        link = self.by_node[node] = Link()
        self.opened[node] += 1
        return link

    def close(self, node: str, link: Link) -> None:
        link.closed.set()
        if self.by_node.get(node) is link:
            del self.by_node[node]
        for waiting in link.questions.values():
            if not waiting.done():
                waiting.set_exception(NodeAway(f"{node} is not connected any more."))

    def cut(self, node: str) -> None:
        """It is no member any more."""
        if link := self.by_node.get(node):
            link.closed.set()

    def mark_dismissed(self, node: str) -> None:
        """Before it is forgotten: a word that is under way must not make it a node again."""
        if link := self.by_node.get(node):
            link.is_dismissed = True

    async def dismiss(self, node: str) -> None:
        """Cut off when all that is to be said has been said."""
        if link := self.by_node.get(node):
            with suppress(TimeoutError):
                async with asyncio.timeout(SILENCE_SECONDS_MAX):
                    await link.queue.join()
            link.closed.set()

    def send(self, node: str, message: ToNode) -> None:
        """A node that is not there, or takes nothing, is told again later."""
        link = self.by_node.get(node)
        if link is None:
            return
        if link.queue.full():
            link.closed.set()
            return
        link.queue.put_nowait(message)

    async def ask(
        self,
        node: str,
        copy: CopyId,
        what: Literal["logs", "execute"],
        *,
        tail: int = 100,
        command: Sequence[str] = (),
    ) -> Answer:
        """Raises NodeAway, NotAnswered."""
        question = Question(next(self.numbers), copy, what, tail, tuple(command))
        return await self.answer_to(node, question)

    async def seek(self, node: str, image: str) -> str:
        """Which image the name means, as this node sees it. Raises NodeAway, NotAnswered."""
        answer = await self.answer_to(node, Seek(next(self.numbers), image))
        return answer.output

    async def discard(
        self, node: str, service: str, volumes: Sequence[tuple[str, int | None]]
    ) -> None:
        """Gone when this returns, or never there. Raises NodeAway, NotAnswered."""
        await self.answer_to(node, Discard(next(self.numbers), service, tuple(volumes)))

    async def make(self, node: str, question: Make, hear: LineHearer) -> str:
        """The id of the image that it has built. Raises NodeAway, NotAnswered, NotBuilt."""
        answer = await self.answer_of(node, question, BUILD_SECONDS_MAX, hear)
        if answer.refusal:
            raise (NotBuilt if answer.code else NotAnswered)(answer.refusal)
        return answer.output

    async def hand(self, node: str, image: str) -> None:
        """Brought to the control plane when this returns. Raises NodeAway, NotAnswered."""
        question = Hand(next(self.numbers), image)
        answer = await self.answer_of(node, question, HANDING_SECONDS_MAX)
        if answer.refusal:
            raise NotAnswered(answer.refusal)

    async def answer_to(self, node: str, question: Question | Seek | Discard) -> Answer:
        """Raises NodeAway, NotAnswered."""
        answer = await self.answer_of(node, question, ANSWER_SECONDS_MAX)
        if answer.refusal:
            raise NotAnswered(answer.refusal)
        return answer

    async def answer_of(
        self, node: str, question: Asked, within: float, hear: LineHearer | None = None
    ) -> Answer:
        """Also one that refuses. Raises NodeAway."""
        link = self.by_node.get(node)
        if link is None:
            raise NodeAway(f"{node} is not connected.")
        number = question.number
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        link.questions[number] = waiting
        if hear is not None:
            link.hearers[number] = hear
        self.send(node, question)
        try:
            async with asyncio.timeout(within):
                return await waiting
        except TimeoutError:
            raise NodeAway(f"{node} did not answer within {within:.0f} s.") from None
        finally:
            del link.questions[number]
            link.hearers.pop(number, None)
