"""PayPal's orders API as a server of its own, as far as the port uses it, with its refusals.

Run as `python -m kitchenasty.payments.tests.paypal_twin PORT`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import zlib
from decimal import Decimal
from typing import Any

from aiohttp import web

KNOWN = ("client-id-of-the-twin", "client-secret-of-the-twin")
WEBHOOK_ID = "WEBHOOKOFTHETWIN"
DECLINED = "4000000000000002"
"""A guest who types this on PayPal's page has a bank that says no when we take the money."""
orders: dict[str, dict[str, Any]] = {}
captures: dict[str, dict[str, Any]] = {}
answers: dict[tuple[str, str], dict[str, Any]] = {}


def refuse(status: int, issue: str) -> web.Response:
    body = {"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": issue}]}
    return web.json_response(body, status=status)


async def give_token(request: web.Request) -> web.Response:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    if kind != "Basic" or base64.b64decode(told).decode() != ":".join(KNOWN):
        return web.json_response({"error": "invalid_client"}, status=401)
    return web.json_response({"access_token": "token-of-the-twin", "expires_in": 32_400})


@web.middleware
async def once(request: web.Request, handler: Any) -> Any:
    """Needs the token; the same PayPal-Request-Id gives the same answer."""
    if not request.path.startswith("/v2/"):
        return await handler(request)
    if request.headers.get("Authorization") != "Bearer token-of-the-twin":
        return web.json_response({"error": "invalid_token"}, status=401)
    key = (request.path, request.headers.get("PayPal-Request-Id", ""))
    if key[1] and key in answers:
        return web.json_response(answers[key])
    answer = await handler(request)
    if isinstance(answer, web.Response):
        return answer
    if key[1]:
        answers[key] = answer
    return web.json_response(answer)


async def begin(request: web.Request) -> Any:
    wish = await request.json()
    name = f"ORDER{len(orders):06d}"
    page = f"{request.url.origin()}/approve/{name}"
    orders[name] = {
        "id": name, "status": "PAYER_ACTION_REQUIRED", "purchase_units": wish["purchase_units"],
        "links": [{"rel": "payer-action", "href": page}],
        "page": wish["payment_source"]["paypal"]["experience_context"],
    }  # fmt: skip
    return orders[name]


async def show(request: web.Request) -> Any:
    return orders[request.match_info["name"]]


async def approve(request: web.Request) -> web.Response:
    """The guest says yes on PayPal's page."""
    order = orders[request.match_info["name"]]
    order["status"] = "APPROVED"
    order["is_declined"] = (await request.post()).get("card") == DECLINED
    raise web.HTTPSeeOther(order["page"]["return_url"])


async def capture(request: web.Request) -> Any:
    order = orders[request.match_info["name"]]
    if order["status"] != "APPROVED":
        return refuse(422, "ORDER_NOT_APPROVED")
    if order["is_declined"]:
        order["status"] = "PAYER_ACTION_REQUIRED"
        return refuse(422, "INSTRUMENT_DECLINED")
    taken = {"id": f"CAP{len(captures):06d}", "status": "COMPLETED"}
    taken["amount"] = order["purchase_units"][0]["amount"]
    captures[taken["id"]] = {**taken, "refunded": "0"}
    order["status"] = "COMPLETED"
    order["purchase_units"][0]["payments"] = {"captures": [taken]}
    return order


async def refund(request: web.Request) -> Any:
    taken = captures[request.match_info["name"]]
    wanted = Decimal((await request.json())["amount"]["value"])
    given = Decimal(taken["refunded"]) + wanted
    if given > Decimal(taken["amount"]["value"]):
        return refuse(422, "REFUND_AMOUNT_EXCEEDED")
    taken["refunded"] = str(given)
    return {"id": f"REF{len(answers):06d}", "status": "COMPLETED"}


async def verify(request: web.Request) -> web.Response:
    """Its signature stands for the certificates that only PayPal has."""
    raw = await request.read()
    if request.headers.get("Authorization") != "Bearer token-of-the-twin":
        return web.json_response({"error": "invalid_token"}, status=401)
    asked = json.loads(raw)
    body = raw.partition(b'"webhook_event":')[2].removesuffix(b"}")
    right = sign(body, asked["transmission_id"], asked["transmission_time"], asked["webhook_id"])
    is_right = asked["transmission_sig"] == right and asked["webhook_id"] == WEBHOOK_ID
    return web.json_response({"verification_status": "SUCCESS" if is_right else "FAILURE"})


def sign(body: bytes, name: str, time: str, webhook_id: str = WEBHOOK_ID) -> str:
    """Over the same four things as PayPal's: name and time of the sending, webhook, checksum."""
    signed = f"{name}|{time}|{webhook_id}|{zlib.crc32(body)}".encode()
    return hmac.new(KNOWN[1].encode(), signed, hashlib.sha256).hexdigest()


async def show_books(_request: web.Request) -> web.Response:
    return web.json_response({"orders": len(orders), "captures": list(captures.values())})


def main(port: int) -> None:
    app = web.Application(middlewares=[once])
    app.router.add_post("/v1/oauth2/token", give_token)
    app.router.add_post("/v2/checkout/orders", begin)
    app.router.add_get("/v2/checkout/orders/{name}", show)
    app.router.add_post("/v2/checkout/orders/{name}/capture", capture)
    app.router.add_post("/v2/payments/captures/{name}/refund", refund)
    app.router.add_post("/approve/{name}", approve)
    app.router.add_post("/v1/notifications/verify-webhook-signature", verify)
    app.router.add_get("/_books", show_books)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
