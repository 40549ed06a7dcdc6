"""What the demo does and says, from the first engine to the end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import click

from orca.demo.cluster import API_PORT, EDGE_PORT, PROGRAMS, Cluster, DidNotStart, begun
from orca.demo.doors import LOOPBACK, Door
from orca.demo.images import TEXT, load_images
from orca.demo.project import SERVICE, service_file, write_project
from orca.demo.sweeping import begin_sweeper
from orca.testing import RealNodes, real_nodes

NODES = 2


async def show(port: int) -> None:
    """Until it is ended by a signal. Raises NoEngine, DidNotStart."""
    check_ports(port)
    ended = ended_by_signal()
    say("Orca on this machine: a control plane and two nodes, each with an engine of its own.")
    say("They live in networks of their own; of this one they get two ports of 127.0.0.1.\n")
    say(f"{NODES} engines are started, which takes some seconds each.")
    with own_folder() as folder, real_nodes(NODES) as nodes:
        say(f"{NODES} engines run. Images are loaded into them, as from a registry.")
        for node in nodes.nodes:
            await asyncio.to_thread(load_images, node.engine)
        server = f"http://{LOOPBACK}:{port + 1}"
        async with opened_doors(nodes, port):
            with begun(folder, nodes, server) as cluster:
                await either(tell(cluster, port), ended)
        say("\nIt ends, and takes everything with it.")


async def either(story: Coroutine[None, None, None], ended: asyncio.Future[None]) -> None:
    """The story and then the end, or the end alone. Raises what the story raises."""
    told = asyncio.create_task(story)
    await asyncio.wait([told, ended], return_when=asyncio.FIRST_COMPLETED)
    if told.done():
        told.result()
        await ended
    told.cancel()


async def tell(cluster: Cluster, port: int) -> None:
    cluster.begin_server()
    await cluster.until_server()
    say("The control plane listens.")
    for node in cluster.nodes.nodes:
        await cluster.begin_agent(node)
    await cluster.until_joined()
    say("n1 and n2 have joined, each by a token that was good once.\n")
    project = write_project(cluster.folder, cluster.nodes.nodes)
    hand_over(cluster.folder)
    say("$ orca deploy -f project")
    await deploy(cluster, project)
    say(words_at_the_end(cluster, project, port))


async def deploy(cluster: Cluster, project: Path) -> None:
    """By the command that people type, with its words. Raises DidNotStart when it fails."""
    process = await asyncio.create_subprocess_exec(
        PROGRAMS / "orca", "deploy", "-f", project, "--yes",
        env={**os.environ, **environment(cluster)},
    )  # fmt: skip
    if code := await process.wait():
        raise DidNotStart(f"orca deploy ended with {code}: what it said is above.")


def environment(cluster: Cluster) -> dict[str, str]:
    return {"ORCA_SERVER": cluster.server, "ORCA_TOKEN_FILE": str(cluster.token_file)}


def words_at_the_end(cluster: Cluster, project: Path, port: int) -> str:
    page, file = f"http://{LOOPBACK}:{port}", service_file(project)
    given = " ".join(f"{name}={value}" for name, value in environment(cluster).items())
    return f"""
Ready. Open {page}: each time another container may answer.

In another terminal, first
    export {given} PATH={PROGRAMS}:$PATH
then for example
    orca status                         # what runs where
    orca scale {SERVICE} 6
    sed -i s/web:1/web:2/ {file}
    orca plan -f {project}
    orca deploy -f {project}
    orca rollback {SERVICE}
    orca drain n2                       # all goes to n1, new before old
    orca undrain n2
    orca logs {SERVICE}
    while sleep 0.2; do curl -s {page}/{TEXT}; done    # in a third one: no request is lost
Ctrl-C ends it, and nothing is left."""


@asynccontextmanager
async def opened_doors(nodes: RealNodes, port: int) -> AsyncIterator[None]:
    """Any edge will do, as with a name that has the addresses of both. Raises DidNotStart."""
    edges = [(node.address, EDGE_PORT) for node in nodes.nodes]
    doors = [Door(nodes.pid, edges), Door(nodes.pid, [(LOOPBACK, API_PORT)])]
    with ExitStack() as ends:
        for offset, door in enumerate(doors):
            try:
                ends.callback((await door.open(port + offset)).close)
            except OSError as error:
                raise not_opened(port + offset, error) from error
        yield


def check_ports(port: int) -> None:
    """Before anything is started. Raises DidNotStart."""
    for each in (port, port + 1):
        try:
            socket.create_server((LOOPBACK, each)).close()
        except OSError as error:
            raise not_opened(each, error) from error


def not_opened(port: int, error: OSError) -> DidNotStart:
    return DidNotStart(
        f"Port {port} of {LOOPBACK}: {error.strerror}. It takes two beside each other. "
        f"With others: make demo-orca PORT={port + 1_000}"
    )


@contextmanager
def own_folder() -> Iterator[Path]:
    """Gone at the end, however it ends."""
    folder = Path(tempfile.mkdtemp(prefix="orca-demo-"))
    try:
        begin_sweeper(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hand_over(folder: Path) -> None:
    """Who came by sudo may read the token and change the files without it."""
    if uid := os.environ.get("SUDO_UID"):
        project = folder / "project"
        tokens = folder.glob("server/admin.token")
        # Before Python 3.13 `**` alone finds folders only.
        for path in (folder, folder / "server", *tokens, project, *project.rglob("*")):
            os.chown(path, int(uid), -1)


def ended_by_signal() -> asyncio.Future[None]:
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, end)
    return ended


def say(words: str) -> None:
    click.echo(words)
