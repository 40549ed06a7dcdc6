"""`swarmhaul mcp --key`, as a program uses it: another process that signs within limits."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from basis.kit.private_files import write_private
from swarmhaul.tests.served import END, SHIPPER, SOL, START, Market
from swarmhaul.tests.test_serving import market

__all__ = ["market"]


@pytest.mark.parametrize("market", ["svm"], indirect=True)
async def test_a_program_without_the_key_lists_a_job_within_the_limits_of_its_owner(
    market: Market, tmp_path: Path
) -> None:
    """On our own chain: what is signed is a message of it, built on this side."""
    market.fund(SHIPPER, 4 * SOL)
    write_private(tmp_path / "owner.key", SHIPPER.seed.hex().encode())
    command = StdioServerParameters(
        command=str(Path(sys.executable).parent / "swarmhaul"),
        args=["mcp", "--url", market.address, "--key", str(tmp_path / "owner.key"),
              "--spend-max", str(SOL)],
    )  # fmt: skip
    task: dict[str, Any] = {
        "origin": START, "destination": END, "description": "Soup", "weight_grams": 1,
        "volume_ml": 1, "budget": SOL, "deliver_within": 9_000,
    }  # fmt: skip
    async with Client(stdio_client(command)) as client:
        listed = await client.call_tool("swarmhaul_post_task", task)
        told = json.loads(listed.content[0].text)  # type: ignore[union-attr]
        assert not listed.is_error, told
        assert (told["status"], told["shipper"]) == ("open", SHIPPER.public)
        again = await client.call_tool("swarmhaul_post_task", task)
        assert json.loads(again.content[0].text)["code"] == "OverLimit"  # type: ignore[union-attr]
    assert market.get("/api/economy")["jobs"] == {"open": 1}
