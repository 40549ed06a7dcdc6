"""Guests who left a phone number are reminded by a text message too, where the house wants it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from basis.sentences import word
from kitchenasty import locations, texting
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.pages import show_date, show_time
from kitchenasty.notices import GUEST, HOUSE, Area, Pattern, text_fact
from kitchenasty.reservation_letters.reminders import KIND, Reminders
from kitchenasty.reservations import (
    Reservation,
    ReservationNotFound,
    Status,
    capability_of,
    load_reservation,
)
from kitchenasty.texting import NumberRefused, Said, TextDraft

REMINDER = Pattern(
    key=f"{KIND}.text",
    words=word("A reminder of a table"),
    area=Area.RESERVATIONS,
    lines=(
        word("{house}: your table for {count}, {day}, {time}."),
        word("If you cannot come: {link}"),
    ),
    places={
        "house": HOUSE,
        "name": GUEST,
        "count": text_fact("reservation.people", word("People"), "4"),
        "day": text_fact("reservation.day", word("Day"), "17 May 2030"),
        "time": text_fact("reservation.time", word("Time"), "19:00"),
        "link": text_fact(
            "reservation.link", word("Link to the reservation"), "https://juniper.example/r/abc"
        ),
    },
    needs=frozenset({"reservation.link"}),
    is_text=True,
)
PATTERNS = (REMINDER,)


class ByText:
    """Whoever left a phone number reads it there."""

    async def remind(self, uow: UnitOfWork, reservation: Reservation) -> None:
        if not reservation.guest_phone:
            return
        house = await locations.load_house(uow, reservation.house_id)
        starts_at = reservation.starts_at.isoformat()
        # A number that nobody can write to holds up nothing.
        with contextlib.suppress(NumberRefused):
            await texting.send_text(
                uow,
                TextDraft(
                    kind=KIND,
                    key=f"{KIND}:{reservation.id}:{starts_at}",
                    phone=reservation.guest_phone,
                    country=house.country,
                    facts={"reservation_id": reservation.id, "starts_at": starts_at},
                    useful_for=reservation.starts_at - uow.now,
                    about_id=reservation.id,
                    locale=reservation.locale,
                ),
            )


@dataclass(frozen=True, slots=True)
class Ways:
    """Each way that there is, for whom it fits."""

    ways: Sequence[Reminders]

    async def remind(self, uow: UnitOfWork, reservation: Reservation) -> None:
        for way in self.ways:
            await way.remind(uow, reservation)


async def write_reminder(uow: UnitOfWork, facts: dict[str, Any]) -> Said | None:
    """Nothing if it was cancelled or moved before the text was sent."""
    try:
        found = await load_reservation(uow, facts["reservation_id"])
    except ReservationNotFound:
        return None
    is_same = found.starts_at == datetime.fromisoformat(facts["starts_at"])
    if found.status is not Status.CONFIRMED or not is_same:
        return None
    house = await locations.load_house(uow, found.house_id)
    public_url = uow.given.get("PUBLIC_URL", "").rstrip("/")
    known = {
        "house": house.name,
        "name": found.guest_name,
        "count": str(found.party),
        "day": show_date(found.starts_at, house.zone),
        "time": show_time(found.starts_at, house.zone),
        "link": f"{public_url}/r/{capability_of(uow.secret, found.id)}" if public_url else "",
    }
    return Said(REMINDER.say(known), REMINDER.key, REMINDER.facts_of(known))


WRITERS = {KIND: write_reminder}
