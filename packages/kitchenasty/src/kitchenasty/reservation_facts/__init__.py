"""What others are told of reservations: the rules of the house, webhooks, and whoever reads
schema.org. Others use only these names.
"""

from kitchenasty.reservation_facts.described import reservation_facts, reserve_facts
from kitchenasty.reservation_facts.occasions import OCCASIONS

__all__ = [
    "OCCASIONS",
    "reservation_facts",
    "reserve_facts",
]
