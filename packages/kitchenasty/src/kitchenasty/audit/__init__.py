"""Who did what to what, when and from where; rows are only ever added."""

from kitchenasty.audit.service import AuditEntry, list_entries, record

__all__ = ["AuditEntry", "list_entries", "record"]
