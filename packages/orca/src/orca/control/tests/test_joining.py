"""Who may connect: nodes that this cluster vouches for, once by each token, until forgotten."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from basis.kit.private_files import write_private
from basis.kit.testing import HandClock
from orca.agent import Agent, LinkLost, OrdersFile, Talk
from orca.control import Control, Links, Listener, Members
from orca.link import (
    CONTROL,
    Authority,
    Hello,
    JoinRefused,
    Membership,
    ToNode,
    calling,
    encode,
    fingerprint_of,
    join,
    make_key,
    read_token,
    request_for,
)
from orca.planning import Declaration, Deploy, Tick
from orca.runtime import MemoryEngine, MemoryImage, MemoryRuntime
from orca.secrets import CLUSTER, open_vault
from orca.spec import Service
from orca.store import NEVER, SqliteStore

WITHIN_SECONDS = 60
ROUNDS = 20


@dataclass
class Place:
    """A control plane that listens, and folders for its nodes."""

    folder: Path
    control: Control
    members: Members
    address: str
    clock: HandClock

    async def join(self, name: str = "n1") -> Membership:
        token = await self.members.invite(name)
        membership = self.empty(name)
        await join(self.address, read_token(str(token)), membership)
        return membership

    def empty(self, name: str) -> Membership:
        membership = Membership(self.folder / name)
        membership.folder.mkdir()
        return membership

    async def is_over(self, certificate: x509.Certificate) -> None:
        """Waits until a newer one was shown."""
        for _ in range(WITHIN_SECONDS * 20):
            if not await self.members.is_member("n1", fingerprint_of(certificate)):
                return
            await asyncio.sleep(0.05)
        raise TimeoutError

    def agent(self, membership: Membership, engine: MemoryEngine) -> Agent:
        cluster, name = membership.names()
        file = OrdersFile(membership.folder / "orders.json")
        return Agent(name, cluster, MemoryRuntime(engine), file)


@pytest.fixture
async def place(tmp_path: Path, clock: HandClock) -> AsyncIterator[Place]:
    store = SqliteStore(tmp_path / "orca.db", clock=clock)
    await store.open()
    vault = await open_vault(store, tmp_path / "secrets.key", clock=clock)
    control, members = Control(store, vault, Links(), "quay"), Members(store, Authority(tmp_path))
    await control.open()
    listening = socket.create_server(("127.0.0.1", 0))
    runner = await Listener("quay", control, members).begin(listening)
    yield Place(tmp_path, control, members, f"127.0.0.1:{listening.getsockname()[1]}", clock)
    await runner.cleanup()
    await store.close()


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(WITHIN_SECONDS * 20):
        if is_so():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def connects(place: Place, authority: Path, membership: Membership | None) -> bool:
    """Whether somebody with this certificate gets a link."""
    context = calling(authority, membership.pair if membership else None)
    url = f"https://{place.address}/link"
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, ssl=context, server_hostname=CONTROL) as link,
        ):
            await link.send_str(encode(Hello(1_000, 1 << 30)))
            return (await link.receive(timeout=WITHIN_SECONDS)).type is aiohttp.WSMsgType.TEXT
    except aiohttp.ClientError:
        return False


async def test_a_node_that_joined_is_let_in_and_nobody_else(
    place: Place, tmp_path_factory: pytest.TempPathFactory
) -> None:
    membership = await place.join()
    assert membership.names() == ("quay", "n1")
    assert await connects(place, membership.authority, membership)
    assert not await connects(place, membership.authority, None)
    other = Authority(tmp_path_factory.mktemp("other"))
    forged = place.empty("forged")
    key = make_key()
    made = other.vouch("n1", request_for("n1", key))
    write_private(forged.authority, other.certificate.public_bytes(Encoding.PEM))
    forged.keep(key, made.public_bytes(Encoding.PEM))
    assert not await connects(place, membership.authority, forged)


async def test_a_token_is_good_once_also_for_two_at_the_same_moment(place: Place) -> None:
    """Without the comparison in `admit` both get a certificate: seen in each of three runs."""
    chance = read_token(str(await place.members.invite("n1"))).chance
    requests = [request_for("n1", make_key()) for _ in range(2)]
    told = await asyncio.gather(
        *(place.members.admit(str(chance), request) for request in requests),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in told) == ["JoinRefused", "tuple"]
    with pytest.raises(JoinRefused, match="not good"):
        await place.members.admit(str(chance), requests[0])


async def test_a_token_is_good_for_a_day(place: Place) -> None:
    token = await place.members.invite("n1")
    place.clock.advance(days=1, seconds=1)
    await place.members.store.sweep()
    with pytest.raises(JoinRefused, match="not good"):
        await join(place.address, read_token(str(token)), place.empty("late"))


async def test_whoever_answers_with_another_authority_is_told_nothing(place: Place) -> None:
    """The token itself says whom to trust: somebody in between gets no word of it."""
    token = str(await place.members.invite("n1"))
    foreign = f"join_{'0' * 64}_{read_token(token).chance!s}"
    with pytest.raises(JoinRefused, match="not the control plane that made this token"):
        await join(place.address, read_token(foreign), place.empty("n1"))
    await join(place.address, read_token(token), Membership(place.folder / "n1"))


async def test_a_node_that_was_forgotten_or_replaced_is_not_let_in(place: Place) -> None:
    old = await place.join()
    copied = Membership(place.folder / "copied")
    shutil.copytree(old.folder, copied.folder)
    token = await place.members.invite("n1")
    await join(place.address, read_token(str(token)), old)
    assert await connects(place, old.authority, old)
    assert not await connects(place, copied.authority, copied)
    await place.members.forget("n1")
    assert not await connects(place, old.authority, old)


async def join_long_ago(place: Place, membership: Membership) -> None:
    """As it would have been two and a half hours ago, for three hours."""
    clock = HandClock(datetime.now(UTC) - timedelta(hours=2, minutes=30))
    past = Authority(place.folder, of_nodes=timedelta(hours=3), clock=clock)
    chance = read_token(str(await place.members.invite("n1"))).chance
    key = make_key()
    request = request_for("n1", key)
    _, certificate = await Members(place.members.store, past).admit(str(chance), request)
    write_private(membership.authority, past.certificate.public_bytes(Encoding.PEM))
    write_private(membership.folder / "name", b"quay n1\n")
    membership.keep(key, certificate)


async def test_a_certificate_is_renewed_by_the_link_before_it_ends(place: Place) -> None:
    """With a new key. The old one is good until the new one was shown, and no longer."""
    membership, old = place.empty("n1"), Membership(place.folder / "old")
    await join_long_ago(place, membership)
    shutil.copytree(membership.folder, old.folder)
    agent = place.agent(membership, MemoryEngine())
    talking = asyncio.create_task(Talk(agent, place.address, membership).go_on())
    first = old.certificate
    await until(lambda: membership.certificate != first)
    await place.is_over(first)
    talking.cancel()
    await asyncio.wait([talking])
    await agent.close()
    assert membership.certificate.not_valid_after_utc - datetime.now(UTC) > timedelta(days=300)
    assert membership.certificate.public_key() != first.public_key()
    assert await connects(place, membership.authority, membership)
    assert not await connects(place, old.authority, old)


async def test_a_certificate_is_not_renewed_for_the_asking(place: Place) -> None:
    """Not early, not for somebody who was forgotten, and the last answer counts."""
    membership = place.empty("n1")
    await join_long_ago(place, membership)
    members, shown, request = place.members, membership.certificate, request_for("n1", make_key())
    answers = [await members.renew("n1", shown, request) for _ in range(2)]
    lost, made = (x509.load_pem_x509_certificate(each) for each in answers)
    assert await members.is_member("n1", fingerprint_of(shown))
    assert not await members.is_member("n1", fingerprint_of(lost))
    assert await members.is_member("n1", fingerprint_of(made))
    assert not await members.is_member("n1", fingerprint_of(shown))
    with pytest.raises(JoinRefused, match="good for long enough"):
        await members.renew("n1", made, request)
    await members.forget("n1")
    with pytest.raises(JoinRefused, match="no member"):
        await members.renew("n1", made, request)


async def test_a_node_that_is_forgotten_at_the_same_moment_does_not_come_back(place: Place) -> None:
    """By a certificate that it asks for, nor by one that it shows for the first time. Without the
    comparison in `put` it does by both: seen in each run of each.
    """
    members = place.members
    for round_ in range(ROUNDS):
        membership = place.empty(f"r{round_}")
        await join_long_ago(place, membership)
        shown, request = membership.certificate, request_for("n1", make_key())
        asked = members.renew("n1", shown, request)
        if round_ % 2:
            made = x509.load_pem_x509_certificate(await asked)
            both = (members.is_member("n1", fingerprint_of(made)), members.forget("n1"))
            await asyncio.gather(*both)
        else:
            await asyncio.gather(asked, members.forget("n1"), return_exceptions=True)
        assert await members.find("n1") == (None, NEVER)


async def test_a_node_cannot_pass_for_the_control_plane(place: Place) -> None:
    """What a certificate is for stands in it."""
    membership = await place.join(CONTROL)
    listening = calling(membership.authority, membership.pair)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(membership.pair.certificate, membership.pair.key)
    inside, outside = ssl.MemoryBIO(), ssl.MemoryBIO()
    node = listening.wrap_bio(inside, outside, server_hostname=CONTROL)
    forged = server.wrap_bio(outside, inside, server_side=True)
    with pytest.raises(ssl.SSLCertVerificationError, match="purpose"):
        shake_hands(node, forged)


def shake_hands(*both: ssl.SSLObject) -> None:
    for each in both * 4:
        with suppress(ssl.SSLWantReadError):
            each.do_handshake()


async def test_a_new_node_gets_the_whole_set_with_its_secrets(place: Place) -> None:
    """They are in what it is told, in no file of it, and in no plan."""
    await place.control.vault.put(CLUSTER, "WORD", b"salt-and-sugar")
    engine = MemoryEngine({"web:1": MemoryImage()})
    membership = await place.join()
    agent = place.agent(membership, engine)
    talk = Talk(agent, place.address, membership)
    talking = asyncio.create_task(talk.go_on())
    async with asyncio.timeout(WITHIN_SECONDS):
        await until(lambda: "n1" in place.control.state.nodes)
        spec = Service(name="web", image="web:1", env={"A": "${secrets.WORD}!"})
        await place.control.tell(Deploy((Declaration("shop/web", spec),)))
        while not engine.containers:
            await agent.work()
            await asyncio.sleep(0.05)
    [container] = engine.containers.values()
    assert container.spec.env == {"A": "salt-and-sugar!"}
    talking.cancel()
    await asyncio.wait([talking])
    await agent.close()
    for path in membership.folder.iterdir():
        assert b"salt-and-sugar" not in path.read_bytes()


async def test_a_link_that_says_nothing_any_more_is_let_go_of(place: Place) -> None:
    """Half open: the node is gone and its end was never closed; and the other way round."""
    membership = await place.join()
    context = calling(membership.authority, membership.pair)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"https://{place.address}/link", ssl=context, server_hostname=CONTROL, autoping=False
        ) as link,
    ):
        await link.send_str(encode(Hello(1_000, 1 << 30)))
        async with asyncio.timeout(WITHIN_SECONDS):
            await until(lambda: "n1" in place.control.links.by_node)
            await until(lambda: "n1" not in place.control.links.by_node)


class Mute(Links):
    """Takes what is to be said to a node, and nothing of it arrives."""

    def send(self, node: str, message: ToNode) -> None:
        del node, message


async def test_a_control_plane_that_says_nothing_any_more_is_let_go_of(place: Place) -> None:
    membership = await place.join()
    mute = Control(place.members.store, place.control.vault, Mute(), "quay")
    await mute.open()
    listening = socket.create_server(("127.0.0.1", 0))
    runner = await Listener("quay", mute, place.members).begin(listening)
    agent = place.agent(membership, MemoryEngine())
    talk = Talk(agent, f"127.0.0.1:{listening.getsockname()[1]}", membership)
    with pytest.raises(ExceptionGroup) as lost:
        async with asyncio.timeout(WITHIN_SECONDS):
            await talk.once()
    assert lost.value.subgroup(LinkLost)
    await agent.close()
    await runner.cleanup()


async def test_a_clock_that_leaps_makes_no_node_away(place: Place) -> None:
    """Scenario 19: the clock of the control plane, a day forth and two back, over a real link."""
    engine = MemoryEngine({"web:1": MemoryImage()})
    membership = await place.join()
    agent = place.agent(membership, engine)
    talking = asyncio.create_task(Talk(agent, place.address, membership).go_on())
    await until(lambda: "n1" in place.control.state.nodes)
    for leap in (86_400, -86_400):
        place.control.wall = partial(leapt, leap)
        await place.control.tell(Tick())
        assert not place.control.state.is_away("n1")
        heard = place.control.state.nodes["n1"].last
        await until(partial(was_heard_after, place, heard))
        assert not place.control.state.is_away("n1")
    talking.cancel()
    await asyncio.wait([talking])
    await agent.close()


def was_heard_after(place: Place, last: tuple[int, int]) -> bool:
    return place.control.state.nodes["n1"].last > last


def leapt(seconds: float) -> float:
    return time.time() + seconds
