"""For each setting of the office: how one sees from outside that it counts.

A probe is asked once with each of its values and must give the answer that stands beside it; the
answers differ, so a setting that nobody reads is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from kitchenasty import locations, notices, payments, reviews, settings, staff
from kitchenasty.kit.limits import GENERAL_PER_ADDRESS
from kitchenasty.kit.principals import SYSTEM
from kitchenasty.loyalty.tests.builders import add_guest, bearer
from kitchenasty.payments.tests.builders import paypal_twin
from kitchenasty.tests.setting_world import Ask, Probe, World, pair


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
    "tileKey": "k1",
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


async def review_at_once(world: World) -> str:
    await world.save(reviews.REVIEW, autoApprove=True)
    return str(await review(rating=3)(world))


async def letters_to_the_house(world: World) -> int:
    """How many letters lie in the mail room when a review has come."""
    await world.take_mail()
    await review()(world)
    return await world.count_letters("reviews.new")


PROBES = [
    Probe(reviews.REVIEW, "notifyHouse", (False, True), (0, 1), letters_to_the_house),
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
            ("tileKey", "k2", ("https://one.example", "k2", "One")),
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
