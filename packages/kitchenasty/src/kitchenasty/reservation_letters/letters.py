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
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import current_locale, translate, translate_plural
from kitchenasty.kit.http.pages import show_time
from kitchenasty.notices import Action, Attachment, Letter, Sender, Writer
from kitchenasty.reservation_calendars import FILE_NAME, MEDIA_TYPE, guest_file, method_of
from kitchenasty.reservations import (
    EXPECTED,
    LetterKind,
    Reservation,
    ReservationNotFound,
    Status,
    capability_of,
    load_reservation,
    reservation_facts,
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


def notice_kind(kind: LetterKind) -> str:
    return f"reservations.{kind.value.lower()}"


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
    return guest_letter(
        matter,
        subject=translate(SUBJECTS[kind]),
        sentence=translate(SENTENCES[kind]),
        action=Action(
            translate("Reserve another table") if is_over else translate("Change or cancel"),
            f"{matter.site}/at/{matter.house.slug}/reserve" if is_over else matter.link,
        ),
    )


def guest_letter(matter: Matter, *, subject: str, sentence: str, action: Action) -> Letter:
    """`subject` has a place for the `{day}`."""
    reservation, house = matter.reservation, matter.house
    greeting = translate("Hello {name},").format(name=reservation.guest_name)
    return Letter(
        subject=f"{subject.format(day=day_of(matter))}, {house.name}",
        paragraphs=(greeting, sentence),
        rows=rows_of(matter),
        action=action,
        after=tuple(contact_of(house)),
        house=house.name,
        attachments=(calendar_attachment(matter),),
        described=reservation_facts(matter.site, house, reservation, matter.capability),
    )


def letter_to_house(matter: Matter, kind: LetterKind) -> Letter:
    reservation, house = matter.reservation, matter.house
    there = f"{matter.site}/admin/tables/{house.id}"
    return Letter(
        subject=f"{translate(SUBJECTS[kind]).format(day=day_of(matter))}, {reservation.guest_name}",
        paragraphs=(translate(SENTENCES[kind]),),
        rows=(*guest_rows(reservation), *rows_of(matter)),
        action=Action(
            translate("Open the day"),
            f"{there}?day={reservation.day.isoformat()}&party={reservation.id}",
        ),
        house=house.name,
    )


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


def contact_of(house: locations.House) -> list[str]:
    place = f"{house.name}, {house.address}, {house.postal_code} {house.city}"
    return (
        [place, translate("Phone: {number}").format(number=house.phone)] if house.phone else [place]
    )


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
