"""The tables as waiters have them: who comes, who sits where, and what is in the way."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from kitchenasty import floor, locations, reservations
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, open_restaurant, wish
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.reservations import Reservation, Status
from kitchenasty.reservations.tests.builders import book

HERE = "/admin/tables"


@pytest.fixture
async def house(books: Books) -> locations.House:
    return await open_restaurant(books)


@pytest.fixture
async def waiter(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "waiter@bistro.example", houses=(house.id,))
    await sign_in(client, "waiter@bistro.example")
    return client


async def load(books: Books, reservation_id: str) -> Reservation:
    async with books.reading(WAITER) as look:
        return await reservations.load_reservation(look, reservation_id)


def acts(party: Reservation, act: str) -> str:
    return f"{HERE}/{party.house_id}/parties/{party.id}/{act}"


def asked(answer: httpx.Response) -> dict[str, str]:
    """What stands in the address that a form led to."""
    assert answer.status_code == 303, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


async def test_the_day_shows_who_comes_when_and_at_which_table(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    party = (await book(books, wish(house, "19:30", 4))).reservation
    shown = (await waiter.get(f"{HERE}/{house.id}?day={FRIDAY}")).text
    assert "4 · Anna Berg, 19:30 to 21:30: Expected" in shown
    assert f'data-move="{acts(party, "tables")}"' in shown
    assert "4 covers" in shown
    panel = (await waiter.get(f"{HERE}/{house.id}?day={FRIDAY}&party={party.id}")).text
    assert 'id="party"' in panel
    assert "The first time that we know of" in panel
    assert "anna@example.org" in panel


async def test_a_party_is_moved_and_put_at_two_tables(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    party = (await book(books, wish(house, "19:30", 4))).reservation
    other = (await book(books, wish(house, "20:00", 4))).reservation
    async with books.reading(WAITER) as look:
        tables = await locations.list_tables(look, house.id)
    free = [table.id for table in tables if table.id not in (*party.table_ids, *other.table_ids)]
    moved = await waiter.post(
        acts(party, "tables"),
        data={"version": str(party.version), "tables": free[:2]},
        headers=OWN,
    )
    assert asked(moved)["told"] == "moved"
    after = await load(books, party.id)
    assert after.table_ids == tuple(sorted(free[:2]))
    refused = await waiter.post(
        acts(party, "tables"),
        data={"version": str(after.version), "tables": list(other.table_ids)},
        headers=OWN,
    )
    assert refused.status_code == 409
    assert re.search(r"Anna Berg has this table from 20:00 to \d\d:\d\d", refused.text)
    assert (await load(books, party.id)).table_ids == after.table_ids, "it stays where it was"


async def test_a_party_is_put_at_another_time_and_the_way_back_is_offered_once(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    party = (await book(books, wish(house, "19:30", 4))).reservation
    form = {"version": "1", "tables": list(party.table_ids), "minutes": "-45"}
    there = await waiter.post(acts(party, "tables"), data=form, headers=OWN)
    earlier = await load(books, party.id)
    assert party.starts_at - earlier.starts_at == timedelta(minutes=45)
    assert earlier.ends_at - earlier.starts_at == party.ends_at - party.starts_at
    shown = (await waiter.get(there.headers["location"])).text
    assert "Anna Berg: now table" in shown
    back = {"version": "2", "tables": asked(there)["tables"], "minutes": asked(there)["minutes"]}
    assert (await waiter.post(acts(party, "tables"), data=back, headers=OWN)).status_code == 303
    assert (await load(books, party.id)).period == party.period
    shown = (await waiter.get(there.headers["location"])).text
    assert "Undo" not in shown, "what happened since is not taken back"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [("-300", "At 14:30 the house is closed"), ("x", "whole number"), ("900", "house is closed")],
)
async def test_a_time_at_which_nobody_is_seated_is_refused_in_words(
    waiter: httpx.AsyncClient, books: Books, house: locations.House, minutes: str, told: str
) -> None:
    party = (await book(books, wish(house, "19:30", 4))).reservation
    form = {"version": "1", "tables": list(party.table_ids), "minutes": minutes}
    refused = await waiter.post(acts(party, "tables"), data=form, headers=OWN)
    assert refused.status_code == 400
    assert told in refused.text
    assert (await load(books, party.id)).period == party.period


async def test_who_sits_keeps_the_time_at_which_they_came(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing(WAITER) as uow:
        party = await floor.walk_in(uow, house.id, 2)
    form = {"version": "1", "tables": list(party.table_ids), "minutes": "15", "there": "plan"}
    refused = await waiter.post(acts(party, "tables"), data=form, headers=OWN)
    assert refused.status_code == 400
    assert "They sit already" in refused.text


async def test_a_screen_that_is_behind_changes_nothing(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    party = (await book(books, wish(house, "19:30", 4))).reservation
    step = {"step": "cancel", "version": str(party.version), "reason": "ill"}
    longer = {"minutes": "30", "version": str(party.version)}
    assert (await waiter.post(acts(party, "stay"), data=longer, headers=OWN)).status_code == 303
    late = await waiter.post(acts(party, "step"), data=step, headers=OWN)
    assert late.status_code == 409
    assert "Somebody changed this reservation meanwhile" in late.text
    after = await load(books, party.id)
    assert after.status is Status.CONFIRMED
    again = step | {"version": str(after.version)}
    assert asked(await waiter.post(acts(party, "step"), data=again, headers=OWN))["told"] == "done"
    gone = await load(books, party.id)
    assert (gone.status, gone.table_ids) == (Status.CANCELLED, ())
    panel = await waiter.get(f"{HERE}/{house.id}?day={FRIDAY}&party={party.id}")
    assert "ill" in panel.text


async def test_one_more_who_comes_along_takes_nobody_from_their_table(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    party = (await book(books, wish(house, "19:30", 4))).reservation
    form = {"version": "1", "day": str(FRIDAY), "time": "19:30", "party": "5"}
    assert (await waiter.post(acts(party, "change"), data=form, headers=OWN)).status_code == 303
    more = await load(books, party.id)
    assert (more.party, more.table_ids, more.starts_at) == (5, party.table_ids, party.starts_at)
    later = form | {"version": str(more.version), "time": "21:00", "party": "4"}
    assert (await waiter.post(acts(party, "change"), data=later, headers=OWN)).status_code == 303
    after = await load(books, party.id)
    assert after.table_ids == party.table_ids, "the same table, since it is free then too"
    assert after.starts_at > party.starts_at
    for wrong in ({"party": "0"}, {"party": "500"}, {"day": "2030-02-31"}, {"time": "25:99"}):
        bad = later | {"version": str(after.version)} | wrong
        answer = await waiter.post(acts(party, "change"), data=bad, headers=OWN)
        assert answer.status_code == 400, wrong


async def test_notes_are_kept_and_a_guest_is_known_by_earlier_visits(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    first = (await book(books, wish(house, "19:00"))).reservation
    second = (await book(books, wish(house, "21:00"))).reservation
    gone = {"step": "cancel", "version": "1"}
    assert (await waiter.post(acts(first, "step"), data=gone, headers=OWN)).status_code == 303
    notes = {"version": "1", "houseNote": "Regular, likes the window", "allergies": "Nuts"}
    assert (await waiter.post(acts(second, "notes"), data=notes, headers=OWN)).status_code == 303
    panel = (await waiter.get(f"{HERE}/{house.id}?day={FRIDAY}&party={second.id}")).text
    assert "Regular, likes the window" in panel
    assert "Nuts" in panel
    assert "cancelled 1 time" in panel


async def test_a_call_is_written_down_with_what_the_guest_said_last_time(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    before = (await book(books, wish(house, "19:00"))).reservation
    path = f"{HERE}/{house.id}/new"
    query = {"day": str(FRIDAY), "party": "2", "q": "Anna", "guest": before.id}
    shown = (await waiter.get(path, params=query)).text
    assert 'value="Anna Berg"' in shown
    assert 'value="19:00"' in shown
    form = {"day": str(FRIDAY), "party": "2", "other": "19:07", "name": "Anna Berg"}
    there = asked(await waiter.post(path, data=form, headers=OWN))
    made = await load(books, there["party"])
    assert made.source is reservations.Source.STAFF
    closed = await waiter.post(path, data=form | {"other": "12:00"}, headers=OWN)
    assert closed.status_code == 400
    assert "We seat nobody at 12:00" in closed.text
    assert 'value="Anna Berg"' in closed.text, "what was typed is still there"


async def test_people_in_the_door_are_seated_in_two_taps(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    plan = (await waiter.get(f"{HERE}/{house.id}/plan")).text
    taps = re.findall(rf'href="{HERE}/{house.id}/plan\?table=([^#"]+)#seat"', plan)
    assert len(taps) == 12, "every table is free"
    opened = (await waiter.get(f"{HERE}/{house.id}/plan?table={taps[5]}")).text
    assert "how many are you?" in opened
    form = {"table": taps[5], "party": "3"}
    there = asked(await waiter.post(f"{HERE}/{house.id}/walk-in", data=form, headers=OWN))
    seated = await load(books, there["seated"])
    assert (seated.status, seated.table_ids, seated.party) == (Status.SEATED, (taps[5],), 3)
    again = await waiter.post(f"{HERE}/{house.id}/walk-in", data=form, headers=OWN)
    assert again.status_code == 409
    assert "Somebody has this table from" in again.text
    plan = (await waiter.get(f"{HERE}/{house.id}/plan")).text
    assert plan.count("standing is-seated") == 1
    left = {"step": "leave", "version": str(seated.version)}
    assert (await waiter.post(acts(seated, "step"), data=left, headers=OWN)).status_code == 303
    plan = (await waiter.get(f"{HERE}/{house.id}/plan")).text
    assert "standing is-seated" not in plan


async def test_managers_move_tables_about_and_waiters_do_not(
    client: httpx.AsyncClient, books: Books, house: locations.House, waiter: httpx.AsyncClient
) -> None:
    path = f"{HERE}/{house.id}/plan/edit"
    assert (await waiter.get(path)).status_code == 403
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "boss@bistro.example")
    editor = (await client.get(path)).text
    [table_id] = set(re.findall(r'name="x-([^"]+)"', editor)[:1])
    form = {"x": "7", "y": "9", "width": "4", "height": "3", "shape": "round"}
    sent = {f"{name}-{table_id}": value for name, value in form.items()}
    assert (await client.post(path, data=sent, headers=OWN)).status_code == 303
    plan = (await client.get(f"{HERE}/{house.id}/plan")).text
    assert '<ellipse cx="360.0" cy="420.0" rx="80.0" ry="60.0"/>' in plan
    for wrong in ({f"x-{table_id}": "24"}, {f"y-{table_id}": "-1"}, {f"width-{table_id}": "0"}):
        assert (await client.post(path, data=sent | wrong, headers=OWN)).status_code == 400


async def test_nobody_acts_on_the_party_of_another_house(
    waiter: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    away = await open_restaurant(books)
    theirs = (await book(books, wish(away, "19:30"))).reservation
    step = {"step": "cancel", "version": "1"}
    assert (await waiter.post(acts(theirs, "step"), data=step, headers=OWN)).status_code == 403
    mine = f"{HERE}/{house.id}/parties/{theirs.id}/step"
    assert (await waiter.post(mine, data=step, headers=OWN)).status_code == 404
    assert (await load(books, theirs.id)).status is Status.CONFIRMED
