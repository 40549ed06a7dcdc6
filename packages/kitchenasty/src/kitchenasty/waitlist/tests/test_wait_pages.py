"""The pages of the waiting list, for guests and for the house. 3 s."""

from __future__ import annotations

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import availability, locations, reservations, waitlist
from kitchenasty.availability.tests.builders import FRIDAY, WAITER
from kitchenasty.kit.books import Books
from kitchenasty.waitlist.tests.builders import cancel, fill, go_on, open_small_house

OWN = {"origin": "http://house.example"}
TYPED = {"party": "2", "date": FRIDAY.isoformat(), "name": "Tom <b>Lang</b>", "phone": "030 1"}


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    return await open_small_house(books, clock)


async def test_a_guest_gets_in_line_and_takes_what_is_offered_in_one_tap(
    books: Books, house: locations.House, client: httpx.AsyncClient
) -> None:
    taken = await fill(books, house)
    day = await client.get(f"/at/rye/reserve?party=2&date={FRIDAY}")
    link = f"/at/rye/wait?party=2&amp;day={FRIDAY}"
    assert link in day.text
    form = (await client.get(link.replace("&amp;", "&"))).text
    assert f'value="{FRIDAY}"' in form
    joined = await client.post("/at/rye/wait", data=TYPED, headers=OWN)
    assert joined.status_code == 303
    place = joined.headers["location"]
    page = (await client.get(place)).text
    assert "You are on the waiting list" in page
    assert "Tom &lt;b&gt;Lang" in page
    early = await client.post(f"{place}/accept", headers=OWN)
    assert early.status_code == 409
    await cancel(books, taken[2])
    await go_on(books)
    page = (await client.get(place)).text
    assert "There is a table for you" in page
    assert "20:00" in page
    made = await client.post(f"{place}/accept", headers=OWN)
    again = await client.post(f"{place}/accept", headers=OWN)
    assert made.status_code == again.status_code == 303
    assert made.headers["location"] == again.headers["location"]
    assert "Confirmed" in (await client.get(made.headers["location"])).text
    assert "You have a table" in (await client.get(place)).text


async def test_a_guest_who_leaves_is_not_asked_and_their_link_is_in_no_log(
    books: Books,
    house: locations.House,
    client: httpx.AsyncClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    taken = await fill(books, house)
    place = (await client.post("/at/rye/wait", data=TYPED, headers=OWN)).headers["location"]
    for _ in range(2):
        assert (await client.post(f"{place}/leave", headers=OWN)).status_code == 303
    await cancel(books, taken[2])
    await go_on(books)
    assert "You are not on the waiting list any more" in (await client.get(place)).text
    said = capsys.readouterr()
    assert "/w/***/leave" in said.out + said.err
    assert place not in said.out + said.err
    assert "Disallow: /w/" in (await client.get("/robots.txt")).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "there is a table at 17:00"),
        ({"party": "0"}, "A party is 1 to 100 people."),
        ({"party": "500"}, "A party is 1 to 100 people."),
        ({"date": "2030-02-31"}, "There is no such day."),
        ({"date": "2030-05-01"}, "We seat nobody at these times"),
        ({"since": "25:99"}, "Please write times like 18:30."),
    ],
)
@pytest.mark.usefixtures("house")
async def test_who_cannot_wait_is_told_why(
    client: httpx.AsyncClient, typed: dict[str, str], words: str
) -> None:
    answer = await client.post("/at/rye/wait", data=TYPED | typed, headers=OWN)
    assert answer.status_code in (400, 409)
    assert words in answer.text


@pytest.mark.usefixtures("house")
async def test_nobody_waits_without_a_name_or_a_way_to_reach_them(
    books: Books, house: locations.House, client: httpx.AsyncClient
) -> None:
    await fill(books, house)
    for missing in ({"name": ""}, {"phone": ""}):
        answer = await client.post("/at/rye/wait", data=TYPED | missing, headers=OWN)
        assert answer.status_code == 400
    async with books.reading() as look:
        assert await waitlist.list_waiting(look, house.id, FRIDAY) == []


async def test_the_house_seats_who_waits(books: Books, house: locations.House) -> None:
    taken = await fill(books, house)
    async with books.writing(WAITER) as uow:
        asked = waitlist.Asked(house_id=house.id, day=FRIDAY, party=2)
        await waitlist.join(uow, asked, reservations.Guest(name="Tom"))
    await cancel(books, taken[2])
    await go_on(books)
    async with books.writing(WAITER) as uow:
        [one] = await waitlist.list_waiting(uow, house.id, FRIDAY)
        assert one.is_offered, "people of the house see it, though nobody can write to them"
        seated = await waitlist.seat_now(uow, one)
    assert (seated.status, seated.guest_name) == (reservations.Status.SEATED, "Tom")
    async with books.reading() as look:
        assert await waitlist.list_waiting(look, house.id, FRIDAY) == []
        held = await availability.list_stays(look, house.id, taken[2].period)
    assert [stay for stay in held if stay.block_id] == [], "what was held for them is free"
