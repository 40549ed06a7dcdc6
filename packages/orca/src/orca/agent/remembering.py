"""The orders of an agent on its disk, so that it goes on without anybody telling it."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import msgspec

from orca.planning import Orders


class OrdersFile:
    """Written whole and renamed: after a crash there is the old one or the new one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self) -> Orders:
        """What was obeyed before, with the next start. Raises OSError when it cannot be kept.

        The number of the start is never lower than the time, so that an agent whose disk was lost
        is not taken for one that speaks of the past.
        """
        known = self.load()
        orders = replace(known, start=max(known.start + 1, int(time.time())))
        self.save(orders)
        return orders

    def load(self) -> Orders:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Orders)
        except FileNotFoundError:
            return Orders()

    def save(self, orders: Orders) -> None:
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(msgspec.json.encode(orders))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
