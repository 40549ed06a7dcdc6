"""`orca plan`, `deploy`, `status`, and what people wish of services and nodes."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from orca.calling import Calling
from orca.commands.contexts import Contexts, packed_contexts
from orca.spec import load_project, nearest

SERVICES = click.argument("services", nargs=-1)
FOLDER = click.option(
    "--folder",
    "-f",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the files are; here unless said.",
)
WAIT = click.option("--wait/--no-wait", default=True, help="Until it is done or has failed.")
SIGNS = {"new": "+", "replaced": "~", "in place": "~", "unchanged": "=", "removed": "-"}
LOOK_SECONDS = 0.5


@click.command("plan")
@SERVICES
@FOLDER
@click.pass_obj
def plan(calling: Calling, services: tuple[str, ...], folder: Path) -> None:
    """What a deploy would do, and why. Nothing is done."""
    with read_folder(folder, services) as (body, _):
        show_lines(calling.ask("POST", "/plans", body))


@click.command("deploy")
@SERVICES
@FOLDER
@WAIT
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def deploy(
    calling: Calling, services: tuple[str, ...], folder: Path, *, wait: bool, yes: bool
) -> None:
    """Show the plan, ask, do it, and say how it goes: all services, or those named."""
    with read_folder(folder, services) as (body, contexts):
        lines = calling.ask("POST", "/plans", body)
        show_lines(lines)
        if not yes and any(line["change"] != "unchanged" for line in lines):
            click.confirm("Do this?", abort=True)
        contexts.bring(calling)
        job = calling.ask("POST", "/deploys", body)["job"]
    follow(calling, job, wait=wait)


@contextmanager
def read_folder(
    folder: Path, services: tuple[str, ...]
) -> Iterator[tuple[dict[str, Any], Contexts]]:
    """Read here first, so that what is wrong is said with the names of these files."""
    project = load_project(folder)
    check_names(services, project.services)
    names = ["cluster.toml", *(str(path.relative_to(folder)) for path in services_in(folder))]
    files = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    with packed_contexts(project, folder, services) as contexts:
        yield {"files": files, "services": [*services], "contexts": contexts.names}, contexts


def check_names(services: tuple[str, ...], declared: Collection[str]) -> None:
    for name in services:
        if name in declared:
            continue
        if Path(name).is_dir():
            raise click.UsageError(f"{name} is a folder: write -f {name}.")
        words = f"The files declare no service {name}. {nearest(name, declared)}"
        raise click.ClickException(words)


def services_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("services/*/service.toml"))


def show_lines(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        print(f"{SIGNS[line['change']]} {line['about']}: {line['words']}")


def follow(calling: Calling, job: str, *, wait: bool) -> None:
    """Events as they come. Ends with 1 when the job has failed."""
    after = 0
    while True:
        told = calling.ask("GET", f"/jobs/{quote(job, safe='')}", query={"after": after})
        for event in told["events"]:
            after = event["number"]
            print(f"  {event['about']}: {event['words']}", flush=True)
        if told["outcome"] != "running" or not wait:
            break
        time.sleep(LOOK_SECONDS)
    for words in told["words"]:
        print(words)
    if told["outcome"] == "failed":
        raise click.ClickException("It failed.")


@click.command("status")
@click.pass_obj
def status(calling: Calling) -> None:
    """Services with their containers, what they wait for, and nodes and certificates in trouble."""
    cluster = calling.ask("GET", "/cluster")
    if cluster["ahead"]:
        print(f"! {cluster['ahead']}")
    for words in cluster["troubles"]:
        print(f"! {words}")
    if not cluster["services"]:
        print("Nothing is deployed yet. In the folder of a project: orca deploy")
    for service in cluster["services"]:
        ready = sum(copy["isReady"] for copy in service["copies"])
        print(
            f"{service['id']:<24} {service['state']:<16} {ready}/{service['replicas']} ready, "
            f"release {service['release']}"
        )
        for copy in service["copies"]:
            well = f"{'ready' if copy['isReady'] else 'not ready'} {copy['reason']}".strip()
            crashes = f", failed {copy['crashes']} times" if copy["crashes"] else ""
            image = image_in_words(copy["image"], copy["digest"])
            print(f"  {copy['name']} on {copy['node']}: {copy['phase']}, {well}{crashes}  {image}")
        for words in filter(None, [*service["waits"], service["verdict"]]):
            print(f"  ! {words}")


def image_in_words(name: str, digest: str) -> str:
    """As people named it, and enough of the digest to tell two apart."""
    said = digest.rpartition("sha256:")[2][:12]
    return f"{name} ({said})" if said else name


def act(calling: Calling, service: str, body: dict[str, Any], *, wait: bool) -> None:
    told = calling.ask("POST", f"{path_of(service)}/acts", body)
    follow(calling, told["job"], wait=wait)


def path_of(service: str) -> str:
    project, _, name = service.partition("/")
    return f"/services/{quote(project, safe='')}/{quote(name or '-', safe='')}"


def simple(name: str, words: str) -> click.Command:
    """A command that takes a service and nothing else."""

    @click.command(name, help=words)
    @click.argument("service")
    @WAIT
    @click.pass_obj
    def command(calling: Calling, service: str, *, wait: bool) -> None:
        act(calling, service, {"act": name}, wait=wait)

    return command


@click.command("scale")
@click.argument("service")
@click.argument("replicas", type=click.IntRange(0, 100))
@WAIT
@click.pass_obj
def scale(calling: Calling, service: str, replicas: int, *, wait: bool) -> None:
    """So many replicas, until the files say another number."""
    act(calling, service, {"act": "scale", "replicas": replicas}, wait=wait)


@click.command("rollback")
@click.argument("service")
@click.option("--to", "release", type=int, help="This release; the last that served unless said.")
@WAIT
@click.pass_obj
def rollback(calling: Calling, service: str, release: int | None, *, wait: bool) -> None:
    """Back to a release that has served."""
    act(calling, service, {"act": "rollback", "release": release}, wait=wait)


@click.command("logs")
@click.argument("service")
@click.option("--tail", default=100, show_default=True)
@click.option("--copy", help="Of this container; of one that serves unless said.")
@click.pass_obj
def logs(calling: Calling, service: str, tail: int, copy: str | None) -> None:
    """The last lines of a container, wherever it runs."""
    query = {"tail": tail, "copy": copy}
    print(calling.ask("GET", f"{path_of(service)}/logs", query=query)["output"], end="")


@click.command("exec", context_settings={"ignore_unknown_options": True})
@click.argument("service")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--copy", help="In this container; in one that serves unless said.")
@click.pass_context
def execute(ctx: click.Context, service: str, command: tuple[str, ...], copy: str | None) -> None:
    """Run a command in a container and end with its code."""
    calling: Calling = ctx.obj
    body = {"command": [*command], "copy": copy}
    told = calling.ask("POST", f"{path_of(service)}/executions", body)
    print(told["output"], end="")
    ctx.exit(told["code"])


@click.group("nodes")
def nodes() -> None:
    """The servers of the cluster."""


@nodes.command("list")
@click.pass_obj
def list_nodes(calling: Calling) -> None:
    """Nodes, and whether they are there."""
    found = calling.ask("GET", "/cluster")["nodes"]
    if not found:
        print("There are no nodes yet. A token for the first: orca nodes token NAME")
    for node in found:
        heard = f"heard last at {node['heardAt']}" if node["heardAt"] else "not heard yet"
        away = "unreachable" if node["isAway"] else f"silent for {node['silentSeconds']} s"
        there = "connected" if node["isConnected"] and not node["isAway"] else f"{away}, {heard}"
        drained = ", drained" if node["isDraining"] else ""
        memory = node["memoryBytes"] >> 20
        more = "".join(f"  {node[each]}" for each in ("engine", "edge") if node[each])
        print(f"{node['name']:<24} {there}{drained}  {node['cpuMilli']} m  {memory} MiB{more}")
        if node["doubt"]:
            print(f"  ! {node['doubt']}")


@nodes.command("token")
@click.argument("name")
@click.pass_obj
def invite(calling: Calling, name: str) -> None:
    """A token by which a server becomes the node NAME: good once, and for a day."""
    print(calling.ask("POST", f"/nodes/{quote(name, safe='')}/invitations")["token"])


@nodes.command("forget")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(calling: Calling, name: str, *, yes: bool) -> None:
    """It never comes back by itself. Volumes that are on it are given up."""
    if not yes:
        words = "What runs there is begun elsewhere, and volumes there are given up. Forget"
        click.confirm(f"{words} {name}?", abort=True)
    calling.ask("DELETE", f"/nodes/{quote(name, safe='')}")
    print(f"{name} is forgotten. Only a new token lets it join again.")


@nodes.command("lead")
@click.argument("name", required=False)
@click.pass_obj
def lead(calling: Calling, name: str | None) -> None:
    """After a restored backup: what the control plane knows counts, not what nodes obey. With NAME
    it is that node alone which is wrong.
    """
    path = "/cluster/leads" if name is None else f"/nodes/{quote(name, safe='')}/leads"
    calling.ask("POST", path)


@click.command("drain")
@click.argument("node")
@WAIT
@click.pass_obj
def drain(calling: Calling, node: str, *, wait: bool) -> None:
    """Bring away what is on a node, and put nothing there. Says what has to stay, and why."""
    act_on_node(calling, node, "drain", wait=wait)


@click.command("undrain")
@click.argument("node")
@click.pass_obj
def undrain(calling: Calling, node: str) -> None:
    """The node takes copies again."""
    act_on_node(calling, node, "undrain", wait=False)


def act_on_node(calling: Calling, node: str, wish: str, *, wait: bool) -> None:
    told = calling.ask("POST", f"/nodes/{quote(node, safe='')}/acts", {"act": wish})
    follow(calling, told["job"], wait=wait)


COMMANDS: tuple[click.Command, ...] = (
    plan, deploy, status, scale, rollback, logs, execute, nodes, drain, undrain,
    simple("stop", "No replicas until it is resumed. Volumes stay."),
    simple("resume", "As many replicas as are declared again."),
    simple("redeploy", "New containers: the image is looked up again, or built again."),
    simple("promote", "The canary is good: all replicas become it."),
    simple("abort", "The release on its way is not wanted: back to what served before."),
)  # fmt: skip
