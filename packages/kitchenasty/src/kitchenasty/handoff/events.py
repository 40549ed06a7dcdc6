"""What happens to an order that is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event
from kitchenasty.handoff.states import HandoffState


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffMoved(Event):
    topic: ClassVar[str] = "handoff.moved"
    handoff_id: str
    order_id: str
    house_id: str
    state: HandoffState
