"""The API's doors to one's own data."""

from __future__ import annotations

from litestar import get, post
from litestar.params import JSONBody

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Work
from kitchenasty.privacy.asking import id_of
from kitchenasty.privacy.erase import erase_guest
from kitchenasty.privacy.export import export_guest
from kitchenasty.privacy.schemas import ErasureForm, OwnDataView

FORGOTTEN = "You are forgotten. Thank you for having been our guest."


class OwnDataApi(ApiController):
    path = "/api/auth/customer"
    tags = ["Accounts"]
    opt = access(Access.CUSTOMER)

    @get("/data", operation_id="ExportOwnData")
    async def export(self, uow: Work, principal: Actor) -> Envelope[OwnDataView]:
        """All that the house knows about the guest who asks."""
        return ok(OwnDataView.of(await export_guest(uow, id_of(principal))))

    @post("/erase", status_code=200, operation_id="EraseOwnAccount")
    async def erase(
        self, uow: Work, principal: Actor, data: JSONBody[ErasureForm]
    ) -> Envelope[None]:
        """Forget the guest who asks, for good. Orders stay in the books without a name. Refused
        while an order is open.
        """
        await erase_guest(uow, id_of(principal), typed=data.email)
        return done(FORGOTTEN)
