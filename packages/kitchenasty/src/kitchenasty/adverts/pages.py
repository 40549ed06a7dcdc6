"""Where a guest agrees to advertising and takes it back, both with one press; and the link by which
it is confirmed. It works without script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.kit.http.wire import Form
from kitchenasty import guests, texting
from kitchenasty.adverts import service
from kitchenasty.adverts.service import Spoken
from kitchenasty.adverts.states import ALLOWED, Basis, Place, Way
from kitchenasty.adverts.terms import load_basis
from kitchenasty.adverts.verdicts import country_of, find_verdicts
from kitchenasty.adverts.wordings import ASKED
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, SignInNeeded, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.kit.limits import ADVERTS_PER_ACCOUNT

HERE = "/account/adverts"
Token = Annotated[str, PathParameter(max_length=100)]
NO_STORE = {"cache-control": "no-store", "x-robots-tag": "noindex"}


class AdvertForm(Form):
    way: Way
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """One way, as the page shows it. `is_asked` while a letter waits for its answer."""

    way: Way
    words: str
    recipient: str
    is_on: bool
    is_asked: bool


class AdvertPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.CUSTOMER)

    @get()
    async def show_adverts(self, request: WebRequest, look: Reading) -> Response[Any]:
        return page(
            "adverts/switches.html",
            switches=await list_switches(look, await load_own(look)),
            is_off=await load_basis(look) is Basis.OFF,
            told=request.query_params.get("told", ""),
        )

    @post()
    async def say(
        self, request: WebRequest, uow: Work, principal: Actor, data: URLEncodedBody[AdvertForm]
    ) -> Response[Any]:
        entrance_of(request).take(ADVERTS_PER_ACCOUNT, principal.id or "")
        guest = await load_own(uow)
        recipient = await recipient_of(uow, guest, data.way)
        if recipient is None:
            return back_to(HERE)
        spoken = Spoken(
            way=data.way,
            recipient=recipient,
            wording=translate(ASKED[data.way]),
            place=Place.ACCOUNT,
            customer_id=guest.id,
            is_theirs=data.way is Way.PUSH or (data.way is Way.MAIL and guest.is_confirmed),
        )
        if not data.agrees:
            await service.object_to(uow, spoken)
            return back_to(f"{HERE}?told=ended")
        await service.agree(uow, spoken)
        return back_to(f"{HERE}?told={'agreed' if spoken.is_theirs else 'asked'}")


class AgreePages(Controller):
    path = "/agree/{token:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)
    response_headers = NO_STORE

    @get()
    async def show_agree(self, look: Reading, token: Token) -> Response[Any]:
        """Asks before it does it: programs that look through letters open every link."""
        await service.find_asked(look, token)
        return page("adverts/agree.html", token=token, is_agreed=False)

    @post(status_code=200)
    async def agree(self, uow: Work, token: Token) -> Response[Any]:
        await service.confirm(uow, token)
        return page("adverts/agree.html", token=token, is_agreed=True)


async def load_own(look: Look) -> guests.Guest:
    """Raises SignInNeeded."""
    if look.actor.id is None:
        raise SignInNeeded("Authentication required")
    return await guests.load_guest(look, look.actor.id)


async def list_switches(look: Look, guest: guests.Guest) -> list[Switch]:
    recipients = {way: await recipient_of(look, guest, way) for way in Way}
    asked = [(way, one) for way, one in recipients.items() if one is not None]
    verdicts = await find_verdicts(look, asked)
    return [
        Switch(
            way,
            ASKED[way],
            "" if way is Way.PUSH else recipient,
            is_on=verdicts[way, recipient] == ALLOWED,
            is_asked=await service.is_asked(look, way, recipient),
        )
        for way, recipient in asked
    ]


async def recipient_of(look: Look, guest: guests.Guest, way: Way) -> str | None:
    """Where this guest is reached so; None if they are not."""
    if way is Way.MAIL:
        return guest.email
    if way is Way.PUSH:
        return guest.id
    if not guest.phone or (await texting.load_text_terms(look)).is_off:
        return None
    try:
        return texting.read_number(guest.phone, await country_of(look))
    except texting.NumberRefused:
        return None
