"""The office's API keys: which there are, a new one that is shown once, and revoking."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.errors import DomainError
from basis.ids import is_id, new_id
from basis.kit.http.wire import Form
from basis.sentences import word
from kitchenasty import api_keys, locations
from kitchenasty.api_keys import KeyRefused
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Principal, Scope

HERE = "/admin/keys"
LASTING = (
    ("30", word("30 days")),
    ("90", word("90 days")),
    ("365", word("A year")),
    ("", word("Until it is revoked")),
)
Line = Annotated[str, msgspec.Meta(max_length=100)]
Some = Annotated[list[Annotated[str, msgspec.Meta(max_length=36)]], msgspec.Meta(max_length=100)]
KeyId = Annotated[str, PathParameter(max_length=64)]


class KeyForm(Form):
    """`houses` without a tick: every house."""

    key: Line = ""
    name: Line = ""
    scopes: Some = []
    houses: Some = []
    days: Line = "90"

    def to_draft(self) -> api_keys.KeyDraft:
        """Raises KeyRefused."""
        days = dict(LASTING).get(self.days)
        known = {scope.value for scope in Scope}
        if days is None or not known >= set(self.scopes):
            raise KeyRefused("Please choose what the key may do, and how long it lasts.")
        return api_keys.KeyDraft(
            id=self.key if is_id(self.key) else None,
            name=self.name,
            scopes=frozenset(Scope(one) for one in self.scopes),
            house_ids=tuple(self.houses) or None,
            days=int(self.days) if self.days else None,
        )


async def read_form(request: WebRequest) -> KeyForm:
    """Several boxes of one name are ticked, or one, or none. Raises KeyRefused."""
    sent = await request.form()
    values = {
        field.encode_name: sent.getall(field.encode_name, [])
        if field.type is Some
        else sent.get(field.encode_name, "")
        for field in msgspec.structs.fields(KeyForm)
    }
    try:
        return msgspec.convert(values, KeyForm)
    except msgspec.ValidationError as error:
        raise KeyRefused("This form is too long, or holds what no field takes.") from error


class KeyPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.SUPER_ADMIN, every_house=True)

    @get("/")
    async def show_keys(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/", status_code=200)
    async def make_key(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """The answer is the page with the key, since no address may have it. A refusal shows the
        form again as it was filled in, so the transaction is opened here.
        """
        data = await read_form(request)
        refusal, made = None, None
        try:
            async with writing_for(request, principal) as uow:
                for house_id in data.houses:
                    await locations.load_house(uow, house_id)
                made = await api_keys.create_key(uow, data.to_draft())
        except DomainError as error:
            refusal = error
        async with entrance_of(request).books.reading(principal) as look:
            form = data if refusal else None
            return await show(request, look, principal, refusal=refusal, form=form, made=made)

    @post("/{key_id:str}/revoke")
    async def revoke(self, uow: Work, key_id: KeyId) -> Response[Any]:
        await api_keys.revoke_key(uow, key_id)
        return back_to(f"{HERE}?told=revoked")


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    form: KeyForm | None = None,
    made: api_keys.NewKey | None = None,
) -> Response[Any]:
    houses = await locations.list_houses(look)
    answer = office_page(
        "dashboard/keys.html",
        request,
        principal,
        refusal=refusal,
        keys=await api_keys.list_keys(look),
        now=look.now,
        made=made,
        told=request.query_params.get("told", ""),
        form=form or KeyForm(),
        key_id=new_id(),
        scopes=[(scope.value, translate(words)) for scope, words in api_keys.SCOPE_WORDS.items()],
        lasting=[(days, translate(words)) for days, words in LASTING],
        houses=houses,
        house_names={house.id: house.name for house in houses},
        zone=houses[0].zone if houses else "UTC",
    )
    answer.headers.update({"Cache-Control": "no-store"})
    return answer
