"""The doctor looks at a house while it works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.reliability.shop import Shop


def test_the_doctor_finds_a_working_house_well(shop: Shop) -> None:
    """The port is taken, but by the house itself. About 5 seconds."""
    program = Path(sys.executable).with_name("kitchenasty")
    place = ["--data", str(shop.server.data), "--port", str(shop.server.port)]
    done = subprocess.run([program, "doctor", *place], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"port {shop.server.port}: this program answers there" in done.stdout
