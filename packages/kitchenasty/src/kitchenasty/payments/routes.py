"""The owner's door to how the house is paid."""

from __future__ import annotations

from litestar import get, post, put
from litestar.params import JSONBody

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from kitchenasty import settings
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.payments.keys import PAYMENT
from kitchenasty.payments.schemas import (
    KeysTested,
    KeysToTest,
    PaymentSettingsForm,
    PaymentSettingsView,
)
from kitchenasty.payments.service import check_keys


class PaymentSettingsApi(ApiController):
    path = "/api/settings/payment"
    tags = ["Settings"]
    opt = access(Access.SUPER_ADMIN)

    @get(operation_id="ShowPaymentSettings")
    async def show_settings(self, look: Reading) -> Envelope[PaymentSettingsView]:
        """The ways of paying and their keys, secrets masked."""
        return ok(PaymentSettingsView.of(await settings.show(look, PAYMENT)))

    @put(operation_id="ChangePaymentSettings")
    async def change_settings(
        self, uow: Work, data: JSONBody[PaymentSettingsForm]
    ) -> Envelope[PaymentSettingsView]:
        """Change some. A secret that comes back masked or not at all stays as it is."""
        await settings.change(uow, PAYMENT, data.values(), forgotten=data.forget)
        return ok(PaymentSettingsView.of(await settings.show(uow, PAYMENT)))

    @post("/test", status_code=200, operation_id="TestPaymentKeys")
    async def test_keys(
        self, request: WebRequest, principal: Actor, data: JSONBody[KeysToTest]
    ) -> Envelope[KeysTested]:
        """Try the saved keys at the provider, without moving money. 409 says what is wrong."""
        mode = await check_keys(request.app.state.books, principal, data.method)
        return ok(KeysTested(mode=mode))
