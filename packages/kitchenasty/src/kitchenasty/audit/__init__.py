"""Who did what to what, when and from where; rows are only ever added."""

from kitchenasty.audit.service import AuditEntry, list_entries, record
from kitchenasty.audit.trail import (
    SEARCHED_DAYS,
    TrailEntry,
    TrailFilter,
    count_trail,
    list_actions,
    list_entities,
    list_trail,
)

__all__ = [
    "SEARCHED_DAYS",
    "AuditEntry",
    "TrailEntry",
    "TrailFilter",
    "count_trail",
    "list_actions",
    "list_entities",
    "list_entries",
    "list_trail",
    "record",
]
