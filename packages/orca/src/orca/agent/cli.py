"""`orca agent`: the process that runs on every node."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import click

from basis.errors import DomainError
from orca.agent.agent import Agent
from orca.agent.building import Builds
from orca.agent.carrying import Carrier
from orca.agent.edging import Edging
from orca.agent.living import live
from orca.agent.remembering import OrdersFile
from orca.agent.talking import Talk
from orca.edge import FEED_PORT, INNER_PORT, Traefik
from orca.link import Membership, join, read_token
from orca.runtime import DockerRuntime

DATA = Path("/var/lib/orca-agent")
ENGINE = "unix:///var/run/docker.sock"
PORT = click.IntRange(1, 65_535)


def checked_address(_ctx: click.Context, _option: click.Parameter, address: str) -> str:
    """D40: what is published everywhere is reached by everybody, past every firewall."""
    try:
        found = ip_address(address)
    except ValueError:
        raise click.BadParameter(f"{address} is no IP address of this node.") from None
    if found.is_unspecified:
        raise click.BadParameter("Ports are published on one address of this node, not on all.")
    return address


@click.command("agent")
@click.option("--control", required=True, help="Where the control plane listens: host:port.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DATA)
@click.option("--engine", default=ENGINE, show_default=True)
@click.option(
    "--address",
    default="127.0.0.1",
    callback=checked_address,
    help="Of this node, where its ports are published.",
)
@click.option("--join-file", type=click.Path(path_type=Path), help="Holds a token, the first time.")
@click.option("--proxy", default="traefik", show_default=True, help="The program, on an edge.")
@click.option(
    "--inner-port",
    type=PORT,
    default=INNER_PORT,
    show_default=True,
    help="Of the loopback: whether the proxy does what it is told, and its figures.",
)
@click.option(
    "--feed-port",
    type=PORT,
    default=FEED_PORT,
    show_default=True,
    help="Of the loopback: where the proxy is told what to do.",
)
def run_agent(  # noqa: PLR0913 - one for each option
    *,
    control: str,
    data: Path,
    engine: str,
    address: str,
    join_file: Path | None,
    proxy: str,
    inner_port: int,
    feed_port: int,
) -> None:
    """Run on this node what the control plane wants here."""
    if inner_port == feed_port:
        raise click.BadParameter("The two ports of the loopback are one.")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = join_file.read_text() if join_file and join_file.exists() else None
    edging = Edging(data / "edge", partial(Traefik, program=proxy), inner_port, feed_port)
    try:
        asyncio.run(run(control, Membership(data), engine, address, token, edging))
    except DomainError as error:
        raise click.ClickException(str(error)) from error


async def run(
    control: str,
    membership: Membership,
    engine: str,
    address: str,
    token: str | None,
    edging: Edging,
) -> None:
    if not membership.is_there:
        if token is None:
            raise click.ClickException("This node has not joined. Give it a token: --join-file")
        await join(control, read_token(token), membership)
    cluster, name = membership.names()
    file = OrdersFile(membership.folder / "orders.json")
    runtime, carrier = DockerRuntime(engine), Carrier(control, membership)
    builds = Builds(cluster, runtime, carrier, membership.folder / "builds")
    agent = Agent(name, cluster, runtime, file, address, edging.let_go_of, builds)
    living = asyncio.create_task(live(agent, Talk(agent, control, membership, edging)))
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, living.cancel)
    try:
        await living
    except asyncio.CancelledError:
        return


COMMANDS: tuple[click.Command, ...] = (run_agent,)
