"""PayPal's orders API, version 2, over plain HTTP: https://developer.paypal.com/docs/api/orders/v2."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from basis.money import Money, exponent_of
from kitchenasty.payments.port import (
    TIMEOUT_SECONDS,
    Begun,
    CardFee,
    Found,
    ProviderAway,
    ProviderRefused,
    Wish,
)
from kitchenasty.payments.states import IntentState

if TYPE_CHECKING:
    import httpx

LIVE_BASE = "https://api-m.paypal.com"
SANDBOX_BASE = "https://api-m.sandbox.paypal.com"
RETRY_SECONDS = 5
KEY_LENGTH_MAX = 38
"""Of a PayPal-Request-Id; some of its doors take no more."""
NO_DECIMALS = {"HUF", "JPY", "TWD"}


class PayPalPort:
    """One account. The order's amount is said once and captured as it is."""

    def __init__(
        self, client_id: str, client_secret: str, *, sandbox: bool, api_base: str | None = None
    ) -> None:
        self._account = (client_id, client_secret)
        self._sandbox = sandbox
        self._base = api_base or (SANDBOX_BASE if sandbox else LIVE_BASE)

    @property
    def keeps_cards(self) -> bool:
        return False

    async def begin_card(self, wish: Wish) -> Begun:
        raise keeps_none()

    async def charge_card(self, fee: CardFee) -> Found:
        raise keeps_none()

    async def forget_card(self, card_ref: str) -> None:
        raise keeps_none()

    async def check_keys(self) -> str:
        await self._token()
        return "test" if self._sandbox else "live"

    async def begin(self, wish: Wish, *, hosted: bool) -> Begun:  # always a page
        made = await self._ask("POST", "/v2/checkout/orders", key=wish.key, body=order_of(wish))
        links = {link["rel"]: link["href"] for link in made.get("links", [])}
        return Begun(made["id"], url=links.get("payer-action") or links.get("approve"))

    async def find_out(self, ref: str, *, key: str) -> Found:
        found = await self._ask("GET", f"/v2/checkout/orders/{ref}")
        if found["status"] == "APPROVED":
            return await self._capture(ref, key=key)
        return found_in(found)

    async def _capture(self, ref: str, *, key: str) -> Found:
        """Take what was approved. A card that is declined now stays declined for this attempt."""
        try:
            taken = await self._ask(
                "POST", f"/v2/checkout/orders/{ref}/capture", key=f"{key}:c", body={}
            )
        except ProviderRefused as refused:
            found = found_in(await self._ask("GET", f"/v2/checkout/orders/{ref}"))
            if found.state is IntentState.CAPTURED:
                return found
            return Found(IntentState.FAILED, failure=str(refused))
        return found_in(taken)

    async def close(self, ref: str, *, key: str) -> Found:  # nothing is moved
        """Nothing is taken but by us, so not to capture is enough."""
        found = found_in(await self._ask("GET", f"/v2/checkout/orders/{ref}"))
        return found if found.state is IntentState.CAPTURED else Found(IntentState.EXPIRED)

    async def refund(self, charge_ref: str, amount: Money, *, key: str) -> str:
        path = f"/v2/payments/captures/{charge_ref}/refund"
        made = await self._ask("POST", path, key=key, body={"amount": amount_of(amount)})
        return str(made["id"])

    async def vouch_for(self, body: bytes, seal: Mapping[str, str], webhook_id: str) -> bool:
        """Whether PayPal sent this message to this webhook. It goes back to the byte, because its
        bytes were signed. Raises ProviderAway, ProviderRefused.
        """
        question = {**seal, "webhook_id": webhook_id, "webhook_event": msgspec.Raw(body)}
        answer = read(
            await self._send(
                "POST",
                "/v1/notifications/verify-webhook-signature",
                headers={
                    "Authorization": f"Bearer {await self._token()}",
                    "Content-Type": "application/json",
                },
                content=msgspec.json.encode(question),
            )
        )
        return answer.get("verification_status") == "SUCCESS"

    async def _token(self) -> str:
        answer = await self._send(
            "POST",
            "/v1/oauth2/token",
            auth=self._account,
            data={"grant_type": "client_credentials"},
        )
        if answer.status_code == 401:
            raise ProviderRefused("PayPal does not know these keys.")
        return str(read(answer)["access_token"])

    async def _ask(
        self, method: str, path: str, *, key: str | None = None, body: Any = None
    ) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {await self._token()}",
            "Prefer": "return=representation",
        }
        if key is not None:
            headers["PayPal-Request-Id"] = key[-KEY_LENGTH_MAX:]
        return read(await self._send(method, path, headers=headers, json=body))

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        import httpx  # noqa: PLC0415  # 9 MB with what it needs, for houses that use PayPal

        try:
            async with httpx.AsyncClient(base_url=self._base, timeout=TIMEOUT_SECONDS) as client:
                return await client.request(method, path, **more)
        except httpx.HTTPError as error:
            raise away() from error


def read(answer: httpx.Response) -> dict[str, Any]:
    """The body of an answer. A declined card is 422 and stays as it is, so that it can be told."""
    if answer.status_code >= 500 or answer.status_code in (409, 429):
        raise away()
    try:
        body: dict[str, Any] = answer.json()
    except ValueError as error:
        raise away() from error
    if answer.is_error:
        issues = ", ".join(one.get("issue", "") for one in body.get("details", []))
        raise ProviderRefused(f"PayPal refused: {issues or body.get('name', answer.status_code)}")
    return body


def keeps_none() -> ProviderRefused:
    return ProviderRefused("PayPal keeps no cards for later.")


def order_of(wish: Wish) -> dict[str, Any]:
    unit = {
        "reference_id": wish.order_id,
        "custom_id": wish.order_id,
        "description": wish.words[:127],
        "amount": amount_of(wish.amount),
    }
    page = {
        "return_url": wish.paid_url,
        "cancel_url": wish.back_url,
        "user_action": "PAY_NOW",
        "shipping_preference": "NO_SHIPPING",
    }
    return {
        "intent": "CAPTURE",
        "purchase_units": [unit],
        "payment_source": {"paypal": {"experience_context": page}},
    }


def found_in(order: dict[str, Any]) -> Found:
    if order["status"] == "VOIDED":
        return Found(IntentState.EXPIRED)
    captures = [
        capture
        for unit in order.get("purchase_units", [])
        for capture in unit.get("payments", {}).get("captures", [])
        if capture["status"] in ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
    ]
    if not captures:
        return Found(IntentState.REQUIRES_ACTION)
    taken = captures[0]
    return Found(
        IntentState.CAPTURED,
        charge_ref=str(taken["id"]),
        amount=money_of(taken["amount"]),
    )


def amount_of(amount: Money) -> dict[str, str]:
    """PayPal takes some currencies without decimals: https://developer.paypal.com/api/rest/reference/currency-codes."""
    value = Decimal(amount.to_major_text())
    if amount.currency in NO_DECIMALS:
        if value != value.to_integral_value():
            raise ProviderRefused(f"PayPal takes whole {amount.currency} only.")
        value = value.to_integral_value()
    return {"currency_code": amount.currency, "value": str(value)}


def money_of(told: dict[str, str]) -> Money:
    code = told["currency_code"]
    return Money(int(Decimal(told["value"]).scaleb(exponent_of(code))), code)


def away() -> ProviderAway:
    return ProviderAway(
        "PayPal does not answer at the moment. Nothing is charged twice: please try again.",
        retry_after=RETRY_SECONDS,
    )
