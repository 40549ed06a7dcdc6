"""What a process has used, as Linux counts it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.server import Server

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Meter:
    """What a server uses from `start` on."""

    pid: int
    _begun: float = 0.0

    @classmethod
    def of(cls, server: Server) -> Meter:
        """Started at once."""
        assert server.process is not None
        meter = cls(server.process.pid)
        meter.start()
        return meter

    def start(self) -> None:
        self._begun = processor_seconds(self.pid)

    @property
    def seconds(self) -> float:
        """Of processor time since the start."""
        return processor_seconds(self.pid) - self._begun

    @property
    def megabytes(self) -> float:
        return resident_megabytes(self.pid)


def processor_seconds(pid: int) -> float:
    """User and system time of all threads since the process began."""
    # The name in parentheses may hold blanks, so the fields are counted from behind it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / TICKS


def resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1_024
    raise RuntimeError(f"process {pid} has no memory of its own")


def load_of_machine() -> str:
    """Cores and the load of the last minute, without which no figure can be judged."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
