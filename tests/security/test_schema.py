"""X3: whatever is sent to the API, it answers as its description says and never falls over."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orca.access import Role
from orca.tests import served as orca
from swarmhaul.tests.served import SHIPPER, SOL, Market
from tests.security.conftest import Target

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
PHASES = ("examples", "coverage", "fuzzing", "stateful")  # of examples the description has none
LEFT_ALONE = r"^/api/(auth/logout|settings/advanced)$"
"""What would end the session, and what closes the house for maintenance or limits requests: the
answers to everybody else would be right, and none of those that are asked for here.
"""


def fuzz(
    address: str, folder: Path, *words: str, examples: int, description: str = "/api/openapi.json"
) -> dict[str, Any]:
    """Run all phases against the server; the report of the run. The same seed sends the same.

    50 examples take 40 seconds, 1,000 about ten minutes.
    """
    report = folder / "report.json"
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{address}{description}",
        f"--checks={','.join(CHECKS)}",
        f"--phases={','.join(PHASES)}",
        f"--max-examples={examples}",
        "--seed=7",
        "--continue-on-failure",
        "--no-shrink",
        "--suppress-health-check=all",
        "--generation-database=none",
        "--warnings=off",
        "--request-timeout=60",
        f"--report-json-path={report}",
        *words,
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert report.exists(), done.stdout + done.stderr
    assert done.returncode == 0, done.stdout[-20_000:]
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


@pytest.mark.parametrize("examples", [50, pytest.param(1_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("who", ["nobody", "owner"])
def test_the_api_keeps_its_word_whatever_is_sent(
    target: Target, tmp_path: Path, who: str, examples: int
) -> None:
    words: tuple[str, ...] = ()
    if who == "owner":
        token = f"Authorization: Bearer {target.owner_token}"
        words = ("--header", token, "--exclude-path-regex", LEFT_ALONE)
    report = fuzz(target.server.url, tmp_path, *words, examples=examples)
    check(report, who)


@pytest.mark.parametrize("examples", [30, pytest.param(1_000, marks=pytest.mark.long)])
def test_the_market_keeps_its_word_whatever_is_sent(tmp_path: Path, examples: int) -> None:
    """What only a signature opens is tried with good ones by hostile agents (L4)."""
    market = Market(tmp_path / "data", "ledger", {"RATE_LIMITS": "off"})
    market.start()
    try:
        market.fund(SHIPPER, 10 * SOL)
        market.list_job()
        without_end = ("--exclude-path-regex", r"^/api/events/stream$")
        report = fuzz(market.address, tmp_path, *without_end, examples=examples)
    finally:
        market.end()
    check(report, "anybody at the market")


@pytest.mark.parametrize("examples", [10, pytest.param(1_000, marks=pytest.mark.long)])
def test_the_control_plane_keeps_its_word_whatever_is_sent(tmp_path: Path, examples: int) -> None:
    with orca.served(tmp_path) as server:
        token = f"Authorization: Bearer {server.calling(Role.ADMIN).token!s}"
        words = ("--header", token, "--exclude-path-regex", "^/health/live$")
        report = fuzz(
            server.address,
            tmp_path,
            *words,
            examples=examples,
            description="/api/v1/openapi.json",
        )
    check(report, "an admin of Orca", least=600)


def check(report: dict[str, Any], who: str, *, least: int = 1_000) -> None:
    cases = report["test_cases"]
    print(
        f"X3: {cases['generated']} requests to {report['operations']['tested']} operations "
        f"as {who}, {cases['with_failures']} answers against the description"
    )
    assert cases["generated"] > least
    assert report["operations"]["errored"] == report["operations"]["skipped"] == 0
    assert all(report["phases"][name]["status"] == "success" for name in PHASES[1:])
