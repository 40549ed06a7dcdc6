"""What happens to reservations, as rules see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from basis.facts import Fact, FactKind
from basis.sentences import word
from kitchenasty import locations
from kitchenasty.kit.data.occasions import Loaded, Occasion
from kitchenasty.kit.data.outbox import StoredEvent
from kitchenasty.kit.data.statements import Statement, one_of
from kitchenasty.kit.data.work import Look
from kitchenasty.reservations.events import ReservationChanged, ReservationMade, ReservationMoved
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.queries import FIELDS, SELECTED
from kitchenasty.reservations.states import STATUS_WORDS, Source, Status
from kitchenasty.reservations.views import Reservation

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
    Fact("reservation.note", K.TEXT, word("What the guest wrote"), "With a pram"),
    Fact("reservation.allergies", K.TEXT, word("What they must not eat"), "Nuts"),
    Fact("guest.name", K.TEXT, word("The name of the guest"), "Anna Berg"),
    Fact("guest.email", K.TEXT, word("The mail of the guest"), "a@guest.example"),
    Fact("guest.phone", K.TEXT, word("The telephone of the guest"), "030 5550101"),
    Fact("guest.has_account", K.FLAG, word("Whether the guest has an account"), True),
    Fact("guest.language", K.TEXT, word("The language of the guest"), "en_GB"),
    *locations.HOUSE_FACTS,
)
BEFORE = Fact("reservation.before", K.CHOICE, word("Where it was before"), "PENDING", STATUS_WORDS)
BY_IDS = Statement(select(*SELECTED).where(one_of(ReservationRow.id, "ids")))


async def load_facts(look: Look, events: Sequence[StoredEvent]) -> Loaded:
    """Of each event's reservation; where it was is taken from the event."""
    ids = sorted({str(event.payload["reservation_id"]) for event in events})
    found = {
        row[0]: Reservation(**dict(zip(FIELDS, row, strict=True)))
        for row in await look.rows(BY_IDS, ids=ids)
    }
    houses = await locations.load_houses(look, {one.house_id for one in found.values()})
    return {
        event.id: {**facts_of(one, houses[one.house_id]), **facts_of_event(event)}
        for event in events
        if (one := found.get(event.payload["reservation_id"])) is not None
        and one.house_id in houses
    }


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
)
