"""Reviews: by those who ordered, once for each order; the average is that of what is shown."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.kit.data.outbox import WAITING
from basis.kit.data.paging import Page
from kitchenasty import locations, orders, reviews, settings
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS, Principal
from kitchenasty.loyalty.tests.builders import add_guest, bearer
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import record
from kitchenasty.reviews.states import average_of, first_state, public_name

State = reviews.ReviewState


async def place(
    books: Books, house: locations.House, guest: Principal = ANONYMOUS, *, is_over: bool = True
) -> orders.PlacedOrder:
    async with books.writing(guest) as uow:
        placed = await record(uow, house, await add_dish(uow), customer_id=guest.id)
    async with books.writing() as uow:
        for status in orders.FORWARD[orders.OrderType.PICKUP][1:] if is_over else ():
            await orders.move_order(uow, placed.id, status)
    return placed


async def newcomer(books: Books) -> Principal:
    async with books.writing() as uow:
        return await add_guest(uow)


async def write(
    books: Books, guest: Principal, order_id: str, rating: int = 5, **fields: Any
) -> reviews.Review:
    async with books.writing(guest) as uow:
        draft = reviews.Draft(rating=rating, order_id=order_id, **fields)
        return await reviews.submit(uow, draft)


async def test_a_guest_reviews_an_order_and_waits_for_the_house(
    books: Books, house: locations.House
) -> None:
    anna = await newcomer(books)
    placed = await place(books, house, anna)
    review = await write(books, anna, placed.id, 4, body=" Good\x00 soup. ")
    assert (review.author_name, review.body, review.state) == (
        "Anna B.",
        "Good soup.",
        State.PENDING,
    )
    async with books.reading() as look:
        assert await reviews.summarise(look, house.id) == reviews.Summary(0, None)
        told = [row[1] for row in await look.rows(WAITING, most=100)]
    assert "review.submitted" in told


async def test_the_link_of_an_order_is_enough(books: Books, house: locations.House) -> None:
    placed = await place(books, house)
    review = await write(books, ANONYMOUS, placed.id, capability=placed.capability)
    assert review.customer_id is None


@pytest.mark.parametrize("who", ["another", "stranger", "with another link"])
async def test_nobody_reviews_what_another_ate(
    books: Books, house: locations.House, who: str
) -> None:
    placed = await place(books, house, await newcomer(books))
    other = await place(books, house)
    guest = await newcomer(books) if who == "another" else ANONYMOUS
    link = other.capability if who == "with another link" else None
    with pytest.raises((orders.OrderNotFound, reviews.WhoReviews)):
        await write(books, guest, placed.id, capability=link)


async def test_what_is_not_handed_over_cannot_be_reviewed(
    books: Books, house: locations.House
) -> None:
    anna = await newcomer(books)
    placed = await place(books, house, anna, is_over=False)
    with pytest.raises(reviews.NotHandedOver):
        await write(books, anna, placed.id)


async def test_of_twenty_reviews_of_one_order_at_once_one_is_kept(
    books: Books, house: locations.House
) -> None:
    anna = await newcomer(books)
    placed = await place(books, house, anna)
    tries = [write(books, anna, placed.id, rating=1 + number % 5) for number in range(20)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, reviews.Review) for one in ended) == 1
    assert sum(isinstance(one, reviews.AlreadyReviewed) for one in ended) == 19
    async with books.reading() as look:
        _, total = await reviews.list_reviews(look, reviews.ReviewFilter(), Page())
    assert total == 1


async def test_without_an_order_a_guest_reviews_a_house_once(
    books: Books, house: locations.House
) -> None:
    anna = await newcomer(books)
    draft = reviews.Draft(rating=5, house_id=house.id)
    async with books.writing() as uow:
        await settings.change(uow, reviews.REVIEW, {"requireOrder": False})
    async with books.writing(anna) as uow:
        await reviews.submit(uow, draft)
    with pytest.raises(reviews.AlreadyReviewed):
        async with books.writing(anna) as uow:
            await reviews.submit(uow, draft)


async def test_the_average_is_that_of_all_that_are_shown(
    books: Books, house: locations.House
) -> None:
    """Against a count by hand, after reviews were shown, hidden and deleted at random."""
    chance, shown = Random(7), {}
    for _ in range(12):
        guest = await newcomer(books)
        placed = await place(books, house, guest)
        review = await write(books, guest, placed.id, chance.randint(1, 5))
        async with books.writing() as uow:
            match chance.randint(0, 3):
                case 0 | 1:
                    await reviews.decide(uow, review.id, State.APPROVED)
                    shown[review.id] = review.rating
                case 2:
                    await reviews.decide(uow, review.id, State.HIDDEN)
                case _:
                    await reviews.decide(uow, review.id, State.APPROVED)
                    await reviews.remove(uow, review.id)
        async with books.reading() as look:
            summary = await reviews.summarise(look, house.id)
        by_hand = int(10 * sum(shown.values()) / len(shown) + 0.5) / 10 if shown else None
        assert summary == reviews.Summary(len(shown), by_hand)
    assert shown


async def test_the_contract_is_spoken(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    anna = await newcomer(books)
    placed = await place(books, house, anna)
    async with books.writing() as uow:
        token = await bearer(uow, anna)
    body = {"locationId": house.id, "orderId": placed.id, "rating": 5, "comment": "Good."}
    made = await client.post("/api/reviews", json=body, headers=token)
    assert (made.status_code, made.json()["data"]["isApproved"]) == (201, False)
    again = await client.post("/api/reviews", json=body, headers=token)
    assert (again.status_code, again.json()["code"]) == (409, "AlreadyReviewed")
    path = f"/api/reviews/location/{house.id}"
    assert (await client.get(path)).json()["data"] == []
    async with books.writing() as uow:
        await reviews.decide(uow, made.json()["data"]["id"], State.APPROVED)
        await reviews.answer(uow, made.json()["data"]["id"], "Thank you.")
    told = (await client.get(path)).json()
    assert told["summary"] == {"averageRating": 5, "totalReviews": 1}
    [shown] = told["data"]
    assert (shown["comment"], shown["reply"]) == ("Good.", "Thank you.")
    assert (shown["customer"], told["pagination"]["total"]) == ({"name": "Anna B."}, 1)
    assert "customerId" not in shown
    page = (await client.get(f"/at/{house.slug}/reviews")).text
    assert "Good." in page
    assert "Thank you." in page
    assert '"ratingValue": 5.0' in (await client.get(f"/at/{house.slug}")).text


async def test_a_guest_reviews_on_the_page_of_the_order(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    placed = await place(books, house)
    here = f"/t/{placed.capability}"
    assert "How was it?" in (await client.get(here)).text
    form = {"rating": "4", "body": "Warm and quick."}
    own = {"origin": "http://house.example"}
    sent = await client.post(f"{here}/review", data=form, headers=own)
    assert sent.status_code == 303
    page = (await client.get(here)).text
    assert "Thank you for your review!" in page
    assert "How was it?" not in page


@given(st.lists(st.integers(1, 5), min_size=1, max_size=50))
def test_an_average_lies_within_half_a_tenth(ratings: list[int]) -> None:
    average = average_of(sum(ratings), len(ratings))
    assert average is not None
    assert abs(average - sum(ratings) / len(ratings)) <= 0.05 + 1e-9


def test_what_is_shown_at_once_is_the_houses_choice() -> None:
    assert first_state(3, approves=True, least=3) is State.APPROVED
    assert first_state(2, approves=True, least=3) is State.PENDING
    assert first_state(5, approves=False, least=1) is State.PENDING
    assert [public_name(name) for name in ("Anna Maria Berg", "Cher", "")] == [
        "Anna B.",
        "Cher",
        "",
    ]
