"""The letter that offers a table to somebody who waits for one."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from kitchenasty import locations
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Action, Letter, Sender
from kitchenasty.waitlist.queries import find_waiting
from kitchenasty.waitlist.service import OFFER_LETTER, READY_LETTER, capability_of


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
    until = one.offered_until_at.astimezone(zone)
    link = f"{sender.public_url}/w/{capability_of(uow.secret, one.id)}"
    return Letter(
        subject=f"{translate('There is a table for you')}, {house.name}",
        paragraphs=(
            translate("A table became free, and you are the first on the waiting list."),
            translate("We hold it for you until {time}. Then the next is asked.").format(
                time=f"{until:%H:%M}"
            ),
        ),
        rows=(
            (translate("Day"), f"{starts_at:%d.%m.%Y}"),
            (translate("Time"), f"{starts_at:%H:%M}"),
            (translate("People"), str(one.party)),
        ),
        action=Action(translate("Answer"), link),
        after=(house.name, house.address, house.city),
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
    return Letter(
        subject=f"{translate('Your table is ready')}, {house.name}",
        paragraphs=(
            translate("Please come to the door."),
            translate("We hold it for you until {time}. Then the next is asked.").format(
                time=f"{until:%H:%M}"
            ),
        ),
        rows=((translate("People"), str(one.party)),),
        action=Action(
            translate("Waiting list"), f"{sender.public_url}/w/{capability_of(uow.secret, one.id)}"
        ),
        after=(house.name, house.address, house.city),
        house=house.name,
    )


WRITERS = {OFFER_LETTER: write_offer, READY_LETTER: write_ready}
