"""The app is told by the hundred; a phone from which it is gone is forgotten, when that is said."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from basis.ids import new_id
from basis.kit.testing import HandClock
from kitchenasty import push
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.push.queries import ADD
from kitchenasty.push.tests.builders import (
    HERE,
    ExpoTwin,
    follow,
    follows,
    running_expo,
    tell,
    worker,
)

pytestmark = pytest.mark.enable_socket
PHONES = 230


@pytest.fixture
async def expo(books: Books) -> AsyncIterator[ExpoTwin]:
    async with running_expo() as twin:
        books.given = {"OUTGOING_NETWORKS": HERE, "EXPO_API_BASE": twin.url}
        yield twin


@pytest.fixture
def guest() -> push.Subject:
    return push.Subject(push.About.ACCOUNT, new_id())


def app(name: str) -> push.Phone:
    return push.Phone(push.Way.EXPO, f"ExponentPushToken[{name}]")


def row_of(uow: UnitOfWork, number: int, subject: push.Subject) -> dict[str, object]:
    return {
        "id": new_id(),
        "way": push.Way.EXPO,
        "endpoint": app(str(number)).endpoint,
        "public_key": None,
        "auth_secret": None,
        "about": subject.about,
        "about_id": subject.id,
        "session_id": None,
        "locale": "en",
        "created_at": uow.now,
    }


async def run(books: Books) -> None:
    while await worker(books).run_due():
        pass


async def test_a_message_says_what_phones_show_and_which_order_it_is_about(
    books: Books, expo: ExpoTwin, guest: push.Subject
) -> None:
    await follow(books, app("ada"), guest)
    assert await tell(books, guest) == 1
    await run(books)
    assert expo.batches == [
        [
            {
                "to": "ExponentPushToken[ada]",
                "title": "Juniper",
                "body": "Checkout",
                "data": {"orderId": "1"},
                "sound": "default",
                "priority": "high",
                "ttl": 3_600,
            }
        ]
    ]
    assert expo.authorizations == [None]


async def test_many_phones_are_told_by_the_hundred_and_each_once(
    books: Books, expo: ExpoTwin, guest: push.Subject
) -> None:
    """More than a door lets in."""
    async with books.writing() as uow:
        await uow.many(ADD, [row_of(uow, number, guest) for number in range(PHONES)])
    subject = guest
    assert await tell(books, subject) == PHONES
    await run(books)
    assert sorted(map(len, expo.batches)) == [30, 100, 100]
    assert sorted(expo.told) == sorted(app(str(number)).endpoint for number in range(PHONES))


async def test_a_phone_without_the_app_is_forgotten_at_once_or_by_its_receipt(
    books: Books, expo: ExpoTwin, clock: HandClock, guest: push.Subject
) -> None:
    for name in ("here", "gone", "going"):
        await follow(books, app(name), guest)
    expo.gone_at_once, expo.gone_later = {app("gone").endpoint}, {app("going").endpoint}
    await tell(books, guest)
    await run(books)
    there = [await follows(books, app(name), guest) for name in ("here", "gone", "going")]
    assert there == [True, False, True]
    assert expo.asked == [], "they are not known before a quarter of an hour"
    clock.advance(minutes=16)
    await run(books)
    there = [await follows(books, app(name), guest) for name in ("here", "gone", "going")]
    assert there == [True, False, False]
    [asked] = expo.asked
    assert len(asked) == 2


async def test_receipts_that_are_late_are_asked_for_again_and_not_for_ever(
    books: Books, expo: ExpoTwin, clock: HandClock, guest: push.Subject
) -> None:
    await follow(books, app("going"), guest)
    expo.gone_later, expo.is_slow = {app("going").endpoint}, True
    await tell(books, guest)
    await run(books)
    clock.advance(minutes=16)
    await run(books)
    expo.is_slow = False
    clock.advance(minutes=31)
    await run(books)
    assert len(expo.asked) == 2
    assert not await follows(books, app("going"), guest)
    await follow(books, app("other"), guest)
    expo.is_slow = True
    await tell(books, guest, "two")
    for _ in range(72):
        await run(books)
        clock.advance(hours=1)
    assert 3 <= len(expo.asked) <= 10


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_service_is_asked_again_when_it_wants(
    books: Books, expo: ExpoTwin, clock: HandClock, guest: push.Subject, status: int
) -> None:
    await follow(books, app("ada"), guest)
    expo.answers = [(status, {"errors": []}, {"retry-after": "300"})]
    await tell(books, guest)
    await run(books)
    clock.advance(seconds=299)
    await run(books)
    assert len(expo.batches) == 1
    clock.advance(seconds=2)
    await run(books)
    assert len(expo.batches) == 2


async def test_only_the_phone_that_was_told_too_often_is_told_again(
    books: Books, expo: ExpoTwin, clock: HandClock, guest: push.Subject
) -> None:
    for name in ("ada", "ben"):
        await follow(books, app(name), guest)
    expo.too_often = {app("ben").endpoint}
    await tell(books, guest)
    await run(books)
    clock.advance(minutes=1)
    await run(books)
    assert sorted(expo.told) == [app(name).endpoint for name in ("ada", "ben", "ben")]
    assert expo.told[-1] == app("ben").endpoint


async def test_one_that_spoils_a_batch_does_not_keep_the_others_from_being_told(
    books: Books, expo: ExpoTwin, guest: push.Subject
) -> None:
    for name in ("ada", "leek", "ben"):
        await follow(books, app(name), guest)
    expo.spoils = {app("leek").endpoint}
    await tell(books, guest)
    await run(books)
    alone = [batch[0]["to"] for batch in expo.batches if len(batch) == 1]
    assert sorted(alone) == sorted(app(name).endpoint for name in ("ada", "leek", "ben"))


@pytest.mark.parametrize(
    "said", [{}, {"data": None}, {"data": ["leek"]}, {"data": {"status": "ok"}}, {"data": []}]
)
async def test_what_cannot_be_understood_harms_nothing(
    books: Books, expo: ExpoTwin, guest: push.Subject, said: dict[str, object]
) -> None:
    await follow(books, app("ada"), guest)
    expo.answers = [(200, said, {})]
    await tell(books, guest)
    await run(books)
    assert await follows(books, app("ada"), guest)
    await tell(books, guest, "two")
    await run(books)
    assert len(expo.batches) == 2


async def test_the_access_token_of_the_owner_goes_along(
    books: Books, expo: ExpoTwin, guest: push.Subject
) -> None:
    books.given = {**books.given, "EXPO_ACCESS_TOKEN": "let-us-in"}
    await follow(books, app("ada"), guest)
    await tell(books, guest)
    await run(books)
    assert expo.authorizations == ["Bearer let-us-in"]


async def test_a_phone_belongs_to_whoever_signed_in_there_last(books: Books) -> None:
    first, second = (push.Subject(push.About.ACCOUNT, new_id()) for _ in range(2))
    for guest in (first, second):
        async with books.writing() as uow:
            await push.follow_account(uow, app("shared").endpoint, guest.id)
    assert not await follows(books, app("shared"), first)
    assert await follows(books, app("shared"), second)
