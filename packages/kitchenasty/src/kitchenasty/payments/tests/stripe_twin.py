"""Stripe as a server of its own: localstripe, which others wrote, and what it lacks.

localstripe keeps charges, payment intents and refunds, and refuses what Stripe refuses. Added here:
idempotency keys, Checkout sessions with a page that takes the test cards, bounds on refunds.
What neither shows stands in docs/developers/payment-twins.md.

Run as `python -m kitchenasty.payments.tests.stripe_twin PORT`.
"""

from __future__ import annotations

import html
import sys
import time
from typing import Any

from aiohttp import web
from localstripe import resources, server
from localstripe.errors import UserError

DECLINED = {"4000000000000002", "4000000000000341"}
answers: dict[str, tuple[str, int, bytes]] = {}
sessions: dict[str, dict[str, Any]] = {}
events: list[dict[str, Any]] = []
"""What Stripe would tell our webhook, in the order in which it happened."""
tally = {"repeated": 0, "sessions": 0}


@web.middleware
async def once(request: web.Request, handler: Any) -> Any:
    """The same Idempotency-Key gives the same answer; with other words it is refused."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return await handler(request)
    asked = f"{request.path} {(await request.read()).decode()}"
    if key in answers:
        before, status, body = answers[key]
        tally["repeated"] += 1
        if before != asked:
            return web.json_response(
                {"error": {"type": "idempotency_error", "message": "other parameters"}}, status=400
            )
        return web.Response(status=status, body=body, content_type="application/json")
    answer = await handler(request)
    answers[key] = (asked, answer.status, answer.body)
    return answer


async def refund(request: web.Request) -> web.Response:
    """As localstripe does it, and never more than was paid."""
    data = await server.get_post_data(request)
    paid = resources.PaymentIntent._api_retrieve(data["payment_intent"]).latest_charge
    if int(data.get("amount") or paid.amount) > paid.amount - paid.amount_refunded:
        raise UserError(400, "Refund amount is greater than unrefunded amount on charge")
    made: web.Response = server.json_response(resources.Refund._api_create(**data)._export())
    return made


async def begin_session(request: web.Request) -> web.Response:
    data = await server.get_post_data(request)
    name = f"cs_test_{len(sessions):06d}{int(time.time() * 1000)}"
    sessions[name] = {
        "id": name, "object": "checkout.session", "status": "open", "payment_status": "unpaid",
        "payment_intent": None, "url": f"{request.url.origin()}/pay/{name}",
        "metadata": data.get("metadata", {}), "wish": data,
    }  # fmt: skip
    sessions[name]["mode"] = data["mode"]
    if data["mode"] == "setup":
        assert data["customer_creation"] == "always"
        assert data["payment_method_types"] == ["card"]
    else:
        price = data["line_items"][0]["price_data"]
        sessions[name].update(amount_total=int(price["unit_amount"]), currency=price["currency"])
    tally["sessions"] += 1
    return answer_session(name)


def answer_session(name: str) -> web.Response:
    return web.json_response(exported(sessions[name]))


def exported(session: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in session.items() if k != "wish"}


def keep_event(event: Any) -> None:
    """An event of localstripe, with what its payments lack."""
    told = event._export()
    thing = told["data"]["object"]
    is_paid = thing.get("status") == "succeeded"
    events.append(
        told | {"data": {"object": {**thing, "amount_received": is_paid * thing.get("amount", 0)}}}
    )


def tell(kind: str, session: dict[str, Any]) -> None:
    name = f"evt_of_a_session_{len(events):06d}"
    events.append(
        {"id": name, "object": "event", "type": kind, "livemode": False,
         "data": {"object": exported(session)}}
    )  # fmt: skip


def session_named(request: web.Request) -> dict[str, Any]:
    try:
        return sessions[request.match_info["name"]]
    except KeyError:
        raise UserError(404, "No such checkout session") from None


async def show_session(request: web.Request) -> web.Response:
    return answer_session(session_named(request)["id"])


async def expire_session(request: web.Request) -> web.Response:
    session = session_named(request)
    if session["status"] != "open":
        raise UserError(400, "Only Checkout Sessions with a status of open can be expired.")
    session["status"] = "expired"
    tell("checkout.session.expired", session)
    return answer_session(session["id"])


def page(session: dict[str, Any], said: str = "") -> web.Response:
    wish, is_setup = session["wish"], session["mode"] == "setup"
    words = html.escape(
        wish["custom_text"]["submit"]["message"]
        if is_setup
        else wish["line_items"][0]["price_data"]["product_data"]["name"]
    )
    act = "Save" if is_setup else "Pay"
    back = html.escape(session["wish"]["cancel_url"])
    body = (
        f"<!doctype html><html lang=en><title>Pay</title><main><h1>{words}</h1>"
        f"<p role=alert>{said}</p>"
        f"<form method=post><label>Card <input name=card></label><button>{act}</button></form>"
        f"<a href='{back}'>Back</a></main>"
    )
    return web.Response(text=body, content_type="text/html")


async def show_page(request: web.Request) -> web.Response:
    return page(session_named(request))


async def take_card(request: web.Request) -> web.Response:
    session = session_named(request)
    card = str((await request.post())["card"])
    if session["status"] != "open":
        return page(session, "This page is no longer valid.")
    if session["mode"] == "setup":
        return keep_card(session, card)
    price = session["wish"]["line_items"][0]["price_data"]
    if card in DECLINED:
        return page(session, "Your card was declined.")
    paid = pay_intent(int(price["unit_amount"]), price["currency"], card, session["metadata"])
    session.update(status="complete", payment_status="paid", payment_intent=paid.id)
    tell("checkout.session.completed", session)
    raise web.HTTPSeeOther(session["wish"]["success_url"])


def keep_card(session: dict[str, Any], card: str) -> web.Response:
    """As a page in setup mode does: a customer of its own, with this card."""
    method = card_of(card)
    if method._attaching_is_declined():
        return page(session, "Your card was declined.")
    customer = resources.Customer()
    method.customer = customer.id
    setup = resources.SetupIntent(customer=customer.id)
    setup._attach_pm(method)
    # Whose bank wants to see its guest has seen them on this page.
    setup.status, setup.next_action = "succeeded", None
    session.update(
        status="complete",
        payment_status="no_payment_required",
        setup_intent=setup.id,
        customer=customer.id,
    )
    tell("checkout.session.completed", session)
    raise web.HTTPSeeOther(session["wish"]["success_url"])


def card_of(number: str) -> Any:
    return resources.PaymentMethod(
        type="card", card={"number": number, "exp_month": "12", "exp_year": "2030", "cvc": "123"}
    )


def pay_intent(amount: int, currency: str, card: str, metadata: dict[str, str]) -> Any:
    method = card_of(card)
    return resources.PaymentIntent._api_create(
        amount=amount,
        currency=currency,
        payment_method=method.id,
        metadata=metadata,
        confirm="true",
    )


async def confirm(request: web.Request) -> web.Response:
    """What the guest's own app does with the client secret."""
    intent = resources.PaymentIntent._api_retrieve(request.match_info["name"])
    method = resources.PaymentMethod(
        type="card",
        card={
            "number": str((await request.post())["card"]),
            "exp_month": "12", "exp_year": "2030", "cvc": "123",
        },
    )  # fmt: skip
    intent.payment_method = method.id
    intent.latest_charge = None
    intent._confirm(on_failure_now=intent._report_failure)
    return web.json_response({"status": intent.status})


