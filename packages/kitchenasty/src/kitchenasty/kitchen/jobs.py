"""What the kitchen does by itself."""

from __future__ import annotations

from basis.kit.data.jobs import Every, Job
from kitchenasty.kitchen.service import forget_cancelled

REGULAR = [Every(3_600, Job("kitchen.forget_cancelled", forget_cancelled))]
