"""Reservations in the calendars of guests and of those who work in a house. Others use only these
names.
"""

from kitchenasty.reservation_calendars.calendar_file import (
    FILE_NAME,
    MEDIA_TYPE,
    guest_file,
    method_of,
)
from kitchenasty.reservation_calendars.service import (
    CalendarLink,
    TooManyLinks,
    end_link,
    list_links,
    make_link,
)

__all__ = [
    "FILE_NAME",
    "MEDIA_TYPE",
    "CalendarLink",
    "TooManyLinks",
    "end_link",
    "guest_file",
    "list_links",
    "make_link",
    "method_of",
]
