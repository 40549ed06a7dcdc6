"""What the house keeps about its guests: shown to them, forgotten on demand, and by the clock."""

from kitchenasty.privacy.erase import (
    SWEEPING,
    GuestErased,
    NotConfirmed,
    OrdersOpen,
    erase_guest,
    sweep,
)
from kitchenasty.privacy.export import Export, export_guest
from kitchenasty.privacy.register import OF_NO_GUEST, RULES, Rule, Whose
from kitchenasty.privacy.retention import RETENTION, Kept, forget_old_traces

__all__ = [
    "OF_NO_GUEST",
    "RETENTION",
    "RULES",
    "SWEEPING",
    "Export",
    "GuestErased",
    "Kept",
    "NotConfirmed",
    "OrdersOpen",
    "Rule",
    "Whose",
    "erase_guest",
    "export_guest",
    "forget_old_traces",
    "sweep",
]
