"""The orders of an agent on its disk, so that it goes on without anybody telling it."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path

import msgspec

from basis.kit.private_files import write_private
from orca.planning import Orders

logger = logging.getLogger(__name__)

START_MAX = 1 << 40
"""Seconds: no clock and no count of starts comes so far, a disk that has gone bad does."""


class OrdersFile:
    """After a crash there are the old ones or the new ones."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self) -> Orders:
        """What was obeyed before, with the next start. Raises OSError when it cannot be kept.

        The number of the start is never lower than the time, so that an agent whose disk was lost
        is not taken for one that speaks of the past.
        """
        known = self.load()
        last = known.start if known.start < START_MAX else 0
        orders = replace(known, start=max(last + 1, int(time.time())))
        self.save(orders)
        return orders

    def load(self) -> Orders:
        """What cannot be read is not there: who has no orders ends nothing, and is told all."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Orders)
        except FileNotFoundError:
            return Orders()
        except msgspec.DecodeError:
            logger.exception("%s is not what was written into it", self._path)
            return Orders()

    def save(self, orders: Orders) -> None:
        write_private(self._path, msgspec.json.encode(orders))
