"""Which node a copy goes to, and in words why not to the others. Pure; nothing is moved."""

from orca.scheduling.asks import (
    Ask,
    CopyId,
    GpuAsk,
    GpuDevice,
    Node,
    Placed,
    Refusal,
    Schedule,
)
from orca.scheduling.constraints import reason_to_move
from orca.scheduling.placing import schedule
from orca.scheduling.rooms import room_of, rooms_of

__all__ = [
    "Ask", "CopyId", "GpuAsk", "GpuDevice", "Node", "Placed", "Refusal", "Schedule",
    "reason_to_move", "room_of", "rooms_of", "schedule",
]  # fmt: skip
