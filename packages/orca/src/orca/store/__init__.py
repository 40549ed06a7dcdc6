"""What the control plane knows, kept: stretches of keys, comparing changes, watches, leases."""

from orca.store.contract import (
    NEVER,
    Change,
    ChangedMeanwhile,
    Compacted,
    Compare,
    Delete,
    Entry,
    LeaseGone,
    Malformed,
    Put,
    Store,
    StoreAway,
    Stretch,
)
from orca.store.sqlite import SqliteStore

__all__ = [
    "NEVER", "Change", "ChangedMeanwhile", "Compacted", "Compare", "Delete", "Entry", "LeaseGone",
    "Malformed", "Put", "SqliteStore", "Store", "StoreAway", "Stretch",
]  # fmt: skip
