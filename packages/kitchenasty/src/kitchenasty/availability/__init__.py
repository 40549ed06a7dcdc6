"""What is free: times, tables and what can be pushed together, given away once. Others use only
these names.
"""

from kitchenasty.availability.blocks import insert_block, remove_block
from kitchenasty.availability.calendar import CalendarDay, DayState, days_of, list_month
from kitchenasty.availability.combinations import (
    COMBINATIONS_MAX,
    Combination,
    CombinationRefused,
    combine,
    list_combinations,
    take_apart,
)
from kitchenasty.availability.days import read_day
from kitchenasty.availability.events import FloorChanged
from kitchenasty.availability.held import (
    Held,
    HeldNoMore,
    give_free,
    hand_over,
    hold_back,
    hold_tables,
    list_held,
)
from kitchenasty.availability.hold import (
    TableGone,
    count_arrival,
    end_stay,
    keep_tables,
    uncount_arrival,
)
from kitchenasty.availability.hold import let_go as let_tables_go
from kitchenasty.availability.queries import (
    list_arrivals,
    list_named_stays,
    list_stays,
    list_tables_of,
    load_floor,
)
from kitchenasty.availability.refusals import (
    FullyBooked,
    NoReservations,
    TooManyArrive,
    WishRefused,
)
from kitchenasty.availability.seating import Seat, choose
from kitchenasty.availability.service import (
    DayBook,
    free_times,
    list_free,
    look_again,
    open_day,
    plan,
)
from kitchenasty.availability.sitting import SITS_ON_MAX, list_blocked, list_sitting_on
from kitchenasty.availability.slots import Slot, quarter_of, service_day
from kitchenasty.availability.views import Floor, NamedStay, Period, Plan, Stay, Wish

__all__ = [
    "COMBINATIONS_MAX",
    "SITS_ON_MAX",
    "CalendarDay",
    "Combination",
    "CombinationRefused",
    "DayBook",
    "DayState",
    "Floor",
    "FloorChanged",
    "FullyBooked",
    "Held",
    "HeldNoMore",
    "NamedStay",
    "NoReservations",
    "Period",
    "Plan",
    "Seat",
    "Slot",
    "Stay",
    "TableGone",
    "TooManyArrive",
    "Wish",
    "WishRefused",
    "choose",
    "combine",
    "count_arrival",
    "days_of",
    "end_stay",
    "free_times",
    "give_free",
    "hand_over",
    "hold_back",
    "hold_tables",
    "insert_block",
    "keep_tables",
    "let_tables_go",
    "list_arrivals",
    "list_blocked",
    "list_combinations",
    "list_free",
    "list_held",
    "list_month",
    "list_named_stays",
    "list_sitting_on",
    "list_stays",
    "list_tables_of",
    "load_floor",
    "look_again",
    "open_day",
    "plan",
    "quarter_of",
    "read_day",
    "remove_block",
    "service_day",
    "take_apart",
    "uncount_arrival",
]
