"""The real server, from outside: started, spoken to, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from swarmhaul.tests.served import PATIENCE_SECONDS, SHIPPER, SOL, Market


@pytest.fixture
def market(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Market]:
    made = Market(tmp_path / "data", request.param)
    made.start()
    yield made
    if made.process.poll() is None:
        made.end(signal.SIGKILL)


@pytest.mark.parametrize("market", ["svm"], indirect=True)
def test_what_was_answered_is_there_after_a_kill(market: Market) -> None:
    market.fund(SHIPPER, 10 * SOL)
    job = market.list_job()
    assert job["status"] == "open"
    wallet = market.get(f"/api/rail/wallets/{SHIPPER.public}")
    entries = market.get("/api/rail/entries")
    market.end(signal.SIGKILL)
    market.start()
    assert market.get(f"/api/jobs/{job['id']}") == job
    assert market.get(f"/api/rail/wallets/{SHIPPER.public}") == wallet
    assert market.get("/api/rail/entries") == entries
    refuse_a_second(market)
    for name in ("market", "treasury", "arbiter"):
        assert (market.folder / f"{name}.key").stat().st_mode & 0o777 == 0o600
    assert market.end() == 0


@pytest.mark.parametrize("market", ["ledger"], indirect=True)
def test_both_streams_tell_the_same_in_the_same_order(market: Market) -> None:
    market.fund(SHIPPER, 10 * SOL)
    jobs = [market.list_job()["id"]]
    socket = f"{market.address.replace('http', 'ws')}/api/events/live"
    with (
        connect(socket, open_timeout=PATIENCE_SECONDS) as live,
        httpx.stream("GET", f"{market.address}/api/events/stream", timeout=PATIENCE_SECONDS) as sse,
    ):
        jobs += [market.list_job()["id"] for _ in range(2)]
        seen = [json.loads(live.recv(PATIENCE_SECONDS)) for _ in range(3)]
        told = []
        for line in sse.iter_lines():
            if line.startswith("data: "):
                told.append(json.loads(line.removeprefix("data: ")))
            if len(told) == 3:
                break
    assert told == seen
    assert [one["seq"] for one in seen] == [1, 2, 3]
    assert [one["payload"]["job_id"] for one in seen] == jobs
    with connect(f"{socket}?since=2", open_timeout=PATIENCE_SECONDS) as later:
        assert json.loads(later.recv(PATIENCE_SECONDS)) == seen[2]
        # Whoever still follows does not keep the server from stopping.
        assert market.end() == 0


def refuse_a_second(market: Market) -> None:
    """Two writers on one journal would be two truths."""
    second = subprocess.run(  # noqa: S603  # our own command
        [str(Path(sys.executable).parent / "swarmhaul"), "serve", "--port", "0",
         "--data", str(market.folder)],
        env=os.environ | {"SWARMHAUL_RAIL": market.rail},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert second.returncode == 1
    assert "Error:" in second.stderr
    assert "Traceback" not in second.stderr
