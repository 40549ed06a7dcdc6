"""Tables kept for guests, none of them twice. Others use only these names."""

from kitchenasty.reservations.availability import DayBook, list_free, open_day, plan
from kitchenasty.reservations.calendar_links import (
    CalendarLink,
    TooManyLinks,
    end_link,
    list_links,
    make_link,
)
from kitchenasty.reservations.combinations import (
    COMBINATIONS_MAX,
    Combination,
    CombinationRefused,
    combine,
    list_combinations,
    take_apart,
)
from kitchenasty.reservations.described import reserve_facts
from kitchenasty.reservations.events import (
    FloorChanged,
    ReservationChanged,
    ReservationMade,
    ReservationMoved,
)
from kitchenasty.reservations.floor import (
    block,
    put,
    resize,
    seat,
    shift,
    stay_until,
    unblock,
    walk_in,
)
from kitchenasty.reservations.held import Held, HeldNoMore, book_held, give_free, hold_back
from kitchenasty.reservations.letter_kinds import LETTER_SETTINGS, LETTER_WORDS, LetterKind
from kitchenasty.reservations.lists import (
    ReservationFilter,
    count_waiting,
    list_outlines,
    list_reservations,
)
from kitchenasty.reservations.notes import annotate
from kitchenasty.reservations.own_terms import has_own_terms, set_terms
from kitchenasty.reservations.places import (
    PLAN_WIDTH,
    PlaceRefused,
    TablePlace,
    list_places,
    place_tables,
)
from kitchenasty.reservations.queries import (
    ReservationNotFound,
    list_arrivals,
    list_day,
    list_history,
    list_stays,
    load_floor,
    load_reservation,
    load_terms,
    open_house,
    open_reservation,
)
from kitchenasty.reservations.records import GuestRefused, capability_of
from kitchenasty.reservations.records import checked as checked_guest
from kitchenasty.reservations.refusals import FullyBooked, SomebodyChangedIt, WishRefused
from kitchenasty.reservations.regulars import KnownGuest, Past, find_guests, load_past
from kitchenasty.reservations.schemas import read_day
from kitchenasty.reservations.seating import Seat
from kitchenasty.reservations.service import book, cancel, change, complete, confirm, note_absence
from kitchenasty.reservations.settings import RESERVATION
from kitchenasty.reservations.slots import Slot, service_day
from kitchenasty.reservations.states import (
    EXPECTED,
    STATUS_WORDS,
    MoveRefused,
    Source,
    Status,
    next_statuses,
)
from kitchenasty.reservations.terms import (
    INTERVALS,
    PARTY_MAX,
    TURNS_MAX,
    Terms,
    TermsRefused,
    Turn,
)
from kitchenasty.reservations.topics import TABLES_CHANGED, tables_topic
from kitchenasty.reservations.views import (
    Booked,
    Floor,
    Guest,
    HistoryEntry,
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
    "INTERVALS",
    "LETTER_SETTINGS",
    "LETTER_WORDS",
    "PARTY_MAX",
    "PLAN_WIDTH",
    "RESERVATION",
    "STATUS_WORDS",
    "TABLES_CHANGED",
    "TURNS_MAX",
    "Booked",
    "CalendarLink",
    "Combination",
    "CombinationRefused",
    "DayBook",
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
    "Outline",
    "Past",
    "Period",
    "PlaceRefused",
    "Plan",
    "Reservation",
    "ReservationChanged",
    "ReservationFilter",
    "ReservationMade",
    "ReservationMoved",
    "ReservationNotFound",
    "Seat",
    "Slot",
    "SomebodyChangedIt",
    "Source",
    "Status",
    "Stay",
    "TablePlace",
    "Terms",
    "TermsRefused",
    "TooManyLinks",
    "Turn",
    "Wish",
    "WishRefused",
    "annotate",
    "block",
    "book",
    "book_held",
    "cancel",
    "capability_of",
    "change",
    "checked_guest",
    "combine",
    "complete",
    "confirm",
    "count_waiting",
    "end_link",
    "find_guests",
    "give_free",
    "has_own_terms",
    "hold_back",
    "list_arrivals",
    "list_combinations",
    "list_day",
    "list_free",
    "list_history",
    "list_links",
    "list_outlines",
    "list_places",
    "list_reservations",
    "list_stays",
    "load_floor",
    "load_past",
    "load_reservation",
    "load_terms",
    "make_link",
    "next_statuses",
    "note_absence",
    "open_day",
    "open_house",
    "open_reservation",
    "place_tables",
    "plan",
    "put",
    "read_day",
    "reserve_facts",
    "resize",
    "seat",
    "service_day",
    "set_terms",
    "shift",
    "stay_until",
    "tables_topic",
    "take_apart",
    "unblock",
    "walk_in",
]
