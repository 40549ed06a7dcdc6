"""From the button on a page to what a phone shows: who may follow what, and what they are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.testing import HandClock
from kitchenasty import orders, reservations, waitlist
from kitchenasty.availability.tests.builders import WAITER, wish
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import SYSTEM, Kind, Principal, Role
from kitchenasty.kitchen.tests.builders import Kitchen, add_kitchen, place
from kitchenasty.main import JOBS, REGULAR, SUBSCRIPTIONS
from kitchenasty.orders import OrderStatus
from kitchenasty.push.tests.builders import (
    HERE,
    Browser,
    PushService,
    public_key,
    push_service,
    running_expo,
)
from kitchenasty.reservations.tests.builders import book
from kitchenasty.waitlist.tests.builders import (
    cancel,
    fill,
    leave_the_table,
    open_evening,
    open_small_house,
    wait,
)

pytestmark = pytest.mark.enable_socket
COOK = Principal(kind=Kind.STAFF, id=None, name="Rosa", role=Role.STAFF)
PUSHING = ("orders.pushed", "kitchen.pushed", "waitlist.pushed", "waitlist.offers")


@pytest.fixture(autouse=True)
def _may_call_this_machine(books: Books) -> None:
    books.given = {"OUTGOING_NETWORKS": HERE}


@pytest.fixture
async def kitchen(books: Books) -> Kitchen:
    async with books.writing() as uow:
        return await add_kitchen(uow)


async def go_on_telling(books: Books) -> None:
    """What happened is told to phones."""
    dispatcher = Dispatcher(books, [one for one in SUBSCRIPTIONS if one.name in PUSHING])
    while await dispatcher.run_once():
        pass
    await Worker(books, JOBS).run_due()


async def press(
    client: httpx.AsyncClient, browser: Browser, about: str, about_id: str, **more: Any
) -> int:
    """What the page posts when the button is pressed."""
    capability, token = more.get("capability"), more.get("token")
    body = browser.body | {"about": about, "aboutId": about_id}
    headers = OWN | ({"cookie": f"session={token}"} if token else {})
    client.cookies.clear()
    answer = await client.post(
        "/push/follow.json",
        json=body | ({"capability": capability} if capability else {}),
        headers=headers,
    )
    return answer.status_code


async def asks(client: httpx.AsyncClient, browser: Browser, about: str, about_id: str) -> bool:
    body = {"endpoint": browser.endpoint, "about": about, "aboutId": about_id}
    answer = await client.post("/push/follows.json", json=body, headers=OWN)
    assert answer.status_code == 200
    found: bool = answer.json()["follows"]
    return found


async def advance(books: Books, order_id: str, *way: OrderStatus) -> None:
    for status in way:
        async with books.writing(COOK) as uow:
            await orders.move_order(uow, order_id, status)
        await go_on_telling(books)


def shown(service: PushService, browser: Browser) -> list[tuple[str, str]]:
    """Title and body of what reached this browser."""
    path = browser.endpoint.removeprefix(service.url)
    told = [browser.open(one.body) for one in service.got if one.path == path]
    return [(one["title"], one["body"]) for one in told]


async def test_a_guest_with_the_link_is_told_when_it_is_ready_and_of_nothing_before(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    async with books.writing() as uow:
        placed = await place(uow, kitchen)
    async with push_service(books.clock) as service:
        key = await client.get("/push/key.json")
        service.public_key = key.json()["publicKey"]
        browser = service.browser()
        status = await press(client, browser, "order", placed.id, capability=placed.capability)
        assert status == 204
        assert await asks(client, browser, "order", placed.id)
        way = orders.FORWARD[orders.OrderType.PICKUP]
        await advance(books, placed.id, *way[1:3])
        assert service.got == []
        await advance(books, placed.id, *way[3:])
        told = shown(service, browser)
    assert told == [(f"Order {placed.order.number} · Saltbush", "Your order is ready.")]
    [got] = service.got
    assert service.is_proved(got)
    assert browser.open(got.body)["link"] == f"/t/{placed.capability}"


async def test_who_left_is_not_told(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    async with books.writing() as uow:
        placed = await place(uow, kitchen)
    async with push_service() as service:
        browser = service.browser()
        await press(client, browser, "order", placed.id, capability=placed.capability)
        body = {"endpoint": browser.endpoint, "about": "order", "aboutId": placed.id}
        left = await client.post("/push/leave.json", json=body, headers=OWN)
        assert left.status_code == 204
        assert not await asks(client, browser, "order", placed.id)
        await advance(books, placed.id, *orders.FORWARD[orders.OrderType.PICKUP][1:])
    assert service.got == []


async def test_a_guest_is_told_that_the_house_cancelled_and_not_that_they_did(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    async with push_service() as service:
        browser = service.browser()
        for actor, reason in ((COOK, "sold out"), (SYSTEM, "no more")):
            async with books.writing() as uow:
                placed = await place(uow, kitchen)
            await press(client, browser, "order", placed.id, capability=placed.capability)
            who = Principal(kind=Kind.STAFF, id=placed.id, name="Rosa", role=Role.STAFF)
            async with books.writing(who if actor is COOK else actor) as uow:
                await orders.move_order(uow, placed.id, OrderStatus.CANCELLED, reason=reason)
            await go_on_telling(books)
        assert [body for _, body in shown(service, browser)] == ["Your order was cancelled."]


async def test_nobody_follows_what_is_not_theirs(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    async with books.writing() as uow:
        placed, other = await place(uow, kitchen), await place(uow, kitchen)
    browser = Browser("https://push.example/eve")
    for about, about_id, more in (
        ("order", placed.id, {}),
        ("order", placed.id, {"capability": other.capability}),
        ("order", placed.id, {"capability": "x" * 22}),
        ("kitchen", kitchen.house_id, {}),
        ("kitchen", kitchen.house_id, {"capability": placed.capability}),
        ("kitchen", kitchen.house_id, {"capability": "x" * 22, "token": kitchen.token}),
        ("kitchen", other.id, {"token": kitchen.token}),
        ("account", placed.id, {"token": kitchen.token}),
        ("reservation", placed.id, {"capability": placed.capability}),
        ("waiting", placed.id, {"capability": placed.capability}),
        ("order", "leek", {"capability": placed.capability}),
    ):
        assert await press(client, browser, about, about_id, **more) == 403, (about, more)
        assert not await asks(client, browser, about, about_id)
    assert await press(client, browser, "leek", placed.id, capability=placed.capability) == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://" + "a" * 2_000},
        {"endpoint": "javascript:alert(1)"},
        {"endpoint": "https://user@push.example/"},
        {"publicKey": "AAAA"},
        {"publicKey": "B" + "A" * 85 + "\n"},
        {"authSecret": "short"},
        {"capability": "x" * 65},
        {"aboutId": "x" * 40},
    ],
)
async def test_what_no_browser_says_is_refused(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen, wrong: dict[str, str]
) -> None:
    async with books.writing() as uow:
        placed = await place(uow, kitchen)
    body = Browser("https://push.example/ada").body | {"about": "order", "aboutId": placed.id}
    body |= {"capability": placed.capability} | wrong
    answer = await client.post("/push/follow.json", json=body, headers=OWN)
    assert answer.status_code == 400


async def test_a_cook_is_told_of_new_orders_until_they_sign_out(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    async with push_service() as service:
        browser = service.browser("cook")
        status = await press(client, browser, "kitchen", kitchen.house_id, token=kitchen.token)
        assert status == 204
        async with books.writing() as uow:
            placed = await place(uow, kitchen)
        await go_on_telling(books)
        told = shown(service, browser)
        assert told == [(f"New order {placed.order.number}", "Saltbush: 2 dishes, €18.00")]
        link = browser.open(service.got[0].body)["link"]
        assert link == f"/kitchen/{kitchen.house_id}"
        headers = OWN | {"cookie": f"session={kitchen.token}"}
        await client.post("/sign-out", headers=headers)
        async with books.writing() as uow:
            await place(uow, kitchen)
        await go_on_telling(books)
    assert len(service.got) == 1


async def test_an_order_that_somebody_has_seen_is_not_told_afterwards(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    async with push_service() as service:
        browser = service.browser("cook")
        await press(client, browser, "kitchen", kitchen.house_id, token=kitchen.token)
        async with books.writing() as uow:
            placed = await place(uow, kitchen)
        async with books.writing(COOK) as uow:
            await orders.move_order(uow, placed.id, OrderStatus.CONFIRMED)
        await go_on_telling(books)
    assert service.got == []


async def test_the_app_is_told_each_step_of_the_order_that_it_is_about(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    """From the door of the wire contract to Expo's service, until the guest signs out."""
    newcomer = {"email": "a@guest.example", "name": "Anna", "password": "seven green kettles"}
    joined = (await client.post("/api/auth/customer/register", json=newcomer)).json()["data"]
    theirs = {"authorization": f"Bearer {joined['token']}"}
    async with running_expo() as expo:
        books.given = {**books.given, "EXPO_API_BASE": expo.url}
        token = {"expoPushToken": "ExponentPushToken[anna]"}
        kept = await client.post("/api/auth/push-token", json=token, headers=theirs)
        assert kept.status_code == 200
        async with books.writing() as uow:
            placed = await place(uow, kitchen, customer_id=joined["user"]["id"])
        way = orders.FORWARD[orders.OrderType.PICKUP][1:]
        await advance(books, placed.id, *way[:-1])
        told = [one for batch in expo.batches for one in batch]
        await client.post("/api/auth/logout", headers=theirs)
        await advance(books, placed.id, way[-1])
    assert [one["body"] for one in told] == [
        "Your order is confirmed.",
        "Your order is being prepared.",
        "Your order is ready.",
    ]
    assert [one["data"] for one in told] == [
        {"orderId": placed.id, "status": status.value} for status in way[:-1]
    ]
    assert {one["to"] for one in told} == {"ExponentPushToken[anna]"}
    assert len(expo.told) == len(told)


