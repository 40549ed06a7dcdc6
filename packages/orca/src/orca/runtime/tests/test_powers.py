"""What a real container may do, and what not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from basis.ids import new_id
from orca.runtime import ContainerSpec, DockerRuntime
from orca.runtime.docker import PIDS_MAX
from orca.scheduling import CopyId
from orca.testing import RealEngine

BITS = {"NET_RAW": 13, "SYS_ADMIN": 21, "MKNOD": 27, "AUDIT_WRITE": 29}
NEEDED = {"CHOWN": 0, "DAC_OVERRIDE": 1, "FOWNER": 3, "KILL": 5, "SETGID": 6, "SETUID": 7,
          "NET_BIND_SERVICE": 10, "SYS_CHROOT": 18}  # fmt: skip
"""What nginx, PostgreSQL and Redis do at their start: their images begin as root and give it up."""


@pytest.fixture
async def spec(engine: RealEngine) -> AsyncIterator[ContainerSpec]:
    runtime = DockerRuntime(engine.url)
    made = ContainerSpec(
        cluster=f"c{new_id()[-12:]}",
        copy=CopyId("shop/web", 0, 1),
        release=1,
        made_of="",
        image="test/web:1",
        stop_grace_secs=1,
    )
    await runtime.create(made)
    await runtime.start(made.name)
    yield made
    await runtime.remove(made.name)
    await runtime.close()


async def test_a_container_may_do_what_services_do_and_no_more(
    engine: RealEngine, spec: ContainerSpec
) -> None:
    runtime = DockerRuntime(engine.url)
    told = (await runtime.execute(spec.name, ["cat", "/proc/self/status"])).output
    status = dict(line.split(":\t", 1) for line in told.splitlines() if ":\t" in line)
    for kind in ("CapBnd", "CapEff"):
        powers = int(status[kind], 16)
        assert [name for name, bit in BITS.items() if powers >> bit & 1] == []
        assert [name for name, bit in NEEDED.items() if not powers >> bit & 1] == []
    assert status["NoNewPrivs"].strip() == "1"
    for words in (
        "touch /own && busybox chown 1000:1000 /own",
        "/bin/httpd -p 80 -h /www",
    ):
        done = await runtime.execute(spec.name, ["sh", "-c", words])
        assert done.code == 0, (words, done.output)
    await runtime.close()


async def test_a_fork_bomb_ends_at_the_limit_of_its_container(
    engine: RealEngine, spec: ContainerSpec
) -> None:
    runtime = DockerRuntime(engine.url)
    ways = "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null || true"
    told = await runtime.execute(spec.name, ["sh", "-c", ways])
    assert told.output.strip() == str(PIDS_MAX)
    await runtime.close()
