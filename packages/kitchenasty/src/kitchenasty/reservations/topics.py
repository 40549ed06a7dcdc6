"""The names of what the screens of a house's tables and the page of one reservation follow, and of
what is told there.
"""

TABLES_CHANGED = "tables.changed"
RESERVATION_TOLD = "reservation.told"


def tables_topic(house_id: str) -> str:
    return f"tables:{house_id}"


def reservation_topic(reservation_id: str) -> str:
    return f"reservation:{reservation_id}"
