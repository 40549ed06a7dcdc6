"""The server of these tests."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from litestar.datastructures import State

from basis.kit.limits import Limits
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.config import Config
from kitchenasty.kit.http import access, web
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.live import Slices, create_live
from kitchenasty.kit.live.tests.house import (
    BEAT_SECONDS,
    House,
    cast,
    list_houses,
    may_follow,
    may_watch,
    serving,
    translate,
)
from kitchenasty.kit.principals import Principal
from kitchenasty.kit.testing import AlwaysOpen


@pytest.fixture
async def house(books: Books, config: Config) -> AsyncIterator[House]:
    people = cast()

    async def recognise(_look: Look, token: str, _door: SessionKind) -> Principal | None:
        return people.get(token)

    slices = Slices({"kitchen": may_watch, "order": may_follow}, translate, list_houses)
    live = create_live(
        books, recognise=recognise, slices=slices, public_url=None, beat_seconds=BEAT_SECONDS
    )
    app = Litestar(
        route_handlers=live.routes,
        lifespan=[live.running],
        guards=[access.guard],
        middleware=[web.Edge],
        openapi_config=None,
        state=State(
            {
                "config": config,
                "books": books,
                "limits": Limits(enabled=False),
                "standing": AlwaysOpen(),
                "recognise": recognise,
                "rooms": live.rooms,
            }
        ),
    )
    async with serving(app) as port:
        yield House(books, live, port, people)
