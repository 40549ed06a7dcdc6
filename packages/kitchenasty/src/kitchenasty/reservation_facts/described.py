"""A reservation in the words of schema.org: for mail programs, assistants and search engines. They
stand in pages and letters as a block of data, which no browser runs. Pure.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from kitchenasty.locations import House, address_facts, known
from kitchenasty.reservations import Reservation, Status

S = Status
STATUS_FACTS = {
    S.PENDING: "https://schema.org/ReservationPending",
    S.CONFIRMED: "https://schema.org/ReservationConfirmed",
    S.SEATED: "https://schema.org/ReservationConfirmed",
    S.COMPLETED: "https://schema.org/ReservationConfirmed",
    S.CANCELLED: "https://schema.org/ReservationCancelled",
    S.NO_SHOW: "https://schema.org/ReservationCancelled",
}


def reserve_facts(site: str, house: House) -> dict[str, Any]:
    """What a house says of itself where guests reserve tables."""
    there = f"{site}/at/{house.slug}/reserve"
    return {
        "acceptsReservations": there,
        "potentialAction": {
            "@type": "ReserveAction",
            "target": there,
            "result": {"@type": "FoodEstablishmentReservation"},
        },
    }


def reservation_facts(
    site: str, house: House, reservation: Reservation, capability: str
) -> dict[str, Any]:
    """The reservation as its own guest may read it: `capability` opens it."""
    zone, link = ZoneInfo(house.zone), f"{site}/r/{capability}"
    place = {
        "@type": "FoodEstablishment",
        "@id": f"{site}/at/{house.slug}#house",
        "name": house.name,
        "url": f"{site}/at/{house.slug}",
        "telephone": house.phone,
        "address": address_facts(house),
    }
    return {
        "@context": "https://schema.org",
        "@type": "FoodEstablishmentReservation",
        "reservationId": reservation.id,
        "reservationStatus": STATUS_FACTS[reservation.status],
        "url": link,
        "modifyReservationUrl": link,
        "underName": {"@type": "Person", "name": reservation.guest_name},
        "reservationFor": known(place),
        "startTime": reservation.starts_at.astimezone(zone).isoformat(),
        "endTime": reservation.ends_at.astimezone(zone).isoformat(),
        "partySize": reservation.party,
        "modifiedTime": reservation.updated_at.astimezone(zone).isoformat(),
    }
