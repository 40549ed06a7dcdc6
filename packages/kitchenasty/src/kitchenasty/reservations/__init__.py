"""Parties, from the booking to the empty table, and who they are to the house. Others use only
these names.
"""

from kitchenasty.reservations.asking import LAPSE_JOB
from kitchenasty.reservations.awaiting import (
    ask_for_money,
    hold_reservation,
    lapse,
    release,
    revive,
)
from kitchenasty.reservations.events import (
    ReservationChanged,
    ReservationMade,
    ReservationMoved,
    ReservationReleased,
)
from kitchenasty.reservations.held import book_held
from kitchenasty.reservations.lists import (
    ReservationFilter,
    count_reservations,
    count_waiting,
    list_booked,
    list_by_ids,
    list_confirmed,
    list_outlines,
    list_reservations,
    list_starts,
)
from kitchenasty.reservations.notes import MoneyAgreed, annotate, remove
from kitchenasty.reservations.queries import (
    ReservationNotFound,
    checked_id,
    find_opened,
    list_day,
    list_history,
    load_reservation,
    open_house,
    open_reservation,
)
from kitchenasty.reservations.records import GuestRefused, Sitting, capability_of
from kitchenasty.reservations.records import changed as changed_event
from kitchenasty.reservations.records import checked as checked_guest
from kitchenasty.reservations.records import draft as draft_reservation
from kitchenasty.reservations.records import insert as insert_reservation
from kitchenasty.reservations.records import keep as keep_change
from kitchenasty.reservations.records import tell as tell_history
from kitchenasty.reservations.refusals import SomebodyChangedIt, TableInTheWay
from kitchenasty.reservations.regulars import KnownGuest, Past, find_guests, load_past
from kitchenasty.reservations.service import (
    book,
    cancel,
    change,
    check_may_change,
    complete,
    confirm,
    move,
    note_absence,
)
from kitchenasty.reservations.service import free as free_tables
from kitchenasty.reservations.states import (
    EXPECTED,
    HOLDING,
    STATUS_WORDS,
    MoveRefused,
    Source,
    Status,
    check_move,
    next_statuses,
)
from kitchenasty.reservations.topics import (
    RESERVATION_TOLD,
    TABLES_CHANGED,
    reservation_topic,
    tables_topic,
)
from kitchenasty.reservations.views import Booked, Guest, HistoryEntry, Outline, Reservation

__all__ = [
    "EXPECTED",
    "HOLDING",
    "LAPSE_JOB",
    "RESERVATION_TOLD",
    "STATUS_WORDS",
    "TABLES_CHANGED",
    "Booked",
    "Guest",
    "GuestRefused",
    "HistoryEntry",
    "KnownGuest",
    "MoneyAgreed",
    "MoveRefused",
    "Outline",
    "Past",
    "Reservation",
    "ReservationChanged",
    "ReservationFilter",
    "ReservationMade",
    "ReservationMoved",
    "ReservationNotFound",
    "ReservationReleased",
    "Sitting",
    "SomebodyChangedIt",
    "Source",
    "Status",
    "TableInTheWay",
    "annotate",
    "ask_for_money",
    "book",
    "book_held",
    "cancel",
    "capability_of",
    "change",
    "changed_event",
    "check_may_change",
    "check_move",
    "checked_guest",
    "checked_id",
    "complete",
    "confirm",
    "count_reservations",
    "count_waiting",
    "draft_reservation",
    "find_guests",
    "find_opened",
    "free_tables",
    "hold_reservation",
    "insert_reservation",
    "keep_change",
    "lapse",
    "list_booked",
    "list_by_ids",
    "list_confirmed",
    "list_day",
    "list_history",
    "list_outlines",
    "list_reservations",
    "list_starts",
    "load_past",
    "load_reservation",
    "move",
    "next_statuses",
    "note_absence",
    "open_house",
    "open_reservation",
    "release",
    "remove",
    "reservation_topic",
    "revive",
    "tables_topic",
    "tell_history",
]
