"""Tables kept for guests, none of them twice. Others use only these names."""

from kitchenasty.reservations.availability import DayBook, list_free, open_day, plan
from kitchenasty.reservations.blocks import insert_block, remove_block
from kitchenasty.reservations.calendar import CalendarDay, DayState, days_of, list_month
from kitchenasty.reservations.combinations import (
    COMBINATIONS_MAX,
    Combination,
    CombinationRefused,
    combine,
    list_combinations,
    take_apart,
)
from kitchenasty.reservations.days import read_day
from kitchenasty.reservations.described import reservation_facts, reserve_facts
from kitchenasty.reservations.events import (
    FloorChanged,
    ReservationChanged,
    ReservationMade,
    ReservationMoved,
)
from kitchenasty.reservations.held import Held, HeldNoMore, book_held, give_free, hold_back
from kitchenasty.reservations.hold import TableGone, count_arrival, keep_tables, uncount_arrival
from kitchenasty.reservations.hold import let_go as let_tables_go
from kitchenasty.reservations.letter_kinds import LETTER_SETTINGS, LETTER_WORDS, LetterKind
from kitchenasty.reservations.lists import (
    ReservationFilter,
    count_reservations,
    count_waiting,
    list_booked,
    list_confirmed,
    list_outlines,
    list_reservations,
)
from kitchenasty.reservations.notes import annotate, remove
from kitchenasty.reservations.own_terms import has_own_terms, set_terms
from kitchenasty.reservations.queries import (
    ReservationNotFound,
    checked_id,
    find_opened,
    list_arrivals,
    list_day,
    list_history,
    list_named_stays,
    list_stays,
    load_floor,
    load_reservation,
    load_terms,
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
from kitchenasty.reservations.refusals import (
    FullyBooked,
    NoReservations,
    SomebodyChangedIt,
    TableInTheWay,
    WishRefused,
)
from kitchenasty.reservations.regulars import KnownGuest, Past, find_guests, load_past
from kitchenasty.reservations.seating import Seat, choose
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
from kitchenasty.reservations.settings import RESERVATION
from kitchenasty.reservations.slots import Slot, quarter_of, service_day
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
from kitchenasty.reservations.terms import (
    INTERVALS,
    PARTY_MAX,
    STAY_MINUTES_MAX,
    TURNS_MAX,
    Terms,
    TermsRefused,
    Turn,
)
from kitchenasty.reservations.topics import TABLES_CHANGED, reservation_topic, tables_topic
from kitchenasty.reservations.views import (
    Booked,
    Floor,
    Guest,
    HistoryEntry,
    NamedStay,
    Outline,
    Period,
    Plan,
    Reservation,
    Stay,
    Wish,
)

__all__ = [
    "COMBINATIONS_MAX",
    "EXPECTED",
    "HOLDING",
    "INTERVALS",
    "LETTER_SETTINGS",
    "LETTER_WORDS",
    "PARTY_MAX",
    "RESERVATION",
    "STATUS_WORDS",
    "STAY_MINUTES_MAX",
    "TABLES_CHANGED",
    "TURNS_MAX",
    "Booked",
    "CalendarDay",
    "Combination",
    "CombinationRefused",
    "DayBook",
    "DayState",
    "Floor",
    "FloorChanged",
    "FullyBooked",
    "Guest",
    "GuestRefused",
    "Held",
    "HeldNoMore",
    "HistoryEntry",
    "KnownGuest",
    "LetterKind",
    "MoveRefused",
    "NamedStay",
    "NoReservations",
    "Outline",
    "Past",
    "Period",
    "Plan",
    "Reservation",
    "ReservationChanged",
    "ReservationFilter",
    "ReservationMade",
    "ReservationMoved",
    "ReservationNotFound",
    "Seat",
    "Sitting",
    "Slot",
    "SomebodyChangedIt",
    "Source",
    "Status",
    "Stay",
    "TableGone",
    "TableInTheWay",
    "Terms",
    "TermsRefused",
    "Turn",
    "Wish",
    "WishRefused",
    "annotate",
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
    "choose",
    "combine",
    "complete",
    "confirm",
    "count_arrival",
    "count_reservations",
    "count_waiting",
    "days_of",
    "draft_reservation",
    "find_guests",
    "find_opened",
    "free_tables",
    "give_free",
    "has_own_terms",
    "hold_back",
    "insert_block",
    "insert_reservation",
    "keep_change",
    "keep_tables",
    "let_tables_go",
    "list_arrivals",
    "list_booked",
    "list_combinations",
    "list_confirmed",
    "list_day",
    "list_free",
    "list_history",
    "list_month",
    "list_named_stays",
    "list_outlines",
    "list_reservations",
    "list_stays",
    "load_floor",
    "load_past",
    "load_reservation",
    "load_terms",
    "move",
    "next_statuses",
    "note_absence",
    "open_day",
    "open_house",
    "open_reservation",
    "plan",
    "quarter_of",
    "read_day",
    "remove",
    "remove_block",
    "reservation_facts",
    "reservation_topic",
    "reserve_facts",
    "service_day",
    "set_terms",
    "tables_topic",
    "take_apart",
    "tell_history",
    "uncount_arrival",
]
