"""For each setting of the office: how one sees from outside that it counts.

A probe is asked once with each of its values and must give the answer that stands beside it; the
answers differ, so a setting that nobody reads is found.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from basis.ids import new_code
from kitchenasty import checkout, locations, notices, orders, payments, reviews, settings, staff
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.data.books import Books
from kitchenasty.kit.limits import GENERAL_PER_ADDRESS, Limits
from kitchenasty.kit.principals import SYSTEM, Principal
from kitchenasty.locations import House
from kitchenasty.loyalty.tests.builders import add_guest, bearer
from kitchenasty.payments.tests.builders import paypal_twin


@dataclass
class World:
    """A house and a guest in front of it."""

    books: Books
    client: httpx.AsyncClient
    house: House
    dish_id: str
    limits: Limits
    owner: dict[str, str]
    """Headers of an owner's program."""
    desk: dict[str, str]
    """Headers of an owner's browser in the office."""
    paypal_url: str

    async def save(self, group: settings.Group, **given: settings.Value) -> None:
        async with self.books.writing() as uow:
            await settings.change(uow, group, given)

    async def order(self, **wish: Any) -> str:
        """The code of what a guest's order comes to, `placed` if it does."""
        whole = {
            "locationId": self.house.id,
            "orderType": "PICKUP",
            "items": [{"menuItemId": self.dish_id, "quantity": 1}],
            "guestName": "Anna",
            "guestPhone": "030 1",
        }
        answer = await self.client.post("/api/orders", json=whole | wish)
        return "placed" if answer.status_code == 201 else str(answer.json()["code"])

    async def hand_over_an_order(self, guest: Principal) -> str:
        line = checkout.CartLine(dish_id=self.dish_id, quantity=1)
        async with self.books.writing(guest) as uow:
            draft = draft_of(self.house.id, line, customer_id=guest.id)
            placed = await checkout.place_order(uow, draft)
        async with self.books.writing() as uow:
            for status in orders.FORWARD[orders.OrderType.PICKUP][1:]:
                await orders.move_order(uow, placed.id, status)
        return placed.id

    async def take_tips(self, *percents: int) -> None:
        async with self.books.writing() as uow:
            charges = locations.Charges(takes_tips=True, tips=percents)
            await locations.set_charges(uow, self.house.id, charges)

    async def new_house(self) -> dict[str, Any]:
        """A house of which only the name and address are said."""
        said = {"name": "New", "slug": new_code(8).lower(), "address": "1 Lane", "city": "Ulm"}
        answer = await self.client.post(
            "/api/locations", json={**said, "postalCode": "89073"}, headers=self.owner
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()["data"]
        return made


Ask = Callable[[World], Awaitable[object]]


@dataclass(frozen=True)
class Probe:
    """`ask` gives `answers[0]` while the setting is `values[0]`, and the other for the other."""

    group: settings.Group
    name: str
    values: tuple[settings.Value, settings.Value]
    answers: tuple[object, object]
    ask: Ask
    beside: Mapping[str, settings.Value] = field(default_factory=dict)
    """What is saved together with it."""

    @property
    def id(self) -> str:
        return self.group.key(self.group.field(self.name))


async def ask_for_now(world: World) -> str:
    return await world.order()


async def ask_for_later(world: World) -> str:
    later = world.books.clock() + timedelta(hours=3)
    return await world.order(scheduledAt=later.isoformat())


async def ask_with_a_tip(world: World) -> str:
    await world.take_tips()
    return await world.order(tip=1)


async def see_tips(world: World) -> tuple[int, ...]:
    """What guests of a house are offered that names no percentages."""
    await world.take_tips()
    async with world.books.reading() as look:
        return (await locations.load_house(look, world.house.id)).tips


def new_house_has(name: str) -> Ask:
    async def see(world: World) -> object:
        return (await world.new_house())[name]

    return see


async def knock(world: World) -> int:
    return (await world.client.get("/")).status_code


async def read_closed_door(world: World) -> bool:
    await world.save(settings.ADVANCED, maintenanceMode=True)
    return "New ovens" in (await world.client.get("/")).text


async def read_foot(world: World) -> list[str]:
    """Of the answers to questions, those that guests find below a page."""
    foot = (await world.client.get("/")).text.partition("<footer")[2]
    return [
        one
        for one in ("rye@juniper.example", "oak@juniper.example", "+49 1", "+49 2")
        if one in foot
    ]


async def place_the_house(world: World) -> None:
    async with world.books.writing() as uow:
        place = {"latitude": 52.5, "longitude": 13.4}
        await locations.change_house(uow, world.house.id, place)


async def measure(world: World) -> str:
    """How far an address is from the house, as the office says it."""
    await place_the_house(world)
    path = f"/admin/zones/{world.house.id}/check?place=52.6, 13.4"
    page = (await world.client.get(path, headers=world.desk)).text
    [found] = re.findall(r"([\d.]+ \w+) from the house", page)
    return str(found)


TILES: dict[str, settings.Value] = {
    "tileUrl": "https://one.example/{z}/{x}/{y}?{key}",
    "attribution": "One",
    "key": "k1",
}


async def see_the_ground(world: World) -> tuple[str, str, str]:
    """From where the map of a new zone may come, with which key, and who is named below it."""
    await place_the_house(world)
    path = f"/admin/zones/{world.house.id}/new"
    answer = await world.client.get(path, headers=world.desk)
    [images] = re.findall(r"img-src ([^;]+)", answer.headers["content-security-policy"])
    [key] = re.findall(r'data-tiles="[^"]+\?([^"]+)"', answer.text)
    [credit] = re.findall(r"data-credit>([^<]+)<", answer.text)
    return images.split()[-1], key, credit


async def knock_at_the_office(world: World) -> int:
    """What an owner is answered who has one factor."""
    return (await world.client.get("/admin/orders", headers=world.desk)).status_code


async def hurry(world: World) -> int:
    """One knock more than anybody may."""
    for _ in range(GENERAL_PER_ADDRESS.burst + 50):
        world.limits.take(GENERAL_PER_ADDRESS, "127.0.0.1")
    return (await world.client.get("/locations")).status_code


MAIL_SERVER: dict[str, settings.Value] = {
    "smtpHost": "one.example",
    "smtpUser": "one",
    "smtpPass": "onions one",
    "senderEmail": "one@juniper.example",
}
KEYS: dict[str, settings.Value] = {
    "stripeSecretKey": "sk_test_right0000000",
    "stripePublishableKey": "pk_test_right0000000",
    "paypalClientId": "AbCdEfGhIjKlMnOpQr",
    "paypalClientSecret": "ZyXwVuTsRqPoNmLkJi",
    "stripeEnabled": True,
    "paypalEnabled": True,
}


def mail_server_has(name: str) -> Ask:
    """What the mail room signs in with and writes from."""

    async def see(world: World) -> object:
        world.books.given = {"PUBLIC_URL": "https://juniper.example"}
        async with world.books.reading() as look:
            saved = await settings.load(look, notices.MAIL)
        missing = {name: value for name, value in MAIL_SERVER.items() if saved[name] is None}
        await world.save(notices.MAIL, **missing)
        async with world.books.reading() as look:
            smtp = await notices.load_smtp(look)
        return getattr(smtp, name)

    return see


def offers(name: str) -> Ask:
    """What the public list of ways to pay says, all keys being there."""

    async def see(world: World) -> object:
        async with world.books.reading() as look:
            saved = await settings.load(look, payments.PAYMENT)
        missing = {name: value for name, value in KEYS.items() if saved[name] is None}
        await world.save(payments.PAYMENT, **missing)
        answer = (await world.client.get("/api/payments/config")).json()["data"]
        return name in answer["methods"] if name.isupper() else answer[name]

    return see


def keys_have(see: Callable[[payments.Keys], object]) -> Ask:
    """What those who call the providers, and hear them, read."""

    async def ask(world: World) -> object:
        await world.save(payments.PAYMENT, **(KEYS | await saved_keys(world)))
        async with world.books.reading() as look:
            return see(await payments.load_keys(look))

    return ask


def review(*, rating: int = 5, of_order: bool = True) -> Ask:
    """What becomes of a guest's review: its state, or the code of the refusal."""

    async def ask(world: World) -> str:
        async with world.books.writing() as uow:
            guest = await add_guest(uow)
            guests_token = await bearer(uow, guest)
        body: dict[str, Any] = {"rating": rating, "locationId": world.house.id}
        if of_order:
            body["orderId"] = await world.hand_over_an_order(guest)
        answer = await world.client.post("/api/reviews", json=body, headers=guests_token)
        told = answer.json()
        return str(told["data"]["isApproved"] if "data" in told else told["code"])

    return ask


async def saved_keys(world: World) -> dict[str, settings.Value]:
    async with world.books.reading() as look:
        shown = await settings.load(look, payments.PAYMENT)
    return {name: value for name, value in shown.items() if value is not None}


RIGHT: dict[str, settings.Value] = {
    "paypalClientId": paypal_twin.KNOWN[0],
    "paypalClientSecret": paypal_twin.KNOWN[1],
}


async def try_paypal(world: World) -> str:
    """What PayPal's twin says to the keys."""
    world.books.given = {"PAYPAL_API_BASE": world.paypal_url}
    try:
        return await payments.check_keys(world.books, SYSTEM, payments.PaymentMethod.PAYPAL)
    except payments.ProviderRefused as refused:
        return refused.code


def pair(
    group: settings.Group, name: str, one: settings.Value, other: settings.Value, ask: Ask
) -> Probe:
    """A probe whose answers are its values."""
    return Probe(group, name, (one, other), (one, other), ask)


async def review_at_once(world: World) -> str:
    await world.save(reviews.REVIEW, autoApprove=True)
    return str(await review(rating=3)(world))


PROBES = [
    Probe(reviews.REVIEW, "enabled", (True, False), ("False", "ReviewsOff"), review()),
    Probe(
        reviews.REVIEW,
        "requireOrder",
        (True, False),
        ("OrderNeeded", "False"),
        review(of_order=False),
    ),
    Probe(reviews.REVIEW, "autoApprove", (True, False), ("True", "False"), review()),
    Probe(reviews.REVIEW, "minimumRating", (3, 4), ("True", "False"), review_at_once),
    Probe(locations.ORDER, "enabled", (True, False), ("placed", "OrderingOff"), ask_for_now),
    Probe(
        locations.ORDER,
        "enableFutureOrdering",
        (True, False),
        ("placed", "ScheduleRefused"),
        ask_for_later,
    ),
    Probe(
        locations.ORDER, "enableTipping", (True, False), ("placed", "TipRefused"), ask_with_a_tip
    ),
    Probe(locations.ORDER, "tipOptions", ((), (7, 12)), ((), (7, 12)), see_tips),
    *(
        Probe(locations.ORDER, name, values, answers, new_house_has(shown))
        for name, values, answers, shown in (
            ("minOrderDelivery", ("12.50", "0"), (12.5, 0), "minOrderDelivery"),
            ("minOrderPickup", ("3", "0"), (3, 0), "minOrderPickup"),
            ("deliveryLeadTime", (20, 45), (20, 45), "deliveryLeadTime"),
            ("pickupLeadTime", (5, 25), (5, 25), "pickupLeadTime"),
            ("taxRate", ("7.5", "0"), (750, 0), "taxBasisPoints"),
        )
    ),
    Probe(
        settings.GENERAL,
        "timezone",
        ("UTC", "Asia/Tokyo"),
        ("UTC", "Asia/Tokyo"),
        new_house_has("timeZone"),
    ),
    Probe(
        settings.GENERAL,
        "defaultCurrency",
        ("EUR", "JPY"),
        ("EUR", "JPY"),
        new_house_has("currency"),
    ),
    Probe(
        settings.GENERAL,
        "contactEmail",
        ("rye@juniper.example", "oak@juniper.example"),
        (["rye@juniper.example"], ["oak@juniper.example"]),
        read_foot,
    ),
    Probe(settings.GENERAL, "contactPhone", ("+49 1", "+49 2"), (["+49 1"], ["+49 2"]), read_foot),
    Probe(settings.GENERAL, "distanceUnit", ("km", "mi"), ("11.1 km", "6.9 mi"), measure),
    *(
        Probe(
            locations.MAPS,
            name,
            (TILES[name], other),
            (("https://one.example", "k1", "One"), answer),
            see_the_ground,
            {beside: value for beside, value in TILES.items() if beside != name},
        )
        for name, other, answer in (
            (
                "tileUrl",
                "https://two.example/{z}/{x}/{y}?{key}",
                ("https://two.example", "k1", "One"),
            ),
            ("key", "k2", ("https://one.example", "k2", "One")),
            ("attribution", "Two", ("https://one.example", "k1", "Two")),
        )
    ),
    Probe(
        staff.SECURITY,
        "secondFactor",
        ("nobody", "owners"),
        (200, 303),
        knock_at_the_office,
    ),
    Probe(settings.ADVANCED, "maintenanceMode", (True, False), (503, 200), knock),
    Probe(
        settings.ADVANCED,
        "maintenanceMessage",
        ("New ovens until noon.", ""),
        (True, False),
        read_closed_door,
    ),
    Probe(settings.ADVANCED, "enableRateLimiting", (True, False), (429, 200), hurry),
    Probe(
        notices.MAIL,
        "smtpHost",
        ("one.example", "two.example"),
        ("one.example", "two.example"),
        mail_server_has("host"),
        {name: value for name, value in MAIL_SERVER.items() if name != "smtpHost"},
    ),
    pair(notices.MAIL, "smtpPort", 2525, 587, mail_server_has("port")),
    pair(notices.MAIL, "senderName", "Rye", "Oak", mail_server_has("sender_name")),
    pair(
        notices.MAIL,
        "senderEmail",
        "rye@juniper.example",
        "oak@juniper.example",
        mail_server_has("sender"),
    ),
    Probe(notices.MAIL, "encryption", ("tls", "ssl"), ("starttls", "tls"), mail_server_has("tls")),
    *(
        Probe(payments.PAYMENT, name, (True, False), (True, False), offers(method))
        for name, method in (("stripeEnabled", "STRIPE"), ("paypalEnabled", "PAYPAL"))
    ),
    Probe(
        payments.PAYMENT, "cashEnabled", (True, False), ("placed", "PaymentMethodOff"), ask_for_now
    ),
    Probe(payments.PAYMENT, "holdMinutes", ("5", "50"), (5, 50), offers("holdMinutes")),
    pair(
        payments.PAYMENT,
        "stripePublishableKey",
        "pk_test_one0000000",
        "pk_test_two0000000",
        offers("stripePublishableKey"),
    ),
    Probe(
        payments.PAYMENT,
        "stripeSecretKey",
        ("sk_test_one0000000", "sk_live_two0000000"),
        (False, True),
        keys_have(lambda keys: keys.is_stripe_live),
    ),
    Probe(
        payments.PAYMENT,
        "stripeWebhookSecret",
        ("whsec_one00000000", "whsec_two00000000"),
        (("whsec_one00000000",), ("whsec_two00000000",)),
        keys_have(lambda keys: keys.stripe_webhook_secrets),
    ),
    pair(
        payments.PAYMENT,
        "paypalWebhookId",
        "1ONE000000",
        "2TWO000000",
        keys_have(lambda keys: keys.paypal_webhook_id),
    ),
    Probe(
        notices.MAIL,
        "smtpUser",
        ("one", "two"),
        ("one", "two"),
        mail_server_has("user"),
        {name: value for name, value in MAIL_SERVER.items() if name != "smtpUser"},
    ),
    Probe(
        notices.MAIL,
        "smtpPass",
        ("onions", "leeks"),
        ("onions", "leeks"),
        mail_server_has("password"),
        {name: value for name, value in MAIL_SERVER.items() if name != "smtpPass"},
    ),
    Probe(payments.PAYMENT, "paypalSandbox", (True, False), ("test", "live"), try_paypal, RIGHT),
    *(
        Probe(
            payments.PAYMENT,
            name,
            (RIGHT[name], "QrStUvWxYzAbCdEf"),
            ("live", "ProviderRefused"),
            try_paypal,
            {other: right for other, right in RIGHT.items() if other != name},
        )
        for name in RIGHT
    ),
]
