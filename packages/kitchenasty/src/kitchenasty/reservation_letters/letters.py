"""The letters themselves. Each is written as the reservation is when it is sent; what is no longer
true is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from basis.sentences import word
from kitchenasty import locations
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import current_locale, translate, translate_plural
from kitchenasty.kit.http.pages import show_time
from kitchenasty.notices import (
    ADDRESS,
    BUTTON,
    GUEST,
    HOUSE,
    PHONE,
    TABLE,
    Area,
    Attachment,
    Letter,
    Pattern,
    Sender,
    Writer,
    text_fact,
)
from kitchenasty.reservation_calendars import FILE_NAME, MEDIA_TYPE, guest_file, method_of
from kitchenasty.reservation_facts import reservation_facts
from kitchenasty.reservation_terms import LetterKind
from kitchenasty.reservations import (
    EXPECTED,
    Reservation,
    ReservationNotFound,
    Status,
    capability_of,
    load_reservation,
)

K = LetterKind
ARE_TRUE_OF: dict[LetterKind, tuple[Status, ...]] = {
    K.REQUESTED: (Status.PENDING,),
    K.CONFIRMED: (Status.CONFIRMED,),
    K.CHANGED: EXPECTED,
    K.CANCELLED: (Status.CANCELLED,),
    K.REFUSED: (Status.CANCELLED,),
    K.HOUSE_NEW: EXPECTED,
    K.HOUSE_CHANGED: EXPECTED,
    K.HOUSE_CANCELLED: (Status.CANCELLED,),
}
SUBJECTS = {
    K.REQUESTED: word("Your request for a table, {day}"),
    K.CONFIRMED: word("Your table, {day}"),
    K.CHANGED: word("Your reservation was changed: {day}"),
    K.CANCELLED: word("Your reservation is cancelled: {day}"),
    K.REFUSED: word("We had to cancel your reservation: {day}"),
    K.HOUSE_NEW: word("New reservation: {day}"),
    K.HOUSE_CHANGED: word("A guest changed a reservation: {day}"),
    K.HOUSE_CANCELLED: word("A guest cancelled: {day}"),
}
SENTENCES = {
    K.REQUESTED: word("We keep a table for you. Somebody of the house will confirm it."),
    K.CONFIRMED: word("Your table is reserved. We look forward to seeing you."),
    K.CHANGED: word("This is how your reservation stands now."),
    K.CANCELLED: word("You cancelled this reservation. You are welcome another time."),
    K.REFUSED: word("We are sorry: we had to cancel this reservation."),
    K.HOUSE_NEW: word("A guest has reserved a table."),
    K.HOUSE_CHANGED: word("This is how the reservation stands now."),
    K.HOUSE_CANCELLED: word("A guest has cancelled. The table is free."),
}


KINDS = {
    K.REQUESTED: word("A table is requested"),
    K.CONFIRMED: word("A table is confirmed"),
    K.CHANGED: word("A reservation was changed"),
    K.CANCELLED: word("A guest cancelled"),
    K.REFUSED: word("The house cancelled"),
    K.HOUSE_NEW: word("A new reservation, to the house"),
    K.HOUSE_CHANGED: word("A reservation was changed, to the house"),
    K.HOUSE_CANCELLED: word("A guest cancelled, to the house"),
}
BUTTONS = {
    K.CANCELLED: word("Reserve another table"),
    K.REFUSED: word("Reserve another table"),
}
CHANGE_OR_CANCEL = word("Change or cancel")
OPEN_THE_DAY = word("Open the day")
PLACES = {
    "name": GUEST,
    "house": HOUSE,
    "place": ADDRESS,
    "number": PHONE,
    "day": text_fact("reservation.day", word("Day"), word("Friday 17 May 2030")),
    "time": text_fact("reservation.time", word("Time"), "19:00"),
    "people": text_fact("reservation.people", word("People"), word("4 people")),
    "area": text_fact("reservation.area", word("Area"), "Garten"),
}
ROWS = (
    (word("When"), word("Friday 17 May 2030, 19:00")),
    (word("People"), word("4 people")),
    (word("Area"), "Garten"),
)


def guest_pattern(key: str, words: str, subject: str, sentence: str, button: str) -> Pattern:
    return Pattern(
        key=key,
        words=words,
        area=Area.RESERVATIONS,
        subject=(subject, "{house}"),
        lines=(word("Hello {name},"), sentence),
        button=button,
        after=("{place}", word("Phone: {number}")),
        places=PLACES,
        rows=ROWS,
        needs=frozenset({TABLE, BUTTON}),
    )


def house_pattern(kind: LetterKind) -> Pattern:
    return Pattern(
        key=notice_kind(kind),
        words=KINDS[kind],
        area=Area.RESERVATIONS,
        subject=(SUBJECTS[kind], "{name}"),
        lines=(SENTENCES[kind],),
        button=OPEN_THE_DAY,
        places=PLACES,
        rows=ROWS,
        needs=frozenset({TABLE}),
    )


def notice_kind(kind: LetterKind) -> str:
    return f"reservations.{kind.value.lower()}"


PATTERN_OF = {
    kind: house_pattern(kind)
    if kind.is_for_house
    else guest_pattern(
        notice_kind(kind),
        KINDS[kind],
        SUBJECTS[kind],
        SENTENCES[kind],
        BUTTONS.get(kind, CHANGE_OR_CANCEL),
    )
    for kind in LetterKind
}
PATTERNS = tuple(PATTERN_OF.values())


@dataclass(frozen=True, slots=True)
class Matter:
    """What a letter is about, and to where it leads."""

    reservation: Reservation
    house: locations.House
    capability: str
    site: str

    @property
    def link(self) -> str:
        return f"{self.site}/r/{self.capability}"


async def find_matter(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Matter | None:
    """None if the reservation was removed meanwhile."""
    try:
        found = await load_reservation(uow, facts["reservation_id"])
    except ReservationNotFound:
        return None
    house = await locations.load_house(uow, found.house_id)
    return Matter(found, house, capability_of(uow.secret, found.id), sender.public_url)


async def write(
    uow: UnitOfWork, facts: dict[str, Any], sender: Sender, *, kind: LetterKind
) -> Letter | None:
    """Nothing if it is no longer so."""
    matter = await find_matter(uow, facts, sender)
    if matter is None or matter.reservation.status not in ARE_TRUE_OF[kind]:
        return None
    return letter_to_house(matter, kind) if kind.is_for_house else letter_to_guest(matter, kind)


def letter_to_guest(matter: Matter, kind: LetterKind) -> Letter:
    is_over = matter.reservation.status is Status.CANCELLED
    again = f"{matter.site}/at/{matter.house.slug}/reserve"
    return guest_letter(PATTERN_OF[kind], matter, url=again if is_over else matter.link)


def guest_letter(pattern: Pattern, matter: Matter, *, url: str) -> Letter:
    return pattern.write(
        known_of(matter),
        rows=rows_of(matter),
        url=url,
        house=matter.house.name,
        attachments=(calendar_attachment(matter),),
        described=reservation_facts(
            matter.site, matter.house, matter.reservation, matter.capability
        ),
    )


def letter_to_house(matter: Matter, kind: LetterKind) -> Letter:
    reservation, house = matter.reservation, matter.house
    there = f"{matter.site}/admin/tables/{house.id}"
    return PATTERN_OF[kind].write(
        known_of(matter),
        rows=(*guest_rows(reservation), *rows_of(matter)),
        url=f"{there}?day={reservation.day.isoformat()}&party={reservation.id}",
        house=house.name,
    )


def known_of(matter: Matter) -> dict[str, str]:
    reservation, house = matter.reservation, matter.house
    return {
        "name": reservation.guest_name,
        "house": house.name,
        "place": f"{house.name}, {house.address}, {house.postal_code} {house.city}",
        "number": house.phone or "",
        "day": day_of(matter),
        "time": time_of(matter),
        "people": people_of(reservation.party),
        "area": reservation.area or "",
    }


def rows_of(matter: Matter) -> tuple[tuple[str, str], ...]:
    """When, how many, where they wish to sit. The table is the house's own matter."""
    reservation = matter.reservation
    rows = [
        (translate("When"), f"{day_of(matter)}, {time_of(matter)}"),
        (translate("People"), people_of(reservation.party)),
        (translate("Area"), reservation.area or ""),
        (translate("Allergies"), reservation.allergies or ""),
        (translate("Notes"), reservation.note or ""),
    ]
    return tuple((name, words) for name, words in rows if words)


def guest_rows(reservation: Reservation) -> list[tuple[str, str]]:
    rows = [
        (translate("Name"), reservation.guest_name),
        (translate("Phone"), reservation.guest_phone or ""),
        (translate("E-mail"), reservation.guest_email or ""),
    ]
    return [(name, words) for name, words in rows if words]


def day_of(matter: Matter) -> str:
    """`Friday 17 May 2030`, `Freitag, 17. Mai 2030` in the zone of the house."""
    local = matter.reservation.starts_at.astimezone(ZoneInfo(matter.house.zone)).date()
    return format_date(local, "full", locale=current_locale.get())


def time_of(matter: Matter) -> str:
    return show_time(matter.reservation.starts_at, matter.house.zone)


def people_of(party: int) -> str:
    return translate_plural("%(count)s person", "%(count)s people", party) % {"count": party}


def calendar_attachment(matter: Matter) -> Attachment:
    make = partial(guest_file, matter.house, matter.reservation, matter.link)
    parameters = {"method": method_of(matter.reservation), "charset": "utf-8"}
    return Attachment(FILE_NAME, MEDIA_TYPE, make, parameters)


WRITERS: dict[str, Writer] = {notice_kind(kind): partial(write, kind=kind) for kind in LetterKind}
