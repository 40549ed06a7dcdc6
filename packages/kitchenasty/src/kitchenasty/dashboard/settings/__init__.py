"""The owner's settings of every slice, on pages and for programs."""

from kitchenasty.dashboard.settings.maintenance import OPEN_IN_MAINTENANCE
from kitchenasty.dashboard.settings.registry import CHAPTERS, Chapter

__all__ = ["CHAPTERS", "OPEN_IN_MAINTENANCE", "Chapter"]
