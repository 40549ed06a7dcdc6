"""The pages on which guests reserve, change and cancel: plain links and forms, nothing else."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import locations, reservation_terms
from kitchenasty.availability.tests.builders import EVENING, FRIDAY, add_tables
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house

OWN = {"origin": "http://house.example"}
Client = httpx.AsyncClient


@pytest.fixture
async def restaurant(books: Books, clock: HandClock) -> locations.House:
    clock.now = clock.now.replace(day=16, hour=10)
    async with books.writing() as uow:
        house = await add_house(uow, hours=EVENING, phone="030 55", slug="rye")
        await add_tables(uow, house, (2, 4))
    return house


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


async def reserve(client: Client, time: str = "19:00", party: int = 2) -> httpx.Response:
    """Along the links of the pages."""
    menu = (await client.get("/at/rye")).text
    assert 'href="/at/rye/reserve"' in menu
    start = (await client.get(f"/at/rye/reserve?party={party}")).text
    link = f"/at/rye/reserve?party={party}&amp;date={FRIDAY}"
    assert link in start
    day = (await client.get(link.replace("&amp;", "&"))).text
    typed = {
        "key": field_of(day, "key"),
        "party": field_of(day, "party"),
        "date": field_of(day, "date"),
        "time": time,
        "name": "Anna <b>Berg</b>",
        "phone": "030 1",
        "allergies": "nuts",
    }
    first = await client.post("/at/rye/reserve", data=typed, headers=OWN)
    again = await client.post("/at/rye/reserve", data=typed, headers=OWN)
    assert first.status_code == again.status_code
    assert first.headers.get("location") == again.headers.get("location"), "sent twice, made once"
    return first


@pytest.mark.usefixtures("restaurant")
async def test_a_guest_reserves_changes_and_cancels_with_forms_alone(client: Client) -> None:
    made = await reserve(client)
    assert made.status_code == 303, made.text
    mine = made.headers["location"]
    page = await client.get(mine)
    assert page.headers["cache-control"] == "no-store"
    assert "19:00" in page.text
    assert "Anna &lt;b&gt;Berg" in page.text
    typed = {"party": "4", "date": str(FRIDAY), "time": "20:00", "note": "A birthday"}
    changed = await client.post(f"{mine}/change", data=typed, headers=OWN)
    assert changed.status_code == 303, changed.text
    page = await client.get(mine)
    assert "20:00" in page.text
    assert "A birthday" in page.text
    assert (await client.post(f"{mine}/cancel", headers=OWN)).status_code == 303
    page = await client.get(mine)
    assert "Cancelled" in page.text
    assert "/cancel" not in page.text
    refused = await client.post(f"{mine}/change", data=typed, headers=OWN)
    assert refused.status_code == 400
    assert "is over" in refused.text


@pytest.mark.usefixtures("restaurant")
async def test_a_time_that_is_gone_is_refused_with_what_is_left(client: Client) -> None:
    await reserve(client, party=4)
    day = (await client.get(f"/at/rye/reserve?party=4&date={FRIDAY}")).text
    typed = {
        "key": field_of(day, "key"), "party": "4", "date": str(FRIDAY), "time": "19:00",
        "name": "Ben", "phone": "030 2", "note": "Kept as typed",
    }  # fmt: skip
    refused = await client.post("/at/rye/reserve", data=typed, headers=OWN)
    assert refused.status_code == 409
    assert "Still free" in refused.text
    assert "Kept as typed" in refused.text
    assert 'value="19:00"' not in refused.text
    assert 'value="17:00"' in refused.text


@pytest.mark.parametrize(
    "typed",
    [
        {"date": "2030-02-31"}, {"date": "2030-05-01"}, {"date": "x"}, {"time": "25:99"},
        {"party": "0"}, {"party": "500"}, {"party": "two"}, {"name": ""}, {"phone": ""},
        {"email": "no address"}, {"date": ""},
    ],
)  # fmt: skip
@pytest.mark.usefixtures("restaurant")
async def test_whatever_is_typed_the_page_answers_in_words(
    client: Client, typed: dict[str, str]
) -> None:
    usual = {"party": "2", "date": str(FRIDAY), "time": "19:00", "name": "Ben", "phone": "030 2"}
    answer = await client.post("/at/rye/reserve", data=usual | typed, headers=OWN)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("query", ["party=x&date=y&month=z", "month=9999-12", "date=2999-12-31"])
@pytest.mark.usefixtures("restaurant")
async def test_old_links_still_show_a_page(client: Client, query: str) -> None:
    assert (await client.get(f"/at/rye/reserve?{query}")).status_code == 200


@pytest.mark.usefixtures("restaurant")
async def test_too_late_the_page_says_whom_to_call(client: Client, clock: HandClock) -> None:
    mine = (await reserve(client)).headers["location"]
    clock.now += timedelta(hours=30)
    assert "Please call us" in (await client.get(mine)).text
    refused = await client.post(f"{mine}/cancel", headers=OWN)
    assert refused.status_code == 409
    assert "030 55" in refused.text


async def test_a_link_that_opens_nothing_is_not_found(client: Client) -> None:
    for link in ("x", "0" * 36, "x" * 500):
        assert (await client.get(f"/r/{link}")).status_code == 404


@pytest.mark.usefixtures("restaurant")
async def test_the_page_tells_calendars_and_mail_programs_what_it_says(client: Client) -> None:
    mine = (await reserve(client)).headers["location"]
    page = (await client.get(mine)).text
    [told] = re.findall(r'ld\+json">(.*?)</script>', page, re.DOTALL)
    facts = json.loads(told)
    assert facts["underName"]["name"] == "Anna <b>Berg</b>"
    assert facts["startTime"] == "2030-05-17T19:00:00+02:00"
    assert facts["reservationStatus"].endswith("ReservationConfirmed")
    saved = await client.get(f"{mine}/reservation.ics")
    assert saved.headers["content-type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert saved.headers["cache-control"] == "no-store"
    assert b"DTSTART;TZID=Europe/Berlin:20300517T190000" in saved.content
    await client.post(f"{mine}/cancel", headers=OWN)
    saved = await client.get(f"{mine}/reservation.ics")
    assert b"STATUS:CANCELLED" in saved.content
    assert "ReservationCancelled" in (await client.get(mine)).text


async def test_search_engines_read_whether_a_house_takes_reservations(
    client: Client, books: Books, restaurant: locations.House
) -> None:
    page = (await client.get("/at/rye")).text
    assert '"acceptsReservations": "http://house.example/at/rye/reserve"' in page
    assert "ReserveAction" in page
    async with books.writing() as uow:
        await reservation_terms.set_terms(uow, restaurant.id, reservation_terms.Terms(is_on=False))
    for path in ("/at/rye", "/"):
        page = (await client.get(path)).text
        assert "OrderAction" in page
        assert "eserve" not in page.partition("ld+json")[2].partition("</script>")[0]
