"""Python in the network of an engine: a thread sees another network than the rest of its process,
and so do the sockets that it opens and the threads that it begins.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

NETWORK = 0x40000000
"""CLONE_NEWNET. `os.setns` comes with Python 3.12."""
Of = TypeVar("Of")


def begin_within(pid: int, work: Callable[[], Of]) -> Future[Of]:
    """`work` on a thread of its own, in the network of that process; what it comes to."""
    told: Future[Of] = Future()

    def run() -> None:
        try:
            enter(pid)
            told.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
            told.set_exception(error)

    threading.Thread(target=run, name=f"within-{pid}", daemon=True).start()
    return told


def within(pid: int, work: Callable[[], Of]) -> Of:
    return begin_within(pid, work).result()


def enter(pid: int) -> None:
    """For this thread alone, and for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        if libc.setns(descriptor, NETWORK) != 0:
            raise OSError(ctypes.get_errno(), "the network cannot be entered")
    finally:
        os.close(descriptor)