async def test_who_waits_is_told_that_a_table_is_offered(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    house = await open_small_house(books, clock)
    booked = await fill(books, house)
    one = await wait(books, house, "Tom")
    link = waitlist_link(books, one)
    async with push_service() as service:
        browser = service.browser("tom")
        assert await press(client, browser, "waiting", one.id, capability=link) == 204
        await cancel(books, booked[2])
        await go_on_telling(books)
        [(title, body)] = shown(service, browser)
    assert title.startswith("There is a table for you")
    assert body.startswith("We hold it for you until")


async def test_who_waits_at_the_door_is_told_that_their_table_is_ready(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    house = await open_evening(books, clock)
    one = await wait(books, house, "Tom")
    async with push_service() as service:
        browser = service.browser("tom")
        link = waitlist_link(books, one)
        assert await press(client, browser, "waiting", one.id, capability=link) == 204
        await leave_the_table(books, house)
        async with books.writing(WAITER) as uow:
            found = await waitlist.load_waiting(uow, house.id, one.id)
            await waitlist.tell_ready(uow, found)
        await go_on_telling(books)
        await go_on_telling(books)
        assert [title.partition(" ·")[0] for title, _ in shown(service, browser)] == [
            "Your table is ready"
        ]


def waitlist_link(books: Books, one: waitlist.Waiting) -> str:
    return waitlist.capability_of(books.secret, one.id)


async def test_a_guest_is_reminded_of_their_table_on_their_phone(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    house = await open_small_house(books, clock)
    made = (await book(books, wish(house, "20:00"))).reservation
    link = reservations.capability_of(books.secret, made.id)
    reminding = next(every.job for every in REGULAR if every.job.name == "reservations.remind")
    async with push_service() as service:
        browser = service.browser("anna")
        assert await press(client, browser, "reservation", made.id, capability=link) == 204
        for hours in (30, 24, 12):
            clock.now = made.starts_at - timedelta(hours=hours)
            async with books.writing() as uow:
                await reminding.run(uow, {})
            await go_on_telling(books)
        [(title, _)] = shown(service, browser)
    assert "20:00" in title


async def test_the_worker_of_the_browser_is_a_script_of_ours_that_is_asked_for_each_time(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/push/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "showNotification" in answer.text


async def test_the_key_is_the_same_every_time(client: httpx.AsyncClient, books: Books) -> None:
    told = {(await client.get("/push/key.json")).json()["publicKey"] for _ in range(3)}
    assert told == {await public_key(books)}


async def test_the_page_of_an_order_asks_and_one_that_is_over_does_not(
    client: httpx.AsyncClient, books: Books, kitchen: Kitchen
) -> None:
    async with books.writing() as uow:
        placed = await place(uow, kitchen)
    page = await client.get(f"/t/{placed.capability}")
    assert f'data-push="order" data-id="{placed.id}"' in page.text
    assert "Tell me when it is ready" in page.text
    await advance(books, placed.id, *orders.FORWARD[orders.OrderType.PICKUP][1:])
    assert "data-push" not in (await client.get(f"/t/{placed.capability}")).text