async def show_books(_request: web.Request) -> web.Response:
    """All the money there is, for tests to compare with ours."""
    charges = [
        {"intent": one.payment_intent, "amount": one.amount, "refunded": one.amount_refunded,
         "order": order_of(one)}
        for key, one in resources.store.items()
        if key.startswith("charge:") and one.status == "succeeded"
    ]  # fmt: skip
    cards = [one.id for key, one in resources.store.items() if key.startswith("customer:")]
    return web.json_response({"charges": charges, "kept_cards": cards, **tally})


async def show_events(request: web.Request) -> web.Response:
    return web.json_response(events[int(request.query.get("after", 0)) :])


def order_of(charge: Any) -> str:
    found = resources.PaymentIntent._api_retrieve(charge.payment_intent).metadata.get("order_id")
    return str(found)


def main(port: int) -> None:
    app = server.app
    app.middlewares.append(once)
    app.middlewares[:] = [
        one if one is not server.auth_middleware else knows_keys for one in app.middlewares
    ]
    app.router.add_post("/v1/checkout/sessions", begin_session)
    app.router.add_get("/v1/checkout/sessions/{name}", show_session)
    app.router.add_post("/v1/checkout/sessions/{name}/expire", expire_session)
    app.router.add_get("/pay/{name}", show_page)
    app.router.add_post("/pay/{name}", take_card)
    app.router.add_post("/_guest/{name}", confirm)
    app.router.add_get("/_books", show_books)
    app.router.add_get("/_events", show_events)
    resources.store.dump_to_disk = lambda: None
    resources.schedule_webhook = keep_event
    route = next(
        r
        for r in app.router.routes()
        if r.method == "POST" and r.resource.canonical == "/v1/refunds"
    )
    route._handler = refund
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


@web.middleware
async def knows_keys(request: web.Request, handler: Any) -> Any:
    if not request.path.startswith("/v1/"):
        return await handler(request)
    key = server.get_api_key(request)
    if key is None or "wrong" in key:
        raise UserError(401, "Invalid API Key provided")
    return await handler(request)


if __name__ == "__main__":
    main(int(sys.argv[1]))
