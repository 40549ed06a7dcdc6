"""What a house learns from its reservations: how many come when, and who stays away. Others use
only these names.
"""

from kitchenasty.reservation_figures.service import look_around
from kitchenasty.reservation_figures.statistics import Statistics

__all__ = ["Statistics", "look_around"]
