"""What guests and the house read by mail about a reservation, and when nobody reads anything."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.testing import HandClock
from kitchenasty import availability, floor, locations, notices, reservation_terms, reservations
from kitchenasty.availability.tests.builders import WAITER, open_restaurant, wish
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS, Principal
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.reservation_letters.letters import WRITERS
from kitchenasty.reservation_letters.subscriptions import TOLD
from kitchenasty.reservation_terms import LetterKind, Terms
from kitchenasty.reservations import Booked, Guest, Reservation
from kitchenasty.reservations.tests.builders import book

SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")
SERVER = {
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "Bistro <house@bistro.example>",
    "PUBLIC_URL": "https://bistro.example",
}
US, ANNA = "us@bistro.example", "anna@example.org"
GERMAN = Guest(name="Anna Berg", email=ANNA, phone="030 1", allergies="Nüsse", locale="de")


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    clock.now = clock.now.replace(year=2030, month=5, day=13, hour=10)
    books.given = SERVER
    house = await open_restaurant(books)
    async with books.writing() as uow:
        return await locations.change_house(uow, house.id, {"email": US, "phone": "030 55"})


async def post(books: Books) -> dict[str, EmailMessage]:
    """The letters that go out now, by recipient."""
    await Dispatcher(books, [TOLD]).run_once()
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=WRITERS).run_due():
        pass
    letters = {letter["To"]: letter for letter in office.letters}
    assert len(letters) == len(office.letters), "nobody is told twice"
    return letters


def plain_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def event_of(letter: EmailMessage) -> tuple[Any, Any]:
    """The calendar that is attached, and its one entry."""
    [attached] = letter.iter_attachments()
    assert attached.get_filename() == "reservation.ics"
    assert attached.get_content_type() == "text/calendar"
    found: Any = attached.get_payload(decode=True)
    calendar: Any = Calendar.from_ical(found)
    assert attached.get_param("method") == str(calendar["METHOD"])
    [event] = calendar.events
    return calendar, event


async def load(books: Books, booked: Booked) -> Reservation:
    async with books.reading() as look:
        return await reservations.load_reservation(look, booked.reservation.id)


async def move(
    books: Books, booked: Booked, shown: str, *, actor: Principal = ANONYMOUS, party: int = 2
) -> None:
    seen = await load(books, booked)
    house = await house_of(books, seen)
    async with books.reading(actor) as look:
        plan = await availability.plan(look, wish(house, shown, party), ignored=seen.id)
    async with books.writing(actor) as uow:
        await reservations.change(uow, seen, plan)


async def house_of(books: Books, reservation: Reservation) -> locations.House:
    async with books.reading() as look:
        return await locations.load_house(look, reservation.house_id)


async def cancel(books: Books, booked: Booked, *, actor: Principal = ANONYMOUS) -> None:
    seen = await load(books, booked)
    async with books.writing(actor) as uow:
        await reservations.cancel(uow, seen)


async def set_terms(books: Books, house: locations.House, terms: Terms) -> None:
    async with books.writing() as uow:
        await reservation_terms.set_terms(uow, house.id, terms)


async def test_guest_and_house_read_of_a_new_reservation_each_in_their_language(
    books: Books, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"), GERMAN)
    letters = await post(books)
    assert letters.keys() == {ANNA, US}
    mine, ours = letters[ANNA], letters[US]
    assert mine["Subject"] == f"Ihr Tisch, Freitag, 17. Mai 2030, {house.name}"
    text = plain_of(mine)
    assert "Freitag, 17. Mai 2030, 19:30" in text
    assert "2 Personen" in text
    assert f"https://bistro.example/r/{booked.capability}" in text
    assert "7 Mill Lane, 10115 Berlin" in text
    assert "030 55" in text
    assert "Nüsse" in text
    assert "Tisch 1" not in text
    assert ours["Subject"] == "New reservation: Friday, 17 May 2030, Anna Berg"
    assert {"Phone: 030 1", "People: 2 people"} <= set(plain_of(ours).splitlines())
    assert await post(books) == {}, "once"


async def test_the_letter_carries_the_reservation_for_calendars_and_mail_programs(
    books: Books, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"), GERMAN)
    letter = (await post(books))[ANNA]
    calendar, event = event_of(letter)
    assert (calendar["METHOD"], event["STATUS"]) == ("PUBLISH", "CONFIRMED")
    assert event["UID"] == booked.reservation.id
    assert event.start == booked.reservation.starts_at
    assert f"{event.start:%H:%M %Z}" == "19:30 CEST"
    assert event["ORGANIZER"] == f"mailto:{US}"
    assert "Mill Lane" in event["LOCATION"]
    rich = letter.get_body(("html",))
    assert rich is not None
    [told] = re.findall(r'ld\+json">(.*?)</script>', rich.get_content(), re.DOTALL)
    facts = json.loads(told)
    assert facts["@type"] == "FoodEstablishmentReservation"
    assert facts["startTime"] == "2030-05-17T19:30:00+02:00"
    assert facts["reservationFor"]["telephone"] == "030 55"
    assert facts["url"] == f"https://bistro.example/r/{booked.capability}"


async def test_every_change_is_a_later_state_of_the_same_entry(
    books: Books, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"))
    files = [event_of((await post(books))[ANNA])]
    await move(books, booked, "21:00", actor=WAITER)
    changed = await post(books)
    assert changed.keys() == {ANNA}, "the house did it itself"
    assert "21:00" in plain_of(changed[ANNA])
    files.append(event_of(changed[ANNA]))
    await cancel(books, booked)
    files.append(event_of((await post(books))[ANNA]))
    assert len({str(event["UID"]) for _, event in files}) == 1
    steps = [int(event["SEQUENCE"]) for _, event in files]
    assert steps == sorted(set(steps))
    assert [str(calendar["METHOD"]) for calendar, _ in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [str(event["STATUS"]) for _, event in files] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


async def test_a_request_is_answered_and_then_confirmed(
    books: Books, house: locations.House
) -> None:
    await set_terms(books, house, Terms(confirms_at_once=False))
    booked = await book(books, wish(house, "19:30"))
    asked = (await post(books))[ANNA]
    assert asked["Subject"].startswith("Your request for a table")
    assert event_of(asked)[1]["STATUS"] == "TENTATIVE"
    seen = await load(books, booked)
    async with books.writing(WAITER) as uow:
        await reservations.confirm(uow, seen)
    letters = await post(books)
    assert letters.keys() == {ANNA}
    assert letters[ANNA]["Subject"].startswith("Your table, Friday")


@pytest.mark.parametrize(
    ("actor", "words", "readers"),
    [
        (ANONYMOUS, "You cancelled this reservation", {ANNA, US}),
        (WAITER, "we had to cancel", {ANNA}),
    ],
    ids=["guest", "house"],
)
async def test_who_cancelled_is_told_and_whoever_did_it_in_the_house_knows(
    books: Books, house: locations.House, actor: Principal, words: str, readers: set[str]
) -> None:
    booked = await book(books, wish(house, "19:30"))
    await post(books)
    await cancel(books, booked, actor=actor)
    letters = await post(books)
    assert letters.keys() == readers
    assert words in plain_of(letters[ANNA])
    assert f"/r/{booked.capability}" not in plain_of(letters[ANNA]).partition("-- ")[0]


async def test_the_house_reads_what_a_guest_changed_and_the_guest_nothing_of_tables(
    books: Books, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"))
    await post(books)
    seen = await load(books, booked)
    async with books.writing(ANONYMOUS) as uow:
        seen = await reservations.annotate(uow, seen, {"allergies": "Nuts"})
    told = await post(books)
    assert told.keys() == {US}
    assert "Nuts" in plain_of(told[US])
    async with books.reading(WAITER) as look:
        other = (await availability.load_floor(look, house.id)).table_ids[-1]
    async with books.writing(WAITER) as uow:
        seen = await floor.put(uow, seen, [other])
        await floor.stay_until(uow, seen, seen.ends_at + timedelta(minutes=15))
    assert await post(books) == {}


async def test_a_letter_that_is_no_longer_true_is_not_sent(
    books: Books, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"))
    await Dispatcher(books, [TOLD]).run_once()
    await cancel(books, booked)
    letters = await post(books)
    assert "cancelled" in letters[ANNA]["Subject"]
    assert "cancelled" in letters[US]["Subject"]


@pytest.mark.parametrize("kind", [LetterKind.CONFIRMED, LetterKind.HOUSE_NEW])
async def test_a_house_writes_only_the_letters_that_it_wants(
    books: Books, house: locations.House, kind: LetterKind
) -> None:
    wanted = tuple(one for one in LetterKind if one is not kind)
    await set_terms(books, house, Terms(letters=wanted))
    await book(books, wish(house, "19:30"))
    assert len(await post(books)) == 1


async def test_nobody_is_written_to_who_cannot_read_it(
    books: Books, house: locations.House
) -> None:
    for email in (None, "no address"):
        await book(books, wish(house, "19:30"), Guest(name="Tom", email=email, phone="030 2"))
        assert (await post(books)).keys() == {US}
    async with books.writing(WAITER) as uow:
        await floor.walk_in(uow, house.id, 2)
    books.given = {}
    await book(books, wish(house, "19:30"))
    assert await post(books) == {}
    async with books.reading() as look:
        waiting = (await notices.count_notices(look)).waiting
    assert waiting == 0, "a house without a mail server keeps none for later"
