"""The API's doors to points."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post, put
from litestar.params import JSONBody, PathParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, amount, ok
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, Work
from kitchenasty.kit.principals import Scope
from kitchenasty.loyalty import queries, service
from kitchenasty.loyalty.rules import PointsAtCheckout
from kitchenasty.loyalty.schemas import (
    AdjustedView,
    Adjustment,
    BalanceView,
    EntryView,
    ProgrammeForm,
    ProgrammeView,
    Redemption,
)

SHOWN = 20
CustomerId = Annotated[str, PathParameter(max_length=64)]


class LoyaltyApi(ApiController):
    path = "/api/loyalty"
    tags = ["Loyalty"]

    @get("/balance", opt=access(Access.CUSTOMER), operation_id="ShowPoints")
    async def show_balance(self, look: Reading, principal: Actor) -> Envelope[BalanceView]:
        """The points of the guest who asks, what they are worth, and their newest movements."""
        customer_id = principal.id or ""
        programme = await queries.load_programme(look)
        points = await queries.load_balance(look, customer_id)
        entries, _ = await queries.list_entries(look, customer_id, Page(limit=SHOWN))
        worth = programme.worth_minor(max(0, points))
        return ok(
            BalanceView(
                points=points,
                dollar_value=amount(worth, programme.currency),
                currency=programme.currency,
                transactions=[EntryView.of(entry) for entry in entries],
            )
        )

    @post("/redeem", opt=access(Access.CUSTOMER), status_code=200, operation_id="RedeemPoints")
    async def redeem(self, data: JSONBody[Redemption]) -> Envelope[None]:
        """Always refused with 409: points are used with an order (`loyaltyPointsRedeem`), where
        they take something off. By themselves they would be gone for nothing.
        """
        raise PointsAtCheckout(points=data.points)

    @post(
        "/customers/{customer_id:str}/adjust",
        opt=access(Access.MANAGER, every_house=True, key=Scope.GUESTS_WRITE),
        status_code=200,
        operation_id="AdjustPoints",
    )
    async def adjust(
        self, uow: Work, customer_id: CustomerId, data: JSONBody[Adjustment]
    ) -> Envelope[AdjustedView]:
        """Give a guest points or take some away, with a reason. The balance does not fall below 0
        by it.
        """
        balance = await service.adjust(uow, customer_id, data.points, reason=data.description)
        [latest], _ = await queries.list_entries(uow, customer_id, Page(limit=1))
        view = EntryView.of(latest)
        return ok(AdjustedView(points=balance, new_balance=balance, transaction=view))

    @get("/programme", opt=access(Access.PUBLIC), operation_id="ShowPointProgramme")
    async def show_programme(self, look: Reading) -> Envelope[ProgrammeView]:
        """How points are earned and what they are worth."""
        return ok(ProgrammeView.of(await queries.load_programme(look)))

    @put(
        "/programme",
        opt=access(Access.MANAGER, key=Scope.OFFERS_WRITE),
        operation_id="ChangePointProgramme",
    )
    async def change_programme(
        self, uow: Work, data: JSONBody[ProgrammeForm]
    ) -> Envelope[ProgrammeView]:
        """Set the programme up, for all houses that have this currency."""
        return ok(ProgrammeView.of(await service.change_programme(uow, data.to_programme())))
