"""The settings of payments on the wire. Secrets go out masked and come back as they were shown."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.kit.http.wire import Form, WireStruct
from kitchenasty.payments.models import PaymentMethod
from kitchenasty.settings import Shown

Key = Annotated[str, msgspec.Meta(max_length=500)]


class PaymentSettingsForm(Form, kw_only=True):
    """What is left out or comes back masked stays; `forget` names what is to be erased."""

    cash_enabled: bool | None = None
    stripe_enabled: bool | None = None
    paypal_enabled: bool | None = None
    hold_minutes: Annotated[str, msgspec.Meta(max_length=2)] | None = None
    stripe_publishable_key: Key | None = None
    stripe_secret_key: Key | None = None
    stripe_webhook_secret: Key | None = None
    paypal_client_id: Key | None = None
    paypal_client_secret: Key | None = None
    paypal_webhook_id: Key | None = None
    paypal_sandbox: bool | None = None
    forget: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=40)]], msgspec.Meta(max_length=9)
    ] = []

    def values(self) -> dict[str, str | bool | None]:
        given: dict[str, str | bool | None] = msgspec.to_builtins(self)
        given.pop("forget")
        return given


class PaymentSettingsView(WireStruct, kw_only=True):
    cash_enabled: bool
    stripe_enabled: bool
    paypal_enabled: bool
    hold_minutes: str
    stripe_publishable_key: str | None
    stripe_secret_key: str | None
    stripe_webhook_secret: str | None
    paypal_client_id: str | None
    paypal_client_secret: str | None
    paypal_webhook_id: str | None
    paypal_sandbox: bool

    @classmethod
    def of(cls, shown: list[Shown]) -> PaymentSettingsView:
        return msgspec.convert({one.field.name: one.value for one in shown}, cls)


class KeysToTest(Form, kw_only=True):
    method: PaymentMethod


class KeysTested(WireStruct, kw_only=True):
    """`mode` is `live` or `test`."""

    mode: str
