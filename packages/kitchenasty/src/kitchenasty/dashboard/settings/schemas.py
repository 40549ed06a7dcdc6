"""Settings on the wire, as the contract groups them. Secrets go out masked and come back as they
were shown; what is left out stays.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

import msgspec

from basis.kit.http.wire import Amount, Form, Price, WireStruct
from kitchenasty.settings import Shown, Value

Name = Annotated[str, msgspec.Meta(max_length=40)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_440)]
Tips = Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=100)]], msgspec.Meta(max_length=6)]
Percent = Annotated[Decimal, msgspec.Meta(extra_json_schema={"minimum": 0, "maximum": 100})]


class SettingsForm(Form, kw_only=True):
    """`forget` names what goes back to the environment's value or the built-in one."""

    forget: Annotated[list[Name], msgspec.Meta(max_length=20)] = []

    def values(self) -> dict[str, Value]:
        given: dict[str, Any] = msgspec.to_builtins(self, builtin_types=(Decimal,))
        given.pop("forget")
        return given


class SettingsView(WireStruct, kw_only=True):
    @classmethod
    def of(cls, shown: list[Shown]) -> Self:
        return msgspec.convert({one.field.name: one.value for one in shown}, cls)


class GeneralForm(SettingsForm, kw_only=True):
    contact_email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    contact_phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    distance_unit: Literal["km", "mi"] | None = None
    timezone: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    default_currency: Annotated[str, msgspec.Meta(max_length=3)] | None = None


class GeneralView(SettingsView, kw_only=True):
    contact_email: str | None
    contact_phone: str | None
    distance_unit: str
    timezone: str
    default_currency: str


class OrderForm(SettingsForm, kw_only=True):
    enabled: bool | None = None
    min_order_delivery: Price | None = None
    min_order_pickup: Price | None = None
    delivery_lead_time: Minutes | None = None
    pickup_lead_time: Minutes | None = None
    enable_future_ordering: bool | None = None
    dine_in_enabled: bool | None = None
    enable_tipping: bool | None = None
    tip_options: Tips | None = None
    tax_rate: Percent | None = None


class OrderSettingsView(SettingsView, kw_only=True):
    enabled: bool
    min_order_delivery: Amount
    min_order_pickup: Amount
    delivery_lead_time: int
    pickup_lead_time: int
    enable_future_ordering: bool
    dine_in_enabled: bool
    enable_tipping: bool
    tip_options: list[int]
    tax_rate: Amount


class MailForm(SettingsForm, kw_only=True):
    VERBATIM = frozenset({"smtp_pass"})

    smtp_host: Annotated[str, msgspec.Meta(max_length=253)] | None = None
    smtp_port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] | None = None
    smtp_user: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    smtp_pass: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    sender_name: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    sender_email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    encryption: Literal["none", "tls", "ssl"] | None = None


class MailView(SettingsView, kw_only=True):
    smtp_host: str | None
    smtp_port: int | None
    smtp_user: str | None
    smtp_pass: str | None
    sender_name: str | None
    sender_email: str | None
    encryption: str


class MailTestForm(Form, kw_only=True):
    to: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]


class ProviderForm(SettingsForm, kw_only=True):
    VERBATIM = frozenset({"client_id", "client_secret"})

    enabled: bool | None = None
    provider: Literal["google", "other"] | None = None
    issuer: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    client_id: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    client_secret: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    label: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    app_url: Annotated[str, msgspec.Meta(max_length=300)] | None = None


class ProviderView(SettingsView, kw_only=True):
    enabled: bool
    provider: str
    issuer: str | None
    client_id: str | None
    client_secret: str | None
    label: str | None
    app_url: str | None


class ReviewSettingsForm(SettingsForm, kw_only=True):
    enabled: bool | None = None
    require_order: bool | None = None
    auto_approve: bool | None = None
    minimum_rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None


class ReviewSettingsView(SettingsView, kw_only=True):
    enabled: bool
    require_order: bool
    auto_approve: bool
    minimum_rating: int


class ReservationSettingsForm(SettingsForm, kw_only=True):
    enabled: bool | None = None
    time_interval: Annotated[int, msgspec.Meta(ge=5, le=60)] | None = None
    stay_time: Annotated[int, msgspec.Meta(ge=15, le=720)] | None = None
    max_advance_booking_days: Annotated[int, msgspec.Meta(ge=1, le=730)] | None = None
    min_cancellation_notice_hours: Annotated[int, msgspec.Meta(ge=0, le=336)] | None = None
    auto_confirm: bool | None = None
    reminder_hours: Annotated[int, msgspec.Meta(ge=0, le=336)] | None = None
    letter_requested: bool | None = None
    letter_confirmed: bool | None = None
    letter_changed: bool | None = None
    letter_cancelled: bool | None = None
    letter_refused: bool | None = None
    letter_house_new: bool | None = None
    letter_house_changed: bool | None = None
    letter_house_cancelled: bool | None = None


class ReservationSettingsView(SettingsView, kw_only=True):
    enabled: bool
    time_interval: int
    stay_time: int
    max_advance_booking_days: int
    min_cancellation_notice_hours: int
    auto_confirm: bool
    reminder_hours: int
    letter_requested: bool
    letter_confirmed: bool
    letter_changed: bool
    letter_cancelled: bool
    letter_refused: bool
    letter_house_new: bool
    letter_house_changed: bool
    letter_house_cancelled: bool


class AdvancedForm(SettingsForm, kw_only=True):
    PARAGRAPHS = frozenset({"maintenance_message"})

    maintenance_mode: bool | None = None
    maintenance_message: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    enable_rate_limiting: bool | None = None


class AdvancedView(SettingsView, kw_only=True):
    maintenance_mode: bool
    maintenance_message: str | None
    enable_rate_limiting: bool
