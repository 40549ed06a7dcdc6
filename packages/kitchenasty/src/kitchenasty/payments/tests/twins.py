"""Providers as servers of their own, for tests: real processes behind real HTTP."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

START_SECONDS_MAX = 60


@contextlib.contextmanager
def running_twin(module: str) -> Iterator[str]:
    """The twin's address. Its process ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", f"kitchenasty.payments.tests.{module}", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603  # ours
        try:
            wait_until_it_answers(process, f"http://127.0.0.1:{port}/_books")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def wait_until_it_answers(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310  # our own
            return
        time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
