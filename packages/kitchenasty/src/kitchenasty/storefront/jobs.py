"""What the storefront does by itself."""

from __future__ import annotations

from basis.kit.data.jobs import Every, Job
from kitchenasty.storefront.service import forget_old_carts

REGULAR = [Every(3_600, Job("carts.forget", forget_old_carts))]
