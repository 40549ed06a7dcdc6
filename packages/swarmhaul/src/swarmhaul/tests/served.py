"""The real server as its own process, and what a shipper says to it."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from basis.clock import system_clock
from swarmhaul.identity import SigningKey, read_key, sign_statement, write_signature
from swarmhaul.settlement import (
    NONCE_BYTES,
    Command,
    Deposit,
    Envelope,
    JobKey,
    Open,
    encode_envelope,
)

PATIENCE_SECONDS = 60
SHIPPER, ADA, BEN = (SigningKey.of_seed(letter * 32) for letter in (b"s", b"a", b"b"))
SOL = 1_000_000_000
START, END = (
    {"latitude_e6": 48_100_000, "longitude_e6": 11_500_000},
    {"latitude_e6": 48_140_000, "longitude_e6": 11_560_000},
)


@dataclass
class Market:
    """A server of our own on a free port, with its data in a folder."""

    folder: Path
    rail: str
    settings: dict[str, str] = field(default_factory=dict)
    """What else it is told, without the prefix of their names."""
    process: subprocess.Popen[str] = field(init=False)
    address: str = ""

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if "SWARM" not in name}
        self.process = subprocess.Popen(  # noqa: S603  # our own command
            [str(Path(sys.executable).parent / "swarmhaul"), "serve", "--port", "0",
             "--data", str(self.folder)],
            env=environment
            | {f"SWARMHAUL_{name}": value for name, value in self.settings.items()}
            | {"SWARMHAUL_RAIL": self.rail},
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", self.process.stdout.readline())
        assert found is not None
        self.address = found.group()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                if httpx.get(f"{self.address}/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError("the server never was ready")

    def end(self, wish: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(wish)
        code = self.process.wait(PATIENCE_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def get(self, path: str) -> Any:
        answer = httpx.get(f"{self.address}{path}", timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, content: str, signature: str = "") -> Any:
        headers = {"X-Signature": signature, "Content-Type": "application/json"}
        answer = httpx.post(
            f"{self.address}{path}", content=content, headers=headers, timeout=PATIENCE_SECONDS
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def command(self, key: SigningKey, command: Command) -> dict[str, str]:
        """Signed as somebody without our code would: the rail says what the bytes are."""
        told = Envelope(
            command=command,
            signer=read_key(key.public),
            expires_at=int(system_clock().timestamp()) + 600,
            nonce=secrets.token_bytes(NONCE_BYTES),
        )
        envelope = base64.b64encode(encode_envelope(told)).decode()
        asked = httpx.get(f"{self.address}/api/rail/message", params={"envelope": envelope})
        message = base64.b64decode(asked.json()["message"])
        signature = write_signature(key.sign_raw(message))
        return {"envelope": envelope, "signature": signature}

    def fund(self, key: SigningKey, amount: int) -> None:
        seed = bytes.fromhex((self.folder / "treasury.key").read_text())
        command = Deposit(wallet=read_key(key.public), amount=amount)
        self.give(SigningKey.of_seed(seed), command)

    def list_job(self, **window: int) -> Any:
        about, now = self.get("/api/market"), int(system_clock().timestamp())
        rail_id = secrets.token_hex(16)
        opening = Open(
            job=JobKey(read_key(SHIPPER.public), bytes.fromhex(rail_id)),
            budget=SOL,
            award_by=now + 7_200,
            coordinator=read_key(about["coordinator"]),
            arbiter=read_key(about["arbiter"]),
        )
        terms = {
            "id": rail_id, "origin": START, "destination": END, "description": "Soup",
            "weight_grams": 1, "volume_ml": 1, "ready_at": now, "deliver_by": now + 9_000,
            "budget": SOL, "window": {"bids_until": now + 3_600} | window,
            "opening": self.command(SHIPPER, opening),
        }  # fmt: skip
        return self.state("/api/jobs", SHIPPER, "job.list", terms)

    def state(
        self, path: str, key: SigningKey, purpose: str, terms: Any, *, lives_seconds: int = 120
    ) -> Any:
        signed = sign_statement(
            key,
            terms,
            market=self.get("/api/market")["market"],
            purpose=purpose,
            now=system_clock(),
            lives_seconds=lives_seconds,
        )
        return self.post(path, signed.text, signed.signature)

    def bid(self, key: SigningKey, job: Any, cost: int) -> Any:
        """For all of the way."""
        begin = job["terms"]["ready_at"]
        terms = {
            "job": job["id"], "pickup": START, "dropoff": END, "cost": cost,
            "pickup_until": begin + 3_000, "arrives_by": begin + 6_000, "carries_grams": 1,
            "carries_ml": 1,
        }  # fmt: skip
        return self.state("/api/bids", key, "bid.place", terms, lives_seconds=3_600)

    def give(self, key: SigningKey, command: Command) -> Any:
        return self.post("/api/rail/commands", json.dumps(self.command(key, command)))

    def wait_for(self, job: Any, status: str) -> Any:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            seen = self.get(f"/api/jobs/{job['id']}")
            if seen["status"] == status:
                return seen
            time.sleep(0.05)
        raise AssertionError(f"the job is {seen['status']} and never was {status}")
