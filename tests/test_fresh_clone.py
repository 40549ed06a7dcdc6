"""The first of the two commands, as somebody meets it who has just cloned the repository."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.server import STOP_SECONDS_MAX, free_port, is_ready

ROOT = Path(__file__).parents[1]
DEMO_SECONDS_MAX = 300
POLL_SECONDS = 0.2

pytestmark = pytest.mark.clone


@dataclass
class Demo:
    """`make demo` in a clone, in a process group of its own."""

    clone: Path
    port: int

    def __post_init__(self) -> None:
        self.output = self.clone / "demo.log"
        environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
        with self.output.open("ab") as log:
            self.process = subprocess.Popen(
                ["make", "demo", f"PORT={self.port}", "DATA=elsewhere"],
                cwd=self.clone,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + DEMO_SECONDS_MAX
        pause = threading.Event()
        while not is_ready(f"http://127.0.0.1:{self.port}"):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            pause.wait(POLL_SECONDS)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(STOP_SECONDS_MAX)


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    target = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    yield target
    # What the demo made must not be seen by git: a user's `git status` stays clean.
    (target / "demo.log").unlink()
    seen = subprocess.run(
        ["git", "status", "--porcelain"], cwd=target, check=True, capture_output=True, text=True
    )
    assert seen.stdout in ("", "?? elsewhere/\n")


def test_make_demo_shows_a_living_restaurant_twice(clone: Path) -> None:
    demo = Demo(clone, free_port())
    try:
        demo.wait_until_ready()
        for name in ("owner", "cook", "guest"):
            assert f"{name}@demo.example" in demo.said()
        assert f":{demo.port}" in demo.said()
    finally:
        demo.stop()
    before = sorted(path.name for path in (clone / "elsewhere").iterdir())
    again = Demo(clone, free_port())
    try:
        again.wait_until_ready()
    finally:
        again.stop()
    assert set(before) <= {path.name for path in (clone / "elsewhere").iterdir()}
