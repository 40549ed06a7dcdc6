"""The API's door to the whole menu of a house."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.params import HeaderParameter, QueryParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.menu.answers import MenuAnswers
from kitchenasty.menu.schemas import MenuView

HouseId = Annotated[str, QueryParameter(name="locationId", max_length=64)]
KnownEtag = Annotated[
    str | None, HeaderParameter(name="If-None-Match", required=False, max_length=400)
]
OLD = '110 - "The books cannot be reached just now: this menu is from before"'


class MenuApi(ApiController):
    path = "/api/menu"
    tags = ["Menu"]

    @get(opt=access(Access.PUBLIC), operation_id="ShowMenu")
    async def show_menu(
        self, request: WebRequest, house_id: HouseId, known: KnownEtag = None
    ) -> Response[Envelope[MenuView]]:
        """Everything that a house sells, in one answer; 304 if the client has it already."""
        state = request.app.state
        answers: MenuAnswers = state.menu_answers
        answer = await answers.find(state.books, house_id)
        headers = {"etag": answer.etag, "cache-control": "no-cache"}
        if answer.is_old:
            headers["warning"] = OLD
        if known is not None and answer.etag in known:
            return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]
        content = answer.content
        return Response(content, media_type="application/json", headers=headers)  # type: ignore[arg-type]  # encoded already
