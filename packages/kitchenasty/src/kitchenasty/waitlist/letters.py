"""The letter that offers a table to somebody who waits for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from basis.sentences import word
from kitchenasty import locations
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import (
    ADDRESS,
    BUTTON,
    HOUSE,
    TABLE,
    Area,
    Letter,
    Pattern,
    Sender,
    text_fact,
)
from kitchenasty.waitlist.queries import find_waiting
from kitchenasty.waitlist.service import OFFER_LETTER, READY_LETTER, capability_of

HELD = word("We hold it for you until {time}. Then the next is asked.")
PLACES = {
    "house": HOUSE,
    "address": ADDRESS,
    "time": text_fact("offer.until", word("Until when it is held"), "18:45"),
    "people": text_fact("offer.people", word("People"), "4"),
}
OFFER = Pattern(
    key=OFFER_LETTER,
    words=word("A table became free"),
    area=Area.RESERVATIONS,
    subject=(word("There is a table for you"), "{house}"),
    lines=(word("A table became free, and you are the first on the waiting list."), HELD),
    button=word("Answer"),
    after=("{address}",),
    places=PLACES,
    rows=((word("Day"), "17.05.2030"), (word("Time"), "19:00"), (word("People"), "4")),
    needs=frozenset({TABLE, BUTTON}),
)
READY = Pattern(
    key=READY_LETTER,
    words=word("The table is ready"),
    area=Area.RESERVATIONS,
    subject=(word("Your table is ready"), "{house}"),
    lines=(word("Please come to the door."), HELD),
    button=word("Waiting list"),
    after=("{address}",),
    places=PLACES,
    rows=((word("People"), "4"),),
    needs=frozenset({BUTTON}),
)
PATTERNS = (OFFER, READY)


async def write_offer(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """None where they answered already, or somebody else has the table by now."""
    one = await find_waiting(uow, facts["waiting_id"])
    if one is None or not one.is_offered or one.offered_until_at is None:
        return None
    if one.offered_until_at <= uow.now:
        return None
    house = await locations.load_house(uow, one.house_id)
    zone = ZoneInfo(house.zone)
    starts_at = one.held.period[0].astimezone(zone)
    return OFFER.write(
        known_of(house, one.party, f"{one.offered_until_at.astimezone(zone):%H:%M}"),
        rows=(
            (translate("Day"), f"{starts_at:%d.%m.%Y}"),
            (translate("Time"), f"{starts_at:%H:%M}"),
            (translate("People"), str(one.party)),
        ),
        url=f"{sender.public_url}/w/{capability_of(uow.secret, one.id)}",
        house=house.name,
    )


async def write_ready(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """None where they came, left, or the house took it back."""
    one = await find_waiting(uow, facts["waiting_id"])
    if one is None or not one.is_ready or one.offered_until_at is None:
        return None
    if one.offered_until_at <= uow.now:
        return None
    house = await locations.load_house(uow, one.house_id)
    until = one.offered_until_at.astimezone(ZoneInfo(house.zone))
    return READY.write(
        known_of(house, one.party, f"{until:%H:%M}"),
        rows=((translate("People"), str(one.party)),),
        url=f"{sender.public_url}/w/{capability_of(uow.secret, one.id)}",
        house=house.name,
    )


def known_of(house: locations.House, party: int, until: str) -> Mapping[str, str]:
    address = f"{house.name}\n{house.address}\n{house.city}"
    return {"house": house.name, "address": address, "time": until, "people": str(party)}


WRITERS = {OFFER_LETTER: write_offer, READY_LETTER: write_ready}
