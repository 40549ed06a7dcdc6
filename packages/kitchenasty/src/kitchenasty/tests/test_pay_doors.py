"""The doors of paying, over HTTP: who may begin, what they answer, and how the way back heals."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from basis.ids import new_code
from basis.kit.testing import HandClock
from kitchenasty import payments, settings, staff
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.payments import PaymentMethod
from kitchenasty.payments.tests.builders import DECLINED, GOOD
from kitchenasty.staff.tests.builders import sign_in
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


async def cook_page(till: Till) -> dict[str, str]:
    """The headers of a browser of somebody who works in this house alone."""
    async with till.books.writing() as uow:
        newcomer = staff.NewMember(
            email=f"{new_code(8).lower()}@house.example", name="Rosa", house_ids=(till.house.id,)
        )
        cook = await staff.add_member(uow, newcomer, password_hash="none")
        token = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=cook.id
        )
    return {"cookie": f"session={token}", **OURS}


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


async def test_the_office_collects_once_and_says_what_change_to_give(
    client: Client, till: Till
) -> None:
    cookie = await cook_page(till)
    order = await place(client, till, "cash")
    here = f"/admin/orders/{order['id']}"
    assert "To be paid: €12.50" in (await client.get(here, headers=cookie)).text
    little = await client.post(
        f"{here}/paid", data={"method": "CASH", "tendered": "12"}, headers=cookie
    )
    assert (little.status_code, "At least €12.50 is due." in little.text) == (400, True)
    for expected in (303, 409):
        answer = await client.post(
            f"{here}/paid", data={"method": "CASH", "tendered": "20,00"}, headers=cookie
        )
        assert answer.status_code == expected
    shown = (await client.get(here, headers=cookie)).text
    assert "€20.00 laid down, €7.50 change" in shown
    assert "To be paid" not in shown


async def test_the_api_collects_by_card_at_the_counter(client: Client, till: Till) -> None:
    cook = await sign_in(till.books, Role.STAFF, till.house.id)
    order = await place(client, till, "cash")
    body = {"orderId": order["id"], "method": "CARD"}
    answer = await client.post("/api/payments/cash", json=body, headers=cook)
    paid = answer.json()["data"]
    assert (answer.status_code, paid["method"], paid["status"]) == (201, "CARD", "COMPLETED")
    assert (await client.post("/api/payments/cash", json=body, headers=cook)).status_code == 409


async def test_a_receipt_names_the_way_that_was_paid_and_no_other(
    client: Client, till: Till
) -> None:
    order = await place(client, till)
    await till.begin(order["id"], STRIPE)
    _, begun = await till.begin(order["id"], PAYPAL)
    await till.pay(begun)
    await client.get(f"/t/{order['capability']}/paid")
    receipt = (await client.get(f"/t/{order['capability']}/receipt.txt")).text
    assert "PayPal, paid" in receipt
    assert "Card online" not in receipt


async def test_what_is_paid_online_has_its_receipt_at_once(client: Client, till: Till) -> None:
    order = await place(client, till)
    unpaid = (await client.get(f"/t/{order['capability']}/receipt.txt")).text
    assert "not yet paid" in unpaid
    _, begun = await till.begin(order["id"], STRIPE)
    await till.pay(begun)
    await client.get(f"/t/{order['capability']}/paid")
    await till.work()
    receipt = (await client.get(f"/t/{order['capability']}/receipt.txt")).text
    assert f"Receipt {order['createdAt'][:4]}-000001" in receipt
