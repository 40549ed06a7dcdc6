"""A phone that follows a place in the line is told that a table is offered, or ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import locations, push
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.push import About, PushDraft, PushWords, Subject
from kitchenasty.waitlist.events import WaitingChanged
from kitchenasty.waitlist.queries import Waiting, find_waiting
from kitchenasty.waitlist.service import capability_of
from kitchenasty.waitlist.states import WAIT_WORDS

KIND = "waitlist.pushed"


async def tell_phones(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Once for each table that is held for them."""
    for waiting_id in sorted({event.payload["waiting_id"] for event in events}):
        one = await find_waiting(uow, waiting_id)
        if one is None or not is_open(one, uow) or one.offered_until_at is None:
            continue
        await push.send_push(
            uow,
            PushDraft(
                kind=KIND,
                key=f"{KIND}:{one.block_id}",
                subject=Subject(About.WAITING, one.id),
                facts={"waiting_id": one.id, "block_id": one.block_id},
                useful_for=one.offered_until_at - uow.now,
            ),
        )


def is_open(one: Waiting, uow: UnitOfWork) -> bool:
    """Whether a table is held for them, and will be for some time."""
    return one.is_held and one.offered_until_at is not None and one.offered_until_at > uow.now


async def write_held(uow: UnitOfWork, facts: dict[str, Any]) -> PushWords | None:
    """None where they answered, came or left, or the table went to somebody else."""
    one = await find_waiting(uow, facts["waiting_id"])
    if one is None or not is_open(one, uow) or one.block_id != facts["block_id"]:
        return None
    assert one.offered_until_at is not None
    house = await locations.load_house(uow, one.house_id)
    until = f"{one.offered_until_at.astimezone(ZoneInfo(house.zone)):%H:%M}"
    words = translate("We hold it for you until {time}. Then the next is asked.")
    return PushWords(
        title=f"{translate(WAIT_WORDS[one.state])} · {house.name}",
        body=words.format(time=until),
        link=f"/w/{capability_of(uow.secret, one.id)}",
        tag=f"waiting:{one.id}",
    )


HELD = Subscription("waitlist.pushed", (WaitingChanged.topic,), tell_phones)
WRITERS = {KIND: write_held}
