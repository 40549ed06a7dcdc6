"""Guests whose phone follows their reservation are reminded there too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kitchenasty import locations, push
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.pages import show_date, show_time
from kitchenasty.push import About, PushDraft, PushWords, Subject
from kitchenasty.reservation_letters.reminders import KIND
from kitchenasty.reservations import (
    Reservation,
    ReservationNotFound,
    Status,
    capability_of,
    load_reservation,
)


class ByPush:
    """Whoever pressed the button on the page of their reservation."""

    async def remind(self, uow: UnitOfWork, reservation: Reservation) -> None:
        starts_at = reservation.starts_at.isoformat()
        await push.send_push(
            uow,
            PushDraft(
                kind=KIND,
                key=f"{reservation.id}:{starts_at}",
                subject=Subject(About.RESERVATION, reservation.id),
                facts={"reservation_id": reservation.id, "starts_at": starts_at},
                useful_for=reservation.starts_at - uow.now,
            ),
        )


async def write_reminder(uow: UnitOfWork, facts: dict[str, Any]) -> PushWords | None:
    """Nothing if it was cancelled or moved before the message was sent."""
    try:
        found = await load_reservation(uow, facts["reservation_id"])
    except ReservationNotFound:
        return None
    is_same = found.starts_at == datetime.fromisoformat(facts["starts_at"])
    if found.status is not Status.CONFIRMED or not is_same:
        return None
    house = await locations.load_house(uow, found.house_id)
    day, time = show_date(found.starts_at, house.zone), show_time(found.starts_at, house.zone)
    return PushWords(
        title=translate("{house}: your table for {count}, {day}, {time}.").format(
            house=house.name, count=found.party, day=day, time=time
        ),
        body=translate("If you cannot come, please tell us, so that others get the table."),
        link=f"/r/{capability_of(uow.secret, found.id)}",
        tag=f"reservation:{found.id}",
    )


WRITERS = {KIND: write_reminder}
