"""Reservations as an iCalendar file (RFC 5545, RFC 5546): for the guest's own calendar, and for the
calendars of those who work in the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from kitchenasty.availability import Period
from kitchenasty.kit.http.i18n import translate
from kitchenasty.locations import House
from kitchenasty.reservations import Reservation, Status

MEDIA_TYPE = "text/calendar"
FILE_NAME = "reservation.ics"
MAKER = "-//KitchenAsty//Reservations//EN"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"
STATUS_OF = {
    Status.PENDING: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
    Status.NO_SHOW: "CANCELLED",
}
"""What is not named is CONFIRMED."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A reservation as one calendar shows it."""

    reservation: Reservation
    title: str
    description: str = ""
    link: str = ""


def guest_file(house: House, reservation: Reservation, link: str) -> bytes:
    """The reservation for the calendar of its guest, as it stands now. Another file of the same
    reservation has the same UID and a higher SEQUENCE, so calendars change the entry they have.
    `link` opens the reservation.
    """
    title = translate("Table at {house}").format(house=house.name)
    told = [translate("Change or cancel: {link}").format(link=link)]
    if house.phone:
        told.append(translate("Phone: {number}").format(number=house.phone))
    entry = Entry(reservation=reservation, title=title, description="\n".join(told), link=link)
    calendar = begin(method_of(reservation))
    calendar.add_component(event_of(house, entry))
    return finish(calendar, reservation.period)


def house_file(house: House, reservations: Sequence[Reservation], *, shows_details: bool) -> bytes:
    """The reservations of a house for those who work there: who comes, and how many."""
    calendar = begin(PUBLISH)
    calendar.add("X-WR-CALNAME", translate("Tables of {house}").format(house=house.name))
    calendar.add("X-WR-TIMEZONE", house.zone)
    for one in reservations:
        title = f"{one.guest_name} ({one.party})"
        told = [one.guest_phone, one.allergies, one.note, one.house_note] if shows_details else []
        words = "\n".join(line for line in told if line)
        calendar.add_component(
            event_of(house, Entry(reservation=one, title=title, description=words))
        )
    if not reservations:
        return bytes(calendar.to_ical())
    ends = max(one.ends_at for one in reservations)
    return finish(calendar, (reservations[0].starts_at - A_DAY, ends))


def method_of(reservation: Reservation) -> str:
    """To publish and not to request: the house asks for no answer."""
    return CANCEL if STATUS_OF.get(reservation.status) == "CANCELLED" else PUBLISH


def begin(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", MAKER)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method)
    return calendar


def event_of(house: House, entry: Entry) -> Event:
    reservation, event = entry.reservation, Event()
    event.add("UID", reservation.id)
    event.add("SEQUENCE", reservation.version)
    # Of the change and not of this moment: the same reservation is the same file.
    event.add("DTSTAMP", reservation.updated_at)
    event.add("LAST-MODIFIED", reservation.updated_at)
    event.add("CREATED", reservation.created_at)
    event.add("DTSTART", on_the_wall(reservation.starts_at, house.zone))
    event.add("DTEND", on_the_wall(reservation.ends_at, house.zone))
    event.add("SUMMARY", entry.title)
    event.add("LOCATION", f"{house.name}, {house.address}, {house.postal_code} {house.city}")
    event.add("STATUS", STATUS_OF.get(reservation.status, "CONFIRMED"))
    event.add("ORGANIZER", organizer_of(house))
    if entry.description:
        event.add("DESCRIPTION", entry.description)
    if entry.link:
        event.add("URL", entry.link)
    if house.latitude is not None and house.longitude is not None:
        event.add("GEO", (house.latitude, house.longitude))
    return event


def organizer_of(house: House) -> vCalAddress:
    """The house by its address for mail; one without is named by what stays the same about it."""
    organizer = vCalAddress(f"mailto:{house.email}" if house.email else f"urn:uuid:{house.id}")
    organizer.params["CN"] = house.name
    return organizer


def on_the_wall(instant: datetime, zone: str) -> datetime:
    """The instant in the zone of the house, which keeps it right if a law moves the clocks
    meanwhile. In the hour that comes twice a year a time in a zone means the first of the two, so
    the second is told in UTC.
    """
    local = instant.astimezone(ZoneInfo(zone))
    return instant.astimezone(UTC) if local.fold else local


def finish(calendar: Calendar, period: Period) -> bytes:
    """With the rules of the zones that are named in it, for as long as it needs them."""
    since, until = period
    calendar.add_missing_timezones(since.date() - A_DAY, until.date() + A_DAY)
    return bytes(calendar.to_ical())
