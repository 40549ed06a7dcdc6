"""Who left a number is reminded of the table there too, where the house wants it."""

from __future__ import annotations

from datetime import timedelta

from basis.kit.background.worker import Worker
from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.availability.tests.builders import wish
from kitchenasty.kit.books import Books
from kitchenasty.reservation_letters.jobs import REGULAR
from kitchenasty.reservation_letters.tests.test_letters import cancel, house
from kitchenasty.reservation_letters.texts import WRITERS
from kitchenasty.reservations import Booked, Guest
from kitchenasty.reservations.tests.builders import book
from kitchenasty.texting import MemoryCarrier, TextState
from kitchenasty.texting.tests.builders import ADA, ADA_E164, switch_on, texts, worker

__all__ = ["house"]
GUEST = Guest(name="Ada", phone=ADA, locale="de")


async def remind(books: Books) -> None:
    await Worker(books, [], REGULAR).queue_regular()
    await Worker(books, [], REGULAR).run_due()


async def send(books: Books) -> list[tuple[str, str]]:
    carrier = MemoryCarrier()
    await worker(books, carrier, WRITERS).run_due()
    return [(one.to, one.body) for one in carrier.texts]


async def to_a_day_before(clock: HandClock, booked: Booked) -> None:
    clock.now = booked.reservation.starts_at - timedelta(hours=20)


async def test_a_text_says_when_and_where_to_cancel(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    await switch_on(books, reminders=True)
    booked = await book(books, wish(house, "19:30"), GUEST)
    await to_a_day_before(clock, booked)
    await remind(books)
    [(number, words)] = await send(books)
    assert number == ADA_E164
    assert words.startswith(f"{house.name}: Ihr Tisch für 2, Freitag, 17. Mai, 19:30.")
    assert words.endswith(f"https://bistro.example/r/{booked.capability}")
    clock.advance(minutes=1)
    await remind(books)
    assert await send(books) == [], "once"


async def test_what_was_cancelled_before_the_text_went_needs_none(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    await switch_on(books, reminders=True)
    booked = await book(books, wish(house, "19:30"), GUEST)
    await to_a_day_before(clock, booked)
    await remind(books)
    await cancel(books, booked)
    assert await send(books) == []
    assert [one.state for one in await texts(books)] == [TextState.NEEDLESS]


async def test_without_a_wish_of_the_house_or_a_number_no_text_is_kept(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    await switch_on(books, reminders=False)
    booked = await book(books, wish(house, "19:30"), GUEST)
    await to_a_day_before(clock, booked)
    await remind(books)
    await switch_on(books, reminders=True)
    clock.advance(minutes=1)
    await book(books, wish(house, "20:00"), Guest(name="Bo", email="b@guest.example"))
    await remind(books)
    assert await texts(books) == []
