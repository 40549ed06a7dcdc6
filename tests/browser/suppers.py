"""What the demo says of its couriers, for those who follow a supper."""

from __future__ import annotations

import re
import threading
import time

from tests.server import Server

PATIENCE_SECONDS = 240
READY = re.compile(r"Couriers of the market at (\S+) bring")
SUPPER = re.compile(r"Supper \S+ goes to couriers. Follow it: (\S+)")


def said(demo: Server, pattern: re.Pattern[str]) -> str:
    """What the demo says first in these words."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := pattern.search(demo.log.read_text()):
            return found[1]
        pause.wait(0.5)
    raise AssertionError(demo.log.read_text())
