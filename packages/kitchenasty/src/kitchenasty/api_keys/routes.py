"""The API's doors to keys: for owners only, and for no key."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty.api_keys import service
from kitchenasty.api_keys.schemas import KeyForm, KeyView, MadeKey
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work

KeyId = Annotated[str, PathParameter(max_length=64)]


class ApiKeysApi(ApiController):
    path = "/api/keys"
    tags = ["API keys"]
    opt = access(Access.SUPER_ADMIN, every_house=True)

    @get(operation_id="ListApiKeys")
    async def list_all(self, look: Reading) -> Envelope[list[KeyView]]:
        """The newest first, those that were revoked last."""
        return ok([KeyView.of(key) for key in await service.list_keys(look)])

    @post(operation_id="MakeApiKey")
    async def make(self, uow: Work, data: JSONBody[KeyForm]) -> Envelope[MadeKey]:
        """A new key. It is in this answer and never again."""
        made = await service.create_key(uow, data.to_draft())
        return ok(MadeKey(secret=made.text, key=KeyView.of(made.key)))

    @delete("/{key_id:str}", status_code=200, operation_id="RevokeApiKey")
    async def revoke(self, uow: Work, key_id: KeyId) -> Envelope[None]:
        """The key opens nothing any more, from now on and on open sockets."""
        await service.revoke_key(uow, key_id)
        return done("Key revoked")
