"""How one sees from outside that each setting about reservations counts (setting_probes.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from basis.ids import new_code
from kitchenasty import floor, locations
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.main import REGULAR
from kitchenasty.reservation_terms import LETTER_SETTINGS, LETTER_WORDS, RESERVATION, LetterKind
from kitchenasty.tests.setting_world import Ask, Probe, World

REMINDING = "reservations.remind"


def reserve(see: Callable[[dict[str, Any]], object], *, days: int = 1, **more: str) -> Ask:
    """What is told of a table for three that a guest reserves, or the code of the refusal."""

    async def ask(world: World) -> object:
        table = locations.TableDraft(name=new_code(8), seats=3)
        async with world.books.writing() as uow:
            await locations.add_tables(uow, world.house.id, [table])
        wish = {
            "locationId": world.house.id,
            "date": (world.books.clock() + timedelta(days=days)).date().isoformat(),
            "time": "19:30",
            "partySize": 3,
            "guestName": "Anna",
            "guestPhone": "030 1",
            **more,
        }
        answer = await world.client.post("/api/reservations", json=wish)
        told = answer.json()
        return see(told["data"]) if "data" in told else told["code"]

    return ask


def status_of(told: dict[str, Any]) -> object:
    return told["status"]


def minutes_of(told: dict[str, Any]) -> object:
    begun, ended = (datetime.fromisoformat(told[name]) for name in ("startsAt", "endsAt"))
    return (ended - begun) // timedelta(minutes=1)


async def cancel_a_table(world: World) -> str:
    """Of tomorrow evening: in more than two hours, and in less than two weeks."""
    made: Any = await reserve(lambda told: told)(world)
    answer = await world.client.patch(
        f"/api/reservations/{made['id']}",
        json={"status": "CANCELLED"},
        headers={"x-reservation-capability": made["capability"]},
    )
    told = answer.json()
    return str(told["data"]["status"] if "data" in told else told["code"])


def letters(kind: LetterKind) -> Ask:
    """How many letters of a kind there are, of all that can happen to a reservation."""
    is_asked, is_by_house = kind is LetterKind.REQUESTED, kind is LetterKind.REFUSED

    async def ask(world: World) -> int:
        await world.take_mail()
        await world.save(RESERVATION, autoConfirm=not is_asked)
        name = f"reservations.{kind.value.lower()}"
        before = await world.count_letters(name)
        made: Any = await reserve(lambda told: told, guestEmail="anna@guest.example")(world)
        await world.count_letters(name)
        by_link = {"x-reservation-capability": made["capability"]}
        there = f"/api/reservations/{made['id']}"
        for wanted in ({"time": "20:30"}, {"status": "CANCELLED"}):
            answer = await world.client.patch(
                there, json=wanted, headers=world.owner if is_by_house else by_link
            )
            assert answer.status_code == 200, answer.text
            after = await world.count_letters(name)
        return after - before

    return ask


async def remind(world: World) -> bool:
    """Of a table in ten days, eight days before: whether a reminder lies in the mail room."""
    await world.take_mail()
    clock: Any = world.books.clock
    begun = clock.now
    kind = "reservations.reminder"
    before = await world.count_letters(kind)
    await reserve(status_of, days=10, guestEmail="anna@guest.example")(world)
    clock.now += timedelta(days=2)
    [reminding] = [one.job for one in REGULAR if one.job.name == REMINDING]
    async with world.books.writing() as uow:
        await reminding.run(uow, {})
    clock.now = begun
    return await world.count_letters(kind) > before


async def order_at_the_table(world: World) -> str:
    """Whether a waiter can send to the kitchen what a table ordered."""
    async with world.books.writing() as uow:
        table = locations.TableDraft(name=new_code(8), seats=3)
        await locations.add_tables(uow, world.house.id, [table])
        party = await floor.walk_in(uow, world.house.id, 2)
    sent = {"key": party.id, "lines": f'["{world.dish_id}",1,[],null]', "do": "send"}
    path = f"/admin/tables/{world.house.id}/parties/{party.id}/order"
    answer = await world.client.post(path, data=sent, headers=world.desk | OWN)
    return "placed" if answer.status_code == 303 else "refused"


RESERVATION_PROBES = [
    Probe(RESERVATION, "reminderHours", (24, 216), (False, True), remind),
    *(
        Probe(RESERVATION, LETTER_SETTINGS[kind], (True, False), (1, 0), letters(kind))
        for kind in LETTER_WORDS
    ),
    Probe(
        locations.ORDER,
        "dineInEnabled",
        (True, False),
        ("placed", "refused"),
        order_at_the_table,
    ),
    Probe(
        RESERVATION, "enabled", (True, False), ("CONFIRMED", "NoReservations"), reserve(status_of)
    ),
    Probe(RESERVATION, "timeInterval", (30, 60), ("CONFIRMED", "WishRefused"), reserve(status_of)),
    Probe(RESERVATION, "stayTime", (100, 140), (100, 140), reserve(minutes_of)),
    Probe(
        RESERVATION,
        "maxAdvanceBookingDays",
        (20, 5),
        ("CONFIRMED", "WishRefused"),
        reserve(status_of, days=10),
    ),
    Probe(
        RESERVATION,
        "minCancellationNoticeHours",
        (2, 300),
        ("CANCELLED", "TooLateToChange"),
        cancel_a_table,
    ),
    Probe(RESERVATION, "autoConfirm", (True, False), ("CONFIRMED", "PENDING"), reserve(status_of)),
]
