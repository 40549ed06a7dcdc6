"""The groups of settings for programs, by the contract. Those of payments have their own door."""

from __future__ import annotations

from typing import TypeVar

from litestar import get, post, put
from litestar.params import JSONBody

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty import locations, notices, openid, reservation_terms, reviews, settings
from kitchenasty.dashboard.settings.schemas import (
    AdvancedForm,
    AdvancedView,
    GeneralForm,
    GeneralView,
    MailForm,
    MailTestForm,
    MailView,
    OrderForm,
    OrderSettingsView,
    ProviderForm,
    ProviderView,
    ReservationSettingsForm,
    ReservationSettingsView,
    ReviewSettingsForm,
    ReviewSettingsView,
    SettingsForm,
    SettingsView,
)
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work

V = TypeVar("V", bound=SettingsView)


class SettingsApi(ApiController):
    path = "/api/settings"
    tags = ["Settings"]
    opt = access(Access.MANAGER)

    @get("/general", operation_id="ShowGeneralSettings")
    async def show_general(self, look: Reading) -> Envelope[GeneralView]:
        """What holds for the whole group."""
        return ok(GeneralView.of(await settings.show(look, settings.GENERAL)))

    @put(
        "/general",
        opt=access(Access.MANAGER, every_house=True),
        operation_id="ChangeGeneralSettings",
    )
    async def change_general(self, uow: Work, data: JSONBody[GeneralForm]) -> Envelope[GeneralView]:
        """Change some; what is left out stays."""
        return await change(uow, settings.GENERAL, data, GeneralView)

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

    @get("/mail", opt=access(Access.SUPER_ADMIN), operation_id="ShowMailSettings")
    async def show_mail(self, look: Reading) -> Envelope[MailView]:
        """The mail server and the sender, its password masked."""
        return ok(MailView.of(await settings.show(look, notices.MAIL)))

    @put("/mail", opt=access(Access.SUPER_ADMIN), operation_id="ChangeMailSettings")
    async def change_mail(self, uow: Work, data: JSONBody[MailForm]) -> Envelope[MailView]:
        """Change some; what is left out, or comes back masked, stays."""
        return await change(uow, notices.MAIL, data, MailView)

    @post(
        "/mail/test",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="TestMailSettings",
    )
    async def test_mail(
        self, request: WebRequest, principal: Actor, data: JSONBody[MailTestForm]
    ) -> Envelope[None]:
        """Send a letter through the saved server. 409 says what the server answered."""
        await notices.send_test(request.app.state.books, principal, data.to)
        return done(f"The mail server took a letter to {data.to}.")

    @get("/openid", opt=access(Access.SUPER_ADMIN), operation_id="ShowProviderSettings")
    async def show_provider(self, look: Reading) -> Envelope[ProviderView]:
        """The provider by which guests may sign in, its secret masked."""
        return ok(ProviderView.of(await settings.show(look, openid.OPENID)))

    @put("/openid", opt=access(Access.SUPER_ADMIN), operation_id="ChangeProviderSettings")
    async def change_provider(
        self, uow: Work, data: JSONBody[ProviderForm]
    ) -> Envelope[ProviderView]:
        """Change some; what is left out, or comes back masked, stays. It is switched on only with
        all that it needs.
        """
        return await change(uow, openid.OPENID, data, ProviderView)

    @post(
        "/openid/test",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="TestProviderSettings",
    )
    async def test_provider(self, request: WebRequest) -> Envelope[None]:
        """Ask the saved provider to describe itself. 503 says that it does not, or oddly."""
        state = request.app.state
        issuer = await openid.try_provider(state.books, state.config.outgoing_networks)
        return done(f"{issuer} answers, and its keys can be read.")

    @get("/review", operation_id="ShowReviewSettings")
    async def show_review(self, look: Reading) -> Envelope[ReviewSettingsView]:
        """Who may review, and what is shown at once."""
        return ok(ReviewSettingsView.of(await settings.show(look, reviews.REVIEW)))

    @put(
        "/review", opt=access(Access.MANAGER, every_house=True), operation_id="ChangeReviewSettings"
    )
    async def change_review(
        self, uow: Work, data: JSONBody[ReviewSettingsForm]
    ) -> Envelope[ReviewSettingsView]:
        """Change some; what is left out stays."""
        return await change(uow, reviews.REVIEW, data, ReviewSettingsView)

    @get("/reservation", operation_id="ShowReservationSettings")
    async def show_reservation(self, look: Reading) -> Envelope[ReservationSettingsView]:
        """On which terms guests reserve tables in houses that have none of their own."""
        return ok(
            ReservationSettingsView.of(await settings.show(look, reservation_terms.RESERVATION))
        )

    @put(
        "/reservation",
        opt=access(Access.MANAGER, every_house=True),
        operation_id="ChangeReservationSettings",
    )
    async def change_reservation(
        self, uow: Work, data: JSONBody[ReservationSettingsForm]
    ) -> Envelope[ReservationSettingsView]:
        """Change some; what is left out stays."""
        return await change(uow, reservation_terms.RESERVATION, data, ReservationSettingsView)

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
