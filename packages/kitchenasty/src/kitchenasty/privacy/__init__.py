"""What the house keeps about its guests: shown to them, forgotten on demand, and by the clock."""

from kitchenasty.privacy.erase import (
    SWEEPING,
    ContactNotConfirmed,
    GuestErased,
    NotConfirmed,
    OrdersOpen,
    erase_guest,
    erase_stranger,
    sweep,
)
from kitchenasty.privacy.export import Export, export_guest
from kitchenasty.privacy.no_guest import OF_NO_GUEST
from kitchenasty.privacy.person import HasAccount
from kitchenasty.privacy.register import NOBODY, RULES, Rule, Whose
from kitchenasty.privacy.retention import RETENTION, Kept, forget_old_traces

__all__ = [
    "NOBODY",
    "OF_NO_GUEST",
    "RETENTION",
    "RULES",
    "SWEEPING",
    "ContactNotConfirmed",
    "Export",
    "GuestErased",
    "HasAccount",
    "Kept",
    "NotConfirmed",
    "OrdersOpen",
    "Rule",
    "Whose",
    "erase_guest",
    "erase_stranger",
    "export_guest",
    "forget_old_traces",
    "sweep",
]
