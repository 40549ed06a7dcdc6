"""The kitchen's pages: choose a house, its board, and the doors that the board's script uses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.enums import MediaType
from litestar.params import JSONBody, PathParameter, URLEncodedBody

from basis.errors import Invalid
from basis.kit.data.idempotency import answer_once
from basis.kit.http.wire import ENCODER, Version, stamp
from kitchenasty import locations, menu, orders
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.kitchen import ageing, service, views
from kitchenasty.kitchen.topics import kitchen_topic
from kitchenasty.locations import BusyMode
from kitchenasty.orders import OrderStatus

SERVICE_WORKER = (Path(__file__).parent / "static" / "sw.js").read_bytes()

PathId = Annotated[str, PathParameter(max_length=64)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_440)]


class Move(msgspec.Struct, forbid_unknown_fields=True):
    to: OrderStatus
    version: Version


class MoveRefused(Invalid):
    """The move is not one that we understand."""


MOVE = msgspec.json.Decoder(Move)


class DishForm(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    is_off: bool


class BusyForm(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Minutes of 0: those that were said last, or until somebody says otherwise."""

    mode: BusyMode
    extra_minutes: Minutes = 0
    lasts_minutes: Minutes = 0


class KitchenPages(Controller):
    path = "/kitchen"
    include_in_schema = False

    @get("/", opt=access(Access.STAFF))
    async def choose_house(self, look: Reading, principal: Actor) -> Response[Any]:
        """Straight to the board for those who work in one house only."""
        houses = await locations.list_houses(look)
        mine = [house for house in houses if principal.may_see_house(house.id)]
        if len(mine) == 1:
            return back_to(f"/kitchen/{mine[0].id}")
        return page("kitchen/choose.html", houses=mine, principal=principal)

    @get("/sw.js", opt=access(Access.PUBLIC))
    async def serve_worker(self) -> Response[bytes]:
        """A service worker rules below its own path only, so it lives here."""
        return Response(
            SERVICE_WORKER, media_type="text/javascript", headers={"Cache-Control": "no-cache"}
        )

    @get("/{house_id:str}", opt=access(Access.STAFF))
    async def show_board(
        self, request: WebRequest, house_id: PathId, principal: Actor
    ) -> Response[Any]:
        async with request.app.state.books.reading(principal, snapshot=True) as look:
            board = await service.load_board(look, house_id)
            now = look.now
        shown = snapshot(request, board)
        return page(
            "kitchen/board.html",
            board=board,
            columns=columns_of(board, now),
            later=[ticket for ticket in board.tickets if ageing.is_for_later(ticket, now)],
            snapshot=msgspec.to_builtins(shown),
            now=now,
            ageing=ageing,
            following=orders.following,
            in_words=views.in_words,
            allergen_names={name: translate(name) for name in menu.ALLERGEN_NAMES.values()},
            principal=principal,
        )

    @get("/{house_id:str}/board.json", opt=access(Access.STAFF))
    async def serve_board(
        self, request: WebRequest, house_id: PathId, principal: Actor
    ) -> Response[bytes]:
        """The whole state with the seq it stands for; what the board fetches after a gap."""
        async with request.app.state.books.reading(principal, snapshot=True) as look:
            board = await service.load_board(look, house_id)
        return as_json(ENCODER.encode(snapshot(request, board)))

    @post("/{house_id:str}/tickets/{order_id:str}/move.json", opt=access(Access.STAFF, reads=Move))
    async def move_ticket(
        self,
        request: WebRequest,
        house_id: PathId,
        order_id: PathId,
        uow: Work,
        principal: Actor,
    ) -> Response[bytes]:
        """Body `{"to", "version"}` and the header Idempotency-Key: once, however often it comes."""
        body = await request.body()
        try:
            move = MOVE.decode(body)
        except msgspec.MsgspecError as error:
            raise MoveRefused(f"This is not a move: {error}") from error

        async def act() -> tuple[int, bytes]:
            moved = await service.move_ticket(
                uow, house_id, order_id, move.to, expected_version=move.version
            )
            return 200, ENCODER.encode(views.show_ticket(moved))

        answer = await answer_once(
            uow,
            scope=f"kitchen.move {principal.id} {order_id}",
            key=request.headers.get("idempotency-key", ""),
            body=body,
            act=act,
        )
        return as_json(answer.content)

    @post("/{house_id:str}/tickets/{order_id:str}/move", opt=access(Access.STAFF))
    async def move_by_form(
        self, house_id: PathId, order_id: PathId, uow: Work, data: URLEncodedBody[Move]
    ) -> Response[Any]:
        """The same without script. Pressed twice, the second finds another version and is told."""
        await service.move_ticket(uow, house_id, order_id, data.to, expected_version=data.version)
        return back_to(f"/kitchen/{house_id}")

    @post("/{house_id:str}/tickets/{order_id:str}/seen.json", opt=access(Access.STAFF))
    async def see_cancelled(self, house_id: PathId, order_id: PathId, uow: Work) -> Response[bytes]:
        """A cook has seen that the order was cancelled."""
        await service.see_cancelled(uow, house_id, order_id)
        return as_json(ENCODER.encode({"id": order_id}))

    @post("/{house_id:str}/tickets/{order_id:str}/seen", opt=access(Access.STAFF))
    async def see_cancelled_by_form(
        self, house_id: PathId, order_id: PathId, uow: Work
    ) -> Response[Any]:
        await service.see_cancelled(uow, house_id, order_id)
        return back_to(f"/kitchen/{house_id}")

    @post("/{house_id:str}/dishes/{dish_id:str}/availability.json", opt=access(Access.STAFF))
    async def set_dish_off(
        self, house_id: PathId, dish_id: PathId, uow: Work, data: JSONBody[DishForm]
    ) -> Response[bytes]:
        """Take a dish off the menu for now, or bring it back."""
        name = await service.set_dish_off(uow, house_id, dish_id, is_off=data.is_off)
        return as_json(ENCODER.encode({"id": dish_id, "name": name, "isOff": data.is_off}))

    @post("/{house_id:str}/busy.json", opt=access(Access.STAFF))
    async def set_busy(
        self, house_id: PathId, uow: Work, data: JSONBody[BusyForm]
    ) -> Response[bytes]:
        """How busy the kitchen is, from now on; 400 for more than a day."""
        house = await service.set_busy(
            uow,
            house_id,
            data.mode,
            extra_minutes=data.extra_minutes,
            lasts_minutes=data.lasts_minutes,
        )
        return as_json(ENCODER.encode(views.show_busy(house)))


def snapshot(request: WebRequest, board: service.Board) -> dict[str, Any]:
    state = request.app.state
    return {
        "topic": kitchen_topic(board.house.id),
        "houseId": board.house.id,
        "seq": board.seq,
        "at": stamp(state.books.clock()),
        "zone": board.house.zone,
        "staleSeconds": state.rooms.stale_seconds,
        "tickets": [
            views.show_ticket(ticket, column=board.cancelled.get(ticket.id))
            for ticket in board.tickets
        ],
        "off": [
            {"id": dish_id, "name": name, "isOff": True} for dish_id, name in board.off.items()
        ],
        "busy": msgspec.to_builtins(views.show_busy(board.house)),
    }


def columns_of(board: service.Board, now: Any) -> list[tuple[str, list[orders.Ticket]]]:
    due = [ticket for ticket in board.tickets if not ageing.is_for_later(ticket, now)]
    return [
        (
            status.value,
            [t for t in due if board.cancelled.get(t.id, t.status) is status],
        )
        for status in views.COLUMNS
    ]


def as_json(content: bytes) -> Response[bytes]:
    return Response(
        content, media_type=MediaType.JSON, headers={"Cache-Control": "no-store"}, status_code=200
    )
