"""What `main` joins: the jobs of this slice."""

from kitchenasty.printing.jobs import REGULAR

__all__ = ["REGULAR"]
