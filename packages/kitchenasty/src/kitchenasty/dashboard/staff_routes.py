"""Where somebody works, for the API: staff do not know the houses, so this door joins the two."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import put
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Form, WireStruct, ok
from kitchenasty import locations, staff
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Work
from kitchenasty.kit.principals import Role

HOUSES_MAX = 200
StaffId = Annotated[str, PathParameter(max_length=64)]
HouseId = Annotated[str, msgspec.Meta(min_length=1, max_length=36)]


class HousesForm(Form):
    """`houseIds: null` is every house, also those to come."""

    house_ids: Annotated[list[HouseId], msgspec.Meta(min_length=1, max_length=HOUSES_MAX)] | None


class Workplace(WireStruct):
    id: str
    role: Role
    house_ids: list[str] | None


class StaffHousesApi(ApiController):
    path = "/api/staff/{staff_id:str}/houses"
    tags = ["Staff"]

    @put(opt=access(Access.MANAGER), operation_id="MoveMember")
    async def move_member(
        self, uow: Work, staff_id: StaffId, data: JSONBody[HousesForm]
    ) -> Envelope[Workplace]:
        """Say in which houses somebody works; they sign in again. Managers say it of staff below
        them, for houses of their own.
        """
        await staff.load_colleague(uow, staff_id)
        for house_id in data.house_ids or ():
            await locations.load_own_house(uow, house_id)
        moved = await staff.move_member(uow, staff_id, data.house_ids)
        houses = None if moved.house_ids is None else list(moved.house_ids)
        return ok(Workplace(id=moved.id, role=moved.role, house_ids=houses))
