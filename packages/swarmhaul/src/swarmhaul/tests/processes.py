"""Processes of the tests: a market and couriers, started, killed and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_SECONDS = 120
SWARMHAUL = Path(sys.executable).parent / "swarmhaul"


@dataclass
class Process:
    """`swarmhaul …`, whose log goes into a file."""

    log: Path
    arguments: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if "SWARM" not in name}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(  # noqa: S603  # our own command
                [str(SWARMHAUL), *self.arguments],
                env=environment | self.settings,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def said(self, words: str) -> re.Match[str]:
        """What it prints that is like this."""
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(words, line):
                return found
        raise AssertionError(f"it ended and never said {words}: {self.log.read_text()[-2_000:]}")

    def end(self, wish: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(wish)
        code = self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()
        self.process = None
        return code
