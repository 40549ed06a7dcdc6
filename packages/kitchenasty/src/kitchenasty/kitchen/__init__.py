"""The kitchen's board: tickets of one house, live. Others use only these names."""

from kitchenasty.kitchen.rooms import (
    ROOM_RULES,
    list_kitchens,
    may_follow_order,
    may_watch_kitchen,
    translate,
)
from kitchenasty.kitchen.service import Board, load_board, move_ticket
from kitchenasty.kitchen.topics import kitchen_topic

__all__ = [
    "ROOM_RULES",
    "Board",
    "kitchen_topic",
    "list_kitchens",
    "load_board",
    "may_follow_order",
    "may_watch_kitchen",
    "move_ticket",
    "translate",
]
