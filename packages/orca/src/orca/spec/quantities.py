"""Amounts as people write them: `512Mi` of memory, `0.5` of a processor."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

MEMORY = r"^[0-9]{1,6}(\.[0-9]{1,3})?(Ki|Mi|Gi|Ti)$"
UNITS = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40}


@lru_cache(maxsize=4_096)
def bytes_of(memory: str) -> int:
    """The bytes of `512Mi` or `1.5Gi`, rounded up."""
    return -int(-Fraction(memory[:-2]) * UNITS[memory[-2:]] // 1)


def milli_of(cpu: float) -> int:
    """Thousandths of a processor, rounded; at least one."""
    return max(1, round(cpu * 1_000))
