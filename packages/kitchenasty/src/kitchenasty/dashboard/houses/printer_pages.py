"""The docket printers of a house: whether they print, what waits, and what came out last."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.ids import is_id, new_id
from basis.kit.http.wire import Form
from basis.sentences import word
from kitchenasty import locations, printing
from kitchenasty.dashboard.houses.frame import HERE, Tab, house_page
from kitchenasty.dashboard.typed_numbers import whole_in
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to
from kitchenasty.printing import Printer, PrinterDraft, PrintoutState, Trouble

HouseId = Annotated[str, PathParameter(max_length=64)]
PrinterId = Annotated[str, PathParameter(max_length=64)]
PrintoutId = Annotated[str, PathParameter(max_length=64)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
TROUBLES = {
    Trouble.AWAY: word("Nobody answers there. Is it switched on, and in the same network?"),
    Trouble.PAPER: word("It has no paper."),
    Trouble.COVER: word("It is open, or off line."),
    Trouble.SILENT: word(
        "It does not say whether it has printed. If it does print, untick that it answers."
    ),
    Trouble.FORBIDDEN: word(
        "Whoever keeps the server has to name this network first: KITCHENASTY_OUTGOING_NETWORKS."
    ),
}
STATES = {
    PrintoutState.WAITING: (word("On its way"), "warn"),
    PrintoutState.PRINTED: (word("Printed"), "ok"),
    PrintoutState.GIVEN_UP: (word("Given up"), "bad"),
}
WIDTHS = (
    ("32", word("58 mm, 32 letters")),
    ("42", word("80 mm, 42 letters")),
    ("48", word("80 mm, 48 letters")),
)


class PrinterTyped(Form, kw_only=True):
    """A printer as typed; `key` names a new one, `version` the one that was looked at."""

    key: Short = ""
    name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    address: Annotated[str, msgspec.Meta(max_length=255)] = ""
    port: Short = "9100"
    width: Short = "42"
    answers: Short = ""
    is_on: Short = ""
    version: Short = "1"

    def to_draft(self) -> PrinterDraft:
        """Raises NumberUnreadable."""
        return PrinterDraft(
            name=self.name,
            address=self.address,
            port=whole_in(self.port),
            width=whole_in(self.width),
            answers=bool(self.answers),
            is_on=bool(self.is_on),
        )


class PrinterPages(Controller):
    path = f"{HERE}/{{house_id:str}}/printers"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_printers(
        self, request: WebRequest, look: Reading, house_id: HouseId
    ) -> Response[Any]:
        return await show(request, look, house_id)

    @post("/")
    async def add(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[PrinterTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep_new(uow, house_id, data),
            lambda look, said: show(request, look, house_id, typed=data, refusal=said),
            refused=(Invalid, Conflict),
        )

    @get("/{printer_id:str}")
    async def show_one(
        self, request: WebRequest, look: Reading, house_id: HouseId, printer_id: PrinterId
    ) -> Response[Any]:
        return await show(request, look, house_id, printer_id=printer_id)

    @post("/{printer_id:str}")
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        printer_id: PrinterId,
        data: URLEncodedBody[PrinterTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep_changed(uow, house_id, printer_id, data),
            lambda look, said: show(
                request, look, house_id, printer_id=printer_id, typed=data, refusal=said
            ),
            refused=(Invalid, Conflict),
        )

    @post("/{printer_id:str}/remove")
    async def remove(self, uow: Work, house_id: HouseId, printer_id: PrinterId) -> Response[Any]:
        house = await locations.load_own_house(uow, house_id)
        await printing.remove_printer(uow, house.id, printer_id)
        return back_to(f"{HERE}/{house_id}/printers?told=removed")

    @post("/{printer_id:str}/test")
    async def test(
        self, request: WebRequest, principal: Actor, house_id: HouseId, printer_id: PrinterId
    ) -> Response[Any]:
        """Through the same queue as every docket, so it proves what they need."""
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: print_test(uow, house_id, printer_id),
            lambda look, said: show(request, look, house_id, printer_id=printer_id, refusal=said),
            refused=Conflict,
        )

    @post("/{printer_id:str}/printouts/{printout_id:str}/again")
    async def print_again(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        printer_id: PrinterId,
        printout_id: PrintoutId,
    ) -> Response[Any]:
        async def keep(uow: UnitOfWork) -> str:
            house = await locations.load_own_house(uow, house_id)
            await printing.print_again(uow, house.id, printer_id, printout_id)
            return f"{HERE}/{house_id}/printers/{printer_id}?told=again"

        return await keep_or_show_again(
            request,
            principal,
            keep,
            lambda look, said: show(request, look, house_id, printer_id=printer_id, refusal=said),
            refused=Conflict,
        )


async def keep_new(uow: UnitOfWork, house_id: str, form: PrinterTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    key = form.key if is_id(form.key) else None
    made = await printing.add_printer(uow, house.id, form.to_draft(), printer_id=key)
    return f"{HERE}/{house_id}/printers/{made}?told=added"


async def keep_changed(uow: UnitOfWork, house_id: str, printer_id: str, form: PrinterTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    version = whole_in(form.version)
    await printing.change_printer(uow, house.id, printer_id, form.to_draft(), version)
    return f"{HERE}/{house_id}/printers/{printer_id}?told=saved"


async def print_test(uow: UnitOfWork, house_id: str, printer_id: str) -> str:
    """Raises PrinterIsOff."""
    house = await locations.load_own_house(uow, house_id)
    printer = await printing.load_printer(uow, house.id, printer_id)
    wall = uow.now.astimezone(ZoneInfo(house.zone))
    words = translate(word("This is how dockets look: äöüß éèç ñ €"))
    body = f"{house.name}\n{printer.name}\n{wall:%d.%m.%Y %H:%M:%S}\n\n{words}"
    await printing.print_at(uow, printer, body, key=f"test:{new_id()}")
    return f"{HERE}/{house_id}/printers/{printer_id}?told=test"


async def show(
    request: WebRequest,
    look: Look,
    house_id: str,
    *,
    printer_id: str = "",
    typed: PrinterTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """All of them with the form of a new one, or one with what it printed."""
    house = await locations.load_own_house(look, house_id)
    chosen = await printing.load_printer(look, house.id, printer_id) if printer_id else None
    return house_page(
        request,
        look,
        house,
        Tab.PRINTERS,
        refusal=refusal,
        printers=await printing.list_printers(look, house.id),
        waiting=await printing.count_waiting(look, house.id),
        chosen=chosen,
        printouts=await printing.list_printouts(look, chosen.id) if chosen else [],
        form=typed or (form_of(chosen) if chosen else PrinterTyped(answers="on", is_on="on")),
        form_id=new_id(),
        widths=[(code, translate(words)) for code, words in WIDTHS],
        troubles=TROUBLES,
        states=STATES,
        told=request.query_params.get("told", ""),
    )


def form_of(printer: Printer) -> PrinterTyped:
    return PrinterTyped(
        name=printer.name,
        address=printer.address,
        port=str(printer.port),
        width=str(printer.width),
        answers="on" if printer.answers else "",
        is_on="on" if printer.is_on else "",
        version=str(printer.version),
    )
