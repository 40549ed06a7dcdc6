"""People at one door, nodes at the other: what one does is seen and done at the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from basis.kit.testing import HandClock
from orca.access import Role
from orca.link import BEAT_SECONDS, Answer, Hello, encode
from orca.runtime import Executed, MemoryEngine, MemoryImage
from orca.secrets import Tampered, scope_of
from orca.store import Put
from orca.tests.linked import DIGEST, Linked, Socket, files_of, linked, service, until
from orca.tests.world import opened_world

WEB = MemoryImage(says="it begins\n", commands={"date": Executed(0, "noon\n")})


@pytest.fixture
async def place(tmp_path: Path, clock: HandClock) -> AsyncIterator[Linked]:
    async with opened_world(tmp_path, clock) as world, linked(world) as made:
        yield made


def engine() -> MemoryEngine:
    return MemoryEngine({DIGEST: WEB, "web:1": WEB})


async def is_running(place: Linked, name: str = "shop/web") -> Any:
    found = await place.service(name)
    return found if found and found["state"] == "running" and found["copies"] else None


async def test_whatever_a_node_runs_is_seen_asked_and_stopped_from_here(place: Linked) -> None:
    """D23: in the reference what runs on another node has no status, no logs and no end."""
    machine = engine()
    async with place.node("n1", machine):
        await place.deploy(service(image="web:1"))
        found = await until(lambda: is_running(place))
        [copy] = found["copies"]
        assert (copy["name"], copy["node"], copy["isReady"]) == ("shop/web.0.g1", "n1", True)
        told = await place.ask("GET", "/services/shop/web/logs")
        assert (told["copy"], told["output"]) == ("shop/web.0.g1", "it begins\n")
        path = "/services/shop/web/executions"
        told = await place.ask("POST", path, {"command": ["date"]})
        assert (told["code"], told["output"]) == (0, "noon\n")
        await place.ask("POST", "/services/shop/web/acts", {"act": "stop"})
        await until(lambda: asyncio.sleep(0, not machine.containers))


async def test_a_deploy_is_answered_before_anything_of_it_is_done(place: Linked) -> None:
    """D32: what may take minutes has a number, and its answer comes at once."""
    job = (await place.deploy(service()))["job"]
    told = await place.ask("GET", f"/jobs/{job}")
    assert told["outcome"] == "running"
    assert (await place.service())["waits"] == ["shop/web.0.g1 has no place: there is no node."]
    async with place.node("n1", engine()):
        done = await until(lambda: ended(place, job))
    assert done["outcome"] == "done"


async def test_a_gpu_is_one_that_people_have_declared(place: Linked) -> None:
    """The files say what a node has, also while it is connected; its container gets exactly one."""
    machine, web = engine(), service("web", "resources.gpu = { count = 1, vendor = 'amd' }")
    bare = '[[node]]\nname = "n1"\naddress = "127.0.0.1"\n'
    async with place.node("n1", machine):
        await place.deploy(web, nodes=bare)
        [why] = (await place.service())["waits"]
        assert why.endswith("n1: 1 GPUs (amd) are asked for, 0 are free.")
        gpus = 'gpus = [{ vendor = "amd", model = "W7900", vram = "48Gi", first = 129 }]'
        await place.deploy(web, nodes=f"{bare}{gpus}\n")
        await until(lambda: is_running(place))
        [kept] = machine.containers.values()
        assert kept.spec.devices == ("/dev/kfd", "/dev/dri/renderD129")


async def ended(place: Linked, job: str) -> Any:
    told = await place.ask("GET", f"/jobs/{job}")
    return told if told["outcome"] != "running" else None


async def test_while_a_node_says_nothing_everybody_else_is_answered(place: Linked) -> None:
    """D20: in the reference all wait for the slowest, also those who only look."""
    async with place.stranger("mute") as link, place.node("n1", engine()):
        living = asyncio.create_task(live_on(link))
        pinned = [service(name, f'placement.node = "{at}"') for name, at in NODES_OF.items()]
        await place.deploy(*pinned, nodes=NODES)
        await until(lambda: is_running(place))
        path = "/services/shop/lost/executions"
        asked = asyncio.create_task(place.ask("POST", path, {"command": ["date"]}))
        await until(lambda: asyncio.sleep(0, any(questions(place, "mute"))))
        told = await place.ask("POST", "/services/shop/web/executions", {"command": ["date"]})
        assert told["output"] == "noon\n"
        await place.ask("POST", "/services/shop/web/acts", {"act": "redeploy"})
        await until(lambda: serves_release(place, 2))
        assert not asked.done()
        for task in (asked, living):
            task.cancel()
        await asyncio.wait([asked, living])


async def live_on(link: Socket) -> None:
    """Say nothing of what was asked. Whoever says nothing at all is soon let go of."""
    while True:
        await link.send_str(encode(Answer(0)))
        await asyncio.sleep(BEAT_SECONDS)


NODES_OF = {"web": "n1", "lost": "mute"}
NODES = "".join(f'[[node]]\nname = "{name}"\naddress = "127.0.0.1"\n' for name in NODES_OF.values())


def questions(place: Linked, node: str) -> dict[int, Any]:
    return dict(place.control.links.by_node[node].questions)


async def serves_release(place: Linked, number: int) -> bool:
    found = await is_running(place)
    return bool(found) and {copy["release"] for copy in found["copies"]} == {number}


async def test_a_node_that_is_forgotten_loses_the_link_it_has(place: Linked) -> None:
    """A3: nothing that is open stays so for who is no longer let in."""
    lost = 0
    for number in range(10):
        name = f"n{number}"
        async with place.stranger(name) as link:
            await until(partial(is_known, place, name))
            await place.ask("DELETE", f"/nodes/{name}")
            async with asyncio.timeout(30):
                while (await link.receive()).type is aiohttp.WSMsgType.TEXT:
                    pass
            lost += 1
        assert name not in place.control.state.nodes
    print(f"A3: of 10 nodes that were forgotten {lost} lost the link they had")


async def test_a_node_that_is_forgotten_while_it_says_hello_does_not_come_back(
    place: Linked,
) -> None:
    """R18. Without the mark on its link a word that was under way made it a node again, which
    nobody would ever hear of: without it all five came back.
    """
    for number in range(5):
        name = f"n{number}"
        async with place.stranger(name) as link:
            await until(partial(is_known, place, name))
            greeting = asyncio.create_task(greet(link))
            await place.ask("DELETE", f"/nodes/{name}")
            async with asyncio.timeout(30):
                while (await link.receive()).type is aiohttp.WSMsgType.TEXT:
                    pass
            greeting.cancel()
            await asyncio.wait([greeting])
    assert place.control.state.nodes == {}


async def greet(link: Socket) -> None:
    """Again and again, and as fast as it can."""
    with suppress(ConnectionError, aiohttp.ClientError):
        while True:
            await link.send_str(encode(Hello(4_000, 1 << 33)))
            await asyncio.sleep(0)


async def is_known(place: Linked, name: str) -> bool:
    return name in place.control.state.nodes


async def test_scenario_26_a_deploy_names_the_secret_that_is_missing(place: Linked) -> None:
    """And nothing of it has been begun."""
    needs = service("web", 'env.A = "${secrets.DB_URL}"')
    answer = await place.world.send(
        Role.DEPLOYER, "POST", "/api/v1/deploys", json={"files": files_of(service("db"), needs)}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "SecretMissing")
    assert "no secret DB_URL, neither of the project shop" in answer.json()["error"]
    assert place.control.state.services == {}


async def test_scenario_26_a_secret_that_was_tampered_with_stops_its_own_service_alone(
    place: Linked,
) -> None:
    """All others are told what to run, on this node and on those after it."""
    machine, later = engine(), engine()
    async with place.node("n1", machine), place.node("n2", later):
        vault = place.world.vault
        await vault.put(scope_of("shop"), "A", b"first")
        web = service("web", 'env.A = "${secrets.A}"', "placement.node = 'n1'")
        here, there = (service(name, f"placement.node = '{at}'") for name, at in
                       [("db", "n1"), ("far", "n2")])  # fmt: skip
        nodes = NODES.replace("mute", "n2")
        await place.deploy(web, nodes=nodes)
        await until(lambda: is_running(place))
        await tamper(place)
        with pytest.raises(Tampered):
            await vault.fill("shop", {"A": "${secrets.A}"})
        body = {
            "files": files_of(web, here, there, nodes=nodes),
            "services": ["shop/db", "shop/far"],
        }
        await place.ask("POST", "/deploys", body)
        await until(lambda: is_running(place, "shop/db"))
        await until(lambda: is_running(place, "shop/far"))
        assert (await place.service())["state"] == "running", "what runs has its secret already"


async def tamper(place: Linked) -> None:
    """Somebody who can write the database, and has no key."""
    [entry] = (await place.world.store.range("secrets/project/shop/A")).entries
    kept = msgspec.json.decode(entry.value)
    kept["sealed"]["ciphertext"] = "A" * len(kept["sealed"]["ciphertext"])
    await place.world.store.transact([Put(entry.key, msgspec.json.encode(kept))])
