"""Three couriers with different costs and areas, for a market that one wants to see at work."""

from swarmhaul.samples.couriers import (
    SAMPLES,
    THIS_MACHINE,
    Sample,
    bring_money,
    keep_working,
    list_samples,
)

__all__ = ["SAMPLES", "THIS_MACHINE", "Sample", "bring_money", "keep_working", "list_samples"]
