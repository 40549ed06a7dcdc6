"""The groups of settings for programs, by the contract. Those of payments have their own door."""

from __future__ import annotations

from typing import TypeVar

from litestar import get, put
from litestar.params import JSONBody

from kitchenasty import locations, settings
from kitchenasty.dashboard.settings.schemas import (
    AdvancedForm,
    AdvancedView,
    GeneralForm,
    GeneralView,
    OrderForm,
    OrderSettingsView,
    SettingsForm,
    SettingsView,
)
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.api import ApiController
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.http.wire import Envelope, ok

V = TypeVar("V", bound=SettingsView)


class SettingsApi(ApiController):
    path = "/api/settings"
    tags = ["Settings"]
    opt = access(Access.MANAGER)

    @get("/general", operation_id="ShowGeneralSettings")
    async def show_general(self, look: Reading) -> Envelope[GeneralView]:
        """What holds for the whole group."""
        return ok(GeneralView.of(await settings.show(look, locations.GENERAL)))

    @put(
        "/general",
        opt=access(Access.MANAGER, every_house=True),
        operation_id="ChangeGeneralSettings",
    )
    async def change_general(self, uow: Work, data: JSONBody[GeneralForm]) -> Envelope[GeneralView]:
        """Change some; what is left out stays."""
        return await change(uow, locations.GENERAL, data, GeneralView)

    @get("/order", operation_id="ShowOrderSettings")
    async def show_order(self, look: Reading) -> Envelope[OrderSettingsView]:
        """Whether and how guests order, and how new houses begin."""
        return ok(OrderSettingsView.of(await settings.show(look, locations.ORDER)))

    @put("/order", opt=access(Access.MANAGER, every_house=True), operation_id="ChangeOrderSettings")
    async def change_order(
        self, uow: Work, data: JSONBody[OrderForm]
    ) -> Envelope[OrderSettingsView]:
        """Change some; what is left out stays."""
        return await change(uow, locations.ORDER, data, OrderSettingsView)

    @get("/advanced", opt=access(Access.SUPER_ADMIN), operation_id="ShowAdvancedSettings")
    async def show_advanced(self, look: Reading) -> Envelope[AdvancedView]:
        """Maintenance, and limits for hasty visitors."""
        return ok(AdvancedView.of(await settings.show(look, settings.ADVANCED)))

    @put("/advanced", opt=access(Access.SUPER_ADMIN), operation_id="ChangeAdvancedSettings")
    async def change_advanced(
        self, uow: Work, data: JSONBody[AdvancedForm]
    ) -> Envelope[AdvancedView]:
        """Change some; what is left out stays."""
        return await change(uow, settings.ADVANCED, data, AdvancedView)


async def change(
    uow: UnitOfWork, group: settings.Group, form: SettingsForm, view: type[V]
) -> Envelope[V]:
    await settings.change(uow, group, form.values(), forgotten=form.forget)
    return ok(view.of(await settings.show(uow, group)))
