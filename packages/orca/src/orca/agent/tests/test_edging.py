"""An edge says that it obeys when its proxy does, and not before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from orca.agent import Edging
from orca.agent.cli import run_agent
from orca.agent.edging import UNDER_WAY_SECONDS
from orca.edge import Backend, Doors, EdgeOrders, Machine, Served, Settings, Site, digest_of

WITHIN_SECONDS = 60


def orders(port: int = 3_001, **more: object) -> EdgeOrders:
    site = Site("shop/web", ("shop.example",), (Backend(f"127.0.0.1:{port}"),))
    return EdgeOrders(sites=(site,), **more)  # type: ignore[arg-type]


@pytest.fixture
def machine() -> Machine:
    made = Machine()
    made.may_obey.set()
    return made


@contextmanager
def going_on(edging: Edging) -> Iterator[None]:
    task = asyncio.create_task(edging.go_on())
    try:
        yield
    finally:
        task.cancel()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        while not is_so():  # noqa: ASYNC110 - it looks at what the edge says
            await asyncio.sleep(0.01)


async def test_routes_are_reported_when_the_proxy_obeys_them(
    machine: Machine, tmp_path: Path
) -> None:
    """Were they reported when they are told, old copies would end while requests go there."""
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(4, orders())
        await until(lambda: edging.routed == 4)
        machine.may_obey.clear()
        edging.hear(5, orders(3_002))
        await until(lambda: len(machine.told) == 2)
        assert (edging.routed, edging.obeyed.digest) == (4, "")
        machine.may_obey.set()
        await until(lambda: edging.routed == 5)
        assert edging.obeyed.digest == digest_of(orders(3_002))
        edging.hear(4, orders())
        edging.hear(6, orders(3_002))
        await until(lambda: edging.routed == 6)
        assert len(machine.told) == 2, "old news, or the same again"


async def test_a_proxy_that_does_not_obey_is_told_and_tried_again(
    machine: Machine, tmp_path: Path
) -> None:
    machine.is_stuck, machine.running = True, Settings(tmp_path)
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(1, orders())
        await until(lambda: edging.trouble != "")
        assert edging.routed == 0
        machine.is_stuck = False
        await until(lambda: edging.routed == 1)
        assert edging.obeyed.trouble == ""


async def test_without_the_program_nobody_is_let_in_and_it_is_said(
    machine: Machine, tmp_path: Path
) -> None:
    """Nothing goes to old copies by this node, so they need not wait for it."""
    machine.is_installed = False
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(3, orders())
        await until(lambda: edging.routed == 3)
        assert edging.obeyed.digest == ""
        assert "no traefik here" in edging.obeyed.trouble
        machine.is_installed = True
        await until(lambda: edging.obeyed.digest == digest_of(orders()))


async def test_a_proxy_that_cannot_start_lets_nobody_in_and_holds_up_nobody(
    machine: Machine, tmp_path: Path
) -> None:
    machine.is_port_taken = True
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(3, orders())
        await until(lambda: edging.routed == 3)
        assert edging.obeyed.digest == ""
        assert "its port is taken" in edging.obeyed.trouble
        edging.hear(4, orders(3_002))
        await until(lambda: edging.routed == 4)
        machine.is_port_taken = False
        await until(lambda: edging.obeyed.digest == digest_of(orders(3_002)))
        assert edging.obeyed.trouble == ""


async def test_no_proxy_runs_where_there_is_nothing_to_let_in(
    machine: Machine, tmp_path: Path
) -> None:
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        for told in (None, EdgeOrders()):
            edging.hear(1, told)
            await until(lambda told=told: edging.digest == digest_of(told))  # type: ignore[misc]
    assert machine.starts == 0


async def test_an_agent_begins_also_where_a_file_of_its_edge_is_torn(
    machine: Machine, tmp_path: Path
) -> None:
    """As after a crash on a full disk: it would be begun again and again, to the same end."""
    (tmp_path / "doors.json").write_bytes(b'{"http_po')
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(1, orders())
        await until(lambda: edging.routed == 1)
    assert machine.starts == 1


async def test_the_next_agent_goes_on_with_the_proxy_and_ends_it_when_it_is_no_edge(
    machine: Machine, tmp_path: Path
) -> None:
    first = Edging(tmp_path, machine.proxy)
    with going_on(first):
        first.hear(1, orders())
        await until(lambda: first.routed == 1)
    await first.close()
    assert machine.running is not None
    second = Edging(tmp_path, machine.proxy)
    with going_on(second):
        await until(lambda: second.proxy is not None)
        assert (machine.starts, second.routed) == (1, 0)
        second.hear(2, orders(doors=Doors(http_port=8_080)))
        await until(lambda: second.routed == 2)
        assert (machine.starts, machine.running.http_port) == (2, 8_080)
    await second.close()
    third = Edging(tmp_path, machine.proxy)
    with going_on(third):
        third.hear(3, None)
        await until(lambda: third.routed == 3)
    assert machine.running is None


async def test_keys_of_certificates_are_for_the_proxy_alone(
    machine: Machine, tmp_path: Path
) -> None:
    renewed = Served(("shop.example",), "chain", "the-key", "0123456789abcdef-more")
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(1, orders(certificates=(renewed,)))
        await until(lambda: edging.routed == 1)
        assert holding(tmp_path, "the-key") == {"certificates/0123456789abcdef.key": 0o600}
        edging.hear(2, orders())
        await until(lambda: edging.routed == 2)
        assert holding(tmp_path, "the-key") == {}


def holding(folder: Path, text: str) -> dict[str, int]:
    """The files in which it stands, and who may read them."""
    return {
        str(path.relative_to(folder)): path.stat().st_mode & 0o777
        for path in folder.rglob("*")
        if path.is_file() and text in path.read_text()
    }


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "quay.example"])  # noqa: S104 - refused
def test_ports_are_published_on_one_address_of_the_node(address: str, tmp_path: Path) -> None:
    """D40: not on all."""
    given = ["--control", "127.0.0.1:1", "--data", str(tmp_path / "agent"), "--address", address]
    done = CliRunner().invoke(run_agent, given)
    assert done.exit_code == 2
    assert "address" in done.output
    assert not (tmp_path / "agent").exists()


async def test_a_copy_ends_when_the_proxy_of_its_node_has_let_go_of_it(
    machine: Machine, tmp_path: Path
) -> None:
    """A node that comes back hears of both at once; the requests that come to it go on."""
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(4, orders())
        await until(lambda: edging.routed == 4)
        machine.may_obey.clear()
        edging.hear(5, orders(3_002))
        ending = asyncio.create_task(edging.let_go_of("127.0.0.1:3001"))
        await until(lambda: len(machine.told) == 2)
        assert not ending.done()
        turned_at = time.monotonic()
        machine.may_obey.set()
        await ending
        assert edging.routed == 5
        # What was sent there a moment before is answered first.
        assert time.monotonic() - turned_at >= UNDER_WAY_SECONDS


async def test_a_proxy_in_trouble_keeps_no_copy_alive(machine: Machine, tmp_path: Path) -> None:
    edging = Edging(tmp_path, machine.proxy)
    with going_on(edging):
        edging.hear(4, orders())
        await until(lambda: edging.routed == 4)
        machine.is_stuck = True
        edging.hear(5, orders(3_002))
        await edging.let_go_of("127.0.0.1:3001")
        assert (edging.routed, edging.trouble != "") == (4, True)
