"""The keys of those who move money for the house."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from basis.sentences import word
from kitchenasty import payments, settings
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Principal
from kitchenasty.payments import PaymentMethod

Key = Annotated[str, msgspec.Meta(max_length=500)]
Mark = Annotated[str, msgspec.Meta(max_length=5)]
SWITCHES = ("cashEnabled", "stripeEnabled", "paypalEnabled", "paypalSandbox")
PARTS = (
    ("STRIPE", "Stripe", ("stripePublishableKey", "stripeSecretKey", "stripeWebhookSecret")),
    ("PAYPAL", "PayPal", ("paypalClientId", "paypalClientSecret", "paypalWebhookId")),
)
LABELS = {
    "stripePublishableKey": word("Publishable key"),
    "stripeSecretKey": word("Secret key"),
    "stripeWebhookSecret": word("Webhook secret"),
    "paypalClientId": word("Client ID"),
    "paypalClientSecret": word("Client secret"),
    "paypalWebhookId": word("Webhook ID"),
}
WORKS = {
    "live": word("The keys work. Guests pay with real money."),
    "test": word("The keys work. They are test keys: no real money is moved."),
}


class PaymentForm(Form, kw_only=True):
    """The whole page is one form. Browsers do not send a switch that is off, so `whole` says that
    the form had them; without it none is turned off.
    """

    whole: Mark = ""

    stripe_publishable_key: Key = ""
    stripe_secret_key: Key = ""
    stripe_webhook_secret: Key = ""
    paypal_client_id: Key = ""
    paypal_client_secret: Key = ""
    paypal_webhook_id: Key = ""
    paypal_sandbox: Mark = ""
    cash_enabled: Mark = ""
    stripe_enabled: Mark = ""
    paypal_enabled: Mark = ""
    hold_minutes: Annotated[str, msgspec.Meta(max_length=2)] = ""

    def values(self) -> dict[str, str | bool | None]:
        given: dict[str, str | bool | None] = msgspec.to_builtins(self)
        is_whole = bool(given.pop("whole"))
        return given | {name: bool(given[name]) if is_whole else None for name in SWITCHES}


class MethodForm(msgspec.Struct):
    method: PaymentMethod


class PaymentSettingsPages(Controller):
    path = "/admin/payments"
    include_in_schema = False
    opt = access(Access.SUPER_ADMIN)

    @get("/")
    async def show_settings(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        said = word("Saved.") if "saved" in request.query_params else None
        return await show(request, look, principal, said=said)

    @post("/")
    async def change_settings(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[PaymentForm]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, data),
            lambda look, said: show(request, look, principal, refusal=said),
        )

    @post("/test", status_code=200)
    async def test_keys(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[MethodForm]
    ) -> Response[Any]:
        """Outside any transaction: the provider may take its time."""
        books, refusal, said = request.app.state.books, None, None
        try:
            said = WORKS[await payments.check_keys(books, principal, data.method)]
        except DomainError as error:
            refusal = error
        async with books.reading(principal) as look:
            return await show(request, look, principal, refusal=refusal, said=said)


async def lacks_keys(look: Look) -> bool:
    """Whether a way of paying is switched on that cannot be offered."""
    keys = await payments.load_keys(look)
    return any(
        keys.values[switch] and method not in keys.offered
        for method, switch in payments.SWITCHES.items()
    )


async def change(uow: UnitOfWork, form: PaymentForm) -> str:
    await settings.change(uow, payments.PAYMENT, form.values())
    return "/admin/payments?saved=1"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    said: str | None = None,
) -> Response[Any]:
    shown = {one.field.name: one for one in await settings.show(look, payments.PAYMENT)}
    return office_page(
        "dashboard/payments.html",
        request,
        principal,
        refusal=refusal,
        shown=shown,
        parts_of_form=PARTS,
        missing_keys=await lacks_keys(look),
        labels={name: translate(label) for name, label in LABELS.items()},
        said=None if said is None else translate(said),
    )
