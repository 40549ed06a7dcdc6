"""What happens to reservations, as rules see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from basis.facts import Fact, FactKind
from basis.kit.data.occasions import Loaded, Moment, Occasion, Schedule
from basis.kit.data.outbox import StoredEvent
from basis.sentences import word
from kitchenasty import guests, locations, reservations
from kitchenasty.kit.books import Look
from kitchenasty.reservations import (
    STATUS_WORDS,
    Reservation,
    ReservationChanged,
    ReservationMade,
    ReservationMoved,
    Source,
    Status,
)

SOURCE_WORDS = {
    Source.GUEST: word("The guest"),
    Source.STAFF: word("The house"),
    Source.WALK_IN: word("Nobody before they came in"),
}
K = FactKind
FACTS = (
    Fact("reservation.id", K.TEXT, word("The reservation, as programs call it"), "0190-7b"),
    Fact("reservation.status", K.CHOICE, word("Where it is"), "CONFIRMED", STATUS_WORDS),
    Fact("reservation.source", K.CHOICE, word("Who wrote it down"), "GUEST", SOURCE_WORDS),
    Fact("reservation.party", K.NUMBER, word("How many come"), 4),
    Fact("reservation.starts", K.MOMENT, word("When they come"), "2026-11-28T19:00"),
    Fact("reservation.ends", K.MOMENT, word("When they leave"), "2026-11-28T21:00"),
    Fact("reservation.area", K.TEXT, word("Where they want to sit"), "Terrace"),
    Fact("reservation.note", K.TEXT, word("What the guest wrote"), "With a pram", is_personal=True),
    Fact("reservation.allergies", K.TEXT, word("What they must not eat"), "Nuts", is_personal=True),
    Fact("guest.id", K.TEXT, word("The account of the guest, as programs call it"), "0190-7d"),
    Fact("guest.name", K.TEXT, word("The name of the guest"), "Anna Berg", is_personal=True),
    Fact("guest.email", K.TEXT, word("The mail of the guest"), "a@guest.example", is_personal=True),
    Fact(
        "guest.phone", K.TEXT, word("The telephone of the guest"), "030 5550101", is_personal=True
    ),
    Fact("guest.tags", K.LIST, word("The tags of the guest"), ["regular"], is_personal=True),
    Fact("guest.has_account", K.FLAG, word("Whether the guest has an account"), True),
    Fact("guest.language", K.TEXT, word("The language of the guest"), "en_GB"),
    *locations.HOUSE_FACTS,
)
BEFORE = Fact("reservation.before", K.CHOICE, word("Where it was before"), "PENDING", STATUS_WORDS)


async def load_facts(look: Look, events: Sequence[StoredEvent]) -> Loaded:
    """Of each event's reservation; where it was is taken from the event."""
    found = await load_by_ids(look, [str(event.payload["reservation_id"]) for event in events])
    return {
        event.id: {**known, **facts_of_event(event)}
        for event in events
        if (known := found.get(event.payload["reservation_id"])) is not None
    }


async def load_by_ids(look: Look, reservation_ids: Sequence[str]) -> Loaded:
    """By the ids of the reservations, as they are now."""
    found = await reservations.list_by_ids(look, sorted(set(reservation_ids)))
    houses = await locations.load_houses(look, {one.house_id for one in found})
    tags = await guests.list_tags_of(look, {one.customer_id for one in found if one.customer_id})
    return {
        one.id: {
            **facts_of(one, houses[one.house_id]),
            "guest.tags": tags.get(one.customer_id or "", []),
        }
        for one in found
        if one.house_id in houses
    }


async def find_starts(look: Look, since: datetime, until: datetime) -> list[Moment]:
    """When parties come, or came, that have not cancelled; by house, for each has its own days."""
    houses = {one.id: one.zone for one in await locations.list_houses(look, only_active=False)}
    rows = await reservations.list_starts(look, sorted(houses), since, until)
    return [Moment(row[0], row[1], houses[row[2]], row[3]) for row in rows]


def facts_of(one: Reservation, house: locations.House) -> dict[str, Any]:
    return {
        "reservation.id": one.id,
        "reservation.status": Status(one.status).value,
        "reservation.source": Source(one.source).value,
        "reservation.party": one.party,
        "reservation.starts": locations.on_the_wall(one.starts_at, house),
        "reservation.ends": locations.on_the_wall(one.ends_at, house),
        "reservation.area": one.area,
        "reservation.note": one.note,
        "reservation.allergies": one.allergies,
        "guest.id": one.customer_id,
        "guest.name": one.guest_name,
        "guest.email": one.guest_email,
        "guest.phone": one.guest_phone,
        "guest.has_account": one.customer_id is not None,
        "guest.language": one.locale,
        **locations.facts_of_house(house),
    }


def facts_of_event(event: StoredEvent) -> dict[str, Any]:
    if event.topic == ReservationMade.topic:
        return {"reservation.status": event.payload["status"]}
    if event.topic == ReservationMoved.topic:
        return {
            "reservation.status": event.payload["after"],
            "reservation.before": event.payload["before"],
        }
    return {}


OCCASIONS = (
    Occasion(ReservationMade.topic, word("A table is reserved"), FACTS, load_facts),
    Occasion(ReservationChanged.topic, word("A reservation is changed"), FACTS, load_facts),
    Occasion(ReservationMoved.topic, word("A reservation goes on"), (*FACTS, BEFORE), load_facts),
    Schedule(
        "reservation.starts", word("The time of a reservation"), FACTS, find_starts, load_by_ids
    ),
)
