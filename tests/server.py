"""The real server as its own process, on a port that the system picked."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 20
POLL_SECONDS = 0.1
RUNNING: set[subprocess.Popen[bytes]] = set()
"""What a test that failed has left is ended with the tests, and is no second error of another."""


class DidNotStart(AssertionError):
    """The server ended or stayed silent; the message holds what it printed."""


@dataclass
class Server:
    """A running `kitchenasty demo` or `serve` and where it keeps its data."""

    data: Path
    command: str = "serve"
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    words: tuple[str, ...] = ()
    """What is said after the command."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def start(self) -> None:
        """Start, on the same port as before if there was one, and wait until it is ready."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        program = Path(sys.executable).with_name("kitchenasty")
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [program, self.command, *place, *self.words],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
            )
        RUNNING.add(self.process)
        self._wait_until_ready()

    def stop(self) -> int:
        """Ask it to end as the system would, and give its exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        finally:
            self.kill()

    def kill(self) -> None:
        """Take it away in the middle of whatever it does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_SECONDS_MAX)
        RUNNING.discard(self.process)

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS_MAX
        pause = threading.Event()
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise DidNotStart(self.log.read_text(errors="replace"))
            if is_ready(self.url):
                return
            pause.wait(POLL_SECONDS)
        self.kill()
        raise DidNotStart(self.log.read_text(errors="replace"))


@atexit.register
def end_what_is_left() -> None:
    for process in RUNNING:
        process.kill()
        process.wait(STOP_SECONDS_MAX)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_ready(url: str) -> bool:
    """It answers, its database takes a write, and its events do not pile up."""
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=2) as answer:  # noqa: S310  ours
            return bool(json.load(answer)["status"] == "ok")
    except (OSError, ValueError):
        return False
