"""Doors of the volumes."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get
from litestar.params import PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from orca.access import Role
from orca.api import AnyRequest, needs
from orca.control.control import Control
from orca.control.volumes import VolumeView, give_up, volumes_in

Named = Annotated[str, PathParameter(max_length=60)]


class VolumesApi(ApiController):
    path = "/api/v1/volumes"
    tags = ["Volumes"]

    @get("/", opt=needs(Role.VIEWER), operation_id="ListVolumes")
    async def list_volumes(self, request: AnyRequest) -> Envelope[list[VolumeView]]:
        """Of all services, and of those that were removed: their data stay."""
        control: Control = request.app.state.control
        return ok([*volumes_in(control.state)])

    @delete(
        "/{project:str}/{name:str}",
        opt=needs(Role.ADMIN),
        operation_id="GiveUpVolumes",
        status_code=200,
    )
    async def give_up_volumes(
        self, request: AnyRequest, project: Named, name: Named
    ) -> Envelope[list[str]]:
        """Those of a service that was removed are gone for ever when this answers."""
        await give_up(request.app.state.control, f"{project}/{name}")
        return ok([])
