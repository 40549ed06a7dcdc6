"""The doors of paying, over HTTP: who may begin, what they answer, and how the way back heals."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kitchenasty import payments, settings
from kitchenasty.kit.testing import HandClock
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.payments import PaymentMethod
from kitchenasty.payments.tests.builders import DECLINED, GOOD
from kitchenasty.tests.till import PAYPAL, STRIPE, Till

pytestmark = pytest.mark.enable_socket
Client = httpx.AsyncClient
OURS = {"origin": "http://house.example"}


async def place(client: Client, till: Till, method: str = "stripe") -> dict[str, Any]:
    async with till.books.writing() as uow:
        dish_id = await add_dish(uow, stock=9)
    wish = {
        "locationId": till.house.id,
        "orderType": "PICKUP",
        "items": [{"menuItemId": dish_id, "quantity": 1}],
        "guestName": "Anna",
        "guestPhone": "030 1",
        "paymentMethod": method,
    }
    answer = await client.post("/api/orders", json=wish)
    assert answer.status_code == 201, answer.text
    placed: dict[str, Any] = answer.json()["data"]
    return placed


async def ask(client: Client, path: str, order: dict[str, Any], **more: Any) -> httpx.Response:
    return await client.post(
        f"/api/payments/{path}",
        json={"orderId": order["id"], **more},
        headers={"x-order-capability": order["capability"]},
    )


async def test_an_app_pays_with_its_own_fields(client: Client, till: Till) -> None:
    order = await place(client, till)
    assert order["awaitsPaymentUntil"] is not None
    secret = (await ask(client, "create-intent", order)).json()["data"]["clientSecret"]
    again = (await ask(client, "create-intent", order)).json()["data"]["clientSecret"]
    assert secret == again
    assert (await ask(client, "confirm", order)).json()["data"] == {"status": "PENDING"}
    async with httpx.AsyncClient() as app:
        intent = secret.partition("_secret_")[0]
        await app.post(f"{till.stripe_url}/_guest/{intent}", data={"card": GOOD})
    assert (await ask(client, "confirm", order)).json()["data"] == {"status": "COMPLETED"}
    shown = (
        await client.get(
            f"/api/orders/{order['id']}", headers={"x-order-capability": order["capability"]}
        )
    ).json()["data"]
    assert shown["awaitsPaymentUntil"] is None
    assert [one["amount"] for one in shown["payments"] if one["status"] == "COMPLETED"] == [
        shown["total"]
    ]
    assert (await ask(client, "create-intent", order)).status_code == 409


async def test_only_who_may_see_an_order_begins_to_pay_it(client: Client, till: Till) -> None:
    mine, other = await place(client, till), await place(client, till)
    for path in ("create-intent", "create-checkout-session", "confirm", "paypal/create"):
        body = {"orderId": mine["id"]}
        headers = {"x-order-capability": other["capability"]}
        assert (await client.post(f"/api/payments/{path}", json=body)).status_code == 401
        answer = await client.post(f"/api/payments/{path}", json=body, headers=headers)
        assert answer.status_code == 401
    assert (await till.states(mine["id"])) == ["CREATED"]


async def test_a_paypal_order_pays_its_own_order_and_no_other(client: Client, till: Till) -> None:
    cheap, dear = await place(client, till, "paypal"), await place(client, till, "paypal")
    begun = (await ask(client, "paypal/create", cheap)).json()["data"]
    async with httpx.AsyncClient() as guest:
        assert (await guest.post(begun["approvalUrl"])).status_code == 303
    named = {"paypalOrderId": begun["paypalOrderId"]}
    assert (await ask(client, "paypal/capture", dear, **named)).status_code == 409
    assert (await till.load(dear["id"])).awaits_payment
    answer = await ask(client, "paypal/capture", cheap, **named)
    assert answer.json()["data"] == {"status": "COMPLETED"}
    assert await till.kitchen() == [cheap["id"]]


async def test_a_page_of_stripes_leads_back(client: Client, till: Till) -> None:
    order = await place(client, till)
    begun = (await ask(client, "create-checkout-session", order)).json()["data"]
    assert begun["sessionId"].startswith("cs_")
    async with httpx.AsyncClient() as guest:
        paid = await guest.post(begun["url"], data={"card": GOOD})
    assert paid.headers["location"] == f"http://house.example/t/{order['capability']}/paid"
    back = await client.get(f"/t/{order['capability']}/paid")
    assert (back.status_code, back.headers["location"]) == (303, f"/t/{order['capability']}")


async def test_what_is_offered_is_what_is_switched_on_and_has_keys(
    client: Client, till: Till
) -> None:
    offered = (await client.get("/api/payments/config")).json()["data"]
    assert offered["methods"] == ["CASH", "STRIPE", "PAYPAL"]
    async with till.books.writing() as uow:
        await settings.change(
            uow, payments.PAYMENT, {"cashEnabled": False}, forgotten=["paypalClientSecret"]
        )
    offered = (await client.get("/api/payments/config")).json()["data"]
    assert offered["methods"] == ["STRIPE"]
    assert "sk_test" not in str(offered)


async def test_the_page_waits_until_the_provider_answers(client: Client, till: Till) -> None:
    order = await place(client, till)
    here = f"/t/{order['capability']}"
    left = await client.post(f"{here}/pay", data={"method": "STRIPE"}, headers=OURS)
    assert left.status_code == 200
    url = left.text.partition('content="0; url=')[2].partition('"')[0]
    async with httpx.AsyncClient() as guest:
        await guest.post(url, data={"card": GOOD})
    till.books.given = {**till.books.given, "STRIPE_API_BASE": "http://127.0.0.1:9"}
    waiting = await client.get(f"{here}/paid")
    assert waiting.status_code == 200
    assert "We wait for word of your payment" in waiting.text
    till.books.given = {**till.books.given, "STRIPE_API_BASE": till.stripe_url}
    assert (await client.get(f"{here}/paid")).headers["location"] == here
    assert "Paid. Thank you!" in (await client.get(here)).text


async def test_a_provider_that_is_away_is_told_and_another_is_offered(
    client: Client, till: Till
) -> None:
    order = await place(client, till)
    till.books.given = {**till.books.given, "STRIPE_API_BASE": "http://127.0.0.1:9"}
    here = f"/t/{order['capability']}/pay"
    answer = await client.post(here, data={"method": "STRIPE"}, headers=OURS)
    assert answer.status_code == 503
    assert "Stripe does not answer at the moment." in answer.text
    assert "Pay with PayPal" in answer.text
    answer = await client.post(here, data={"method": "PAYPAL"}, headers=OURS)
    assert answer.status_code == 200
    assert "/approve/" in answer.text


async def test_an_expired_order_cannot_be_paid_any_more(
    client: Client, till: Till, clock: HandClock
) -> None:
    order = await place(client, till)
    clock.advance(minutes=15)
    answer = await client.post(
        f"/t/{order['capability']}/pay", data={"method": "STRIPE"}, headers=OURS
    )
    assert answer.status_code == 409
    assert (await ask(client, "create-intent", order)).status_code == 409
    await till.work()
    assert (await client.get(f"/t/{order['capability']}/pay")).status_code == 303
    assert "Not paid in time" in (await client.get(f"/t/{order['capability']}")).text


@pytest.mark.parametrize("method", [STRIPE, PAYPAL])
async def test_a_declined_guest_is_told_and_pays_again(
    client: Client, till: Till, method: PaymentMethod
) -> None:
    order = await place(client, till, method.value)
    here = f"/t/{order['capability']}"
    _, begun = await till.begin(order["id"], method)
    await till.pay(begun, DECLINED)
    back = await client.get(f"{here}/paid")
    told = await client.get(f"{here}/pay")
    # Stripe's page keeps the guest until a card is taken; PayPal sends them back to us.
    assert ("Your bank declined" in told.text) is (method is PAYPAL)
    assert back.status_code == (303 if method is PAYPAL else 200)
    _, begun = await till.begin(order["id"], method)
    await till.pay(begun)
    assert (await client.get(f"{here}/paid")).headers["location"] == here
    assert await till.kitchen() == [order["id"]]
