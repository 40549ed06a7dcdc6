"""Receipts for the guest who has the order's link, and for the staff of its house."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from litestar import Controller, Response, get
from litestar.params import FromPath, PathParameter, QueryParameter

from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, page
from kitchenasty.orders import Order, load_order_by_capability, load_visible
from kitchenasty.receipts.escpos import to_bytes
from kitchenasty.receipts.layout import plain
from kitchenasty.receipts.printed import load_printed, print_pdf

OrderId = Annotated[str, PathParameter(max_length=64)]
PaperWidth = Annotated[Literal[58, 80], QueryParameter()]
RefundId = Annotated[str, PathParameter(max_length=64)]
OCTETS = "application/octet-stream"
NO_STORE = {"cache-control": "no-store"}


class GuestReceipts(Controller):
    """The link opens the receipt of its own order and no other."""

    path = "/t/{capability:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/receipt")
    async def show_receipt(self, look: Reading, capability: FromPath[str]) -> Response[Any]:
        order = await load_order_by_capability(look, capability)
        return await as_page(look, order, back=f"/t/{capability}", is_guest=True)

    @get("/receipt.pdf")
    async def download_pdf(self, look: Reading, capability: FromPath[str]) -> Response[bytes]:
        return await as_pdf(look, await load_order_by_capability(look, capability))

    @get("/receipt.txt")
    async def show_text(self, look: Reading, capability: FromPath[str]) -> Response[bytes]:
        return await as_text(look, await load_order_by_capability(look, capability))

    @get("/refunds/{refund_id:str}/note")
    async def show_note(
        self, look: Reading, capability: FromPath[str], refund_id: RefundId
    ) -> Response[Any]:
        order = await load_order_by_capability(look, capability)
        back = f"/t/{capability}"
        return await as_page(look, order, back=back, is_guest=True, refund_id=refund_id)

    @get("/refunds/{refund_id:str}/note.pdf")
    async def download_note(
        self, look: Reading, capability: FromPath[str], refund_id: RefundId
    ) -> Response[bytes]:
        return await as_pdf(look, await load_order_by_capability(look, capability), refund_id)

    @get("/refunds/{refund_id:str}/note.txt")
    async def show_note_text(
        self, look: Reading, capability: FromPath[str], refund_id: RefundId
    ) -> Response[bytes]:
        return await as_text(look, await load_order_by_capability(look, capability), refund_id)


class OfficeReceipts(Controller):
    """For everybody who works in the house."""

    path = "/admin/orders/{order_id:str}"
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/receipt")
    async def show_receipt(self, look: Reading, order_id: OrderId) -> Response[Any]:
        order = await load_visible(look, order_id)
        return await as_page(look, order, back=f"/admin/orders/{order.id}", is_guest=False)

    @get("/receipt.pdf")
    async def download_pdf(self, look: Reading, order_id: OrderId) -> Response[bytes]:
        return await as_pdf(look, await load_visible(look, order_id))

    @get("/receipt.txt")
    async def show_text(self, look: Reading, order_id: OrderId) -> Response[bytes]:
        return await as_text(look, await load_visible(look, order_id))

    @get("/receipt.escpos")
    async def download_escpos(
        self, look: Reading, order_id: OrderId, paper: PaperWidth = 80
    ) -> Response[bytes]:
        """Bytes for a receipt printer with paper of 58 or 80 mm."""
        printed = await load_printed(look, await load_visible(look, order_id))
        return download(to_bytes(printed.document, paper), OCTETS, "receipt.escpos")

    @get("/refunds/{refund_id:str}/note")
    async def show_note(
        self, look: Reading, order_id: OrderId, refund_id: RefundId
    ) -> Response[Any]:
        order = await load_visible(look, order_id)
        back = f"/admin/orders/{order.id}"
        return await as_page(look, order, back=back, is_guest=False, refund_id=refund_id)

    @get("/refunds/{refund_id:str}/note.pdf")
    async def download_note(
        self, look: Reading, order_id: OrderId, refund_id: RefundId
    ) -> Response[bytes]:
        return await as_pdf(look, await load_visible(look, order_id), refund_id)

    @get("/refunds/{refund_id:str}/note.txt")
    async def show_note_text(
        self, look: Reading, order_id: OrderId, refund_id: RefundId
    ) -> Response[bytes]:
        return await as_text(look, await load_visible(look, order_id), refund_id)

    @get("/refunds/{refund_id:str}/note.escpos")
    async def print_note(
        self, look: Reading, order_id: OrderId, refund_id: RefundId, paper: PaperWidth = 80
    ) -> Response[bytes]:
        """Bytes for a receipt printer with paper of 58 or 80 mm."""
        printed = await load_printed(look, await load_visible(look, order_id), refund_id)
        return download(to_bytes(printed.document, paper), OCTETS, "credit-note.escpos")


async def as_page(
    look: Look, order: Order, *, back: str, is_guest: bool, refund_id: str | None = None
) -> Response[Any]:
    printed = await load_printed(look, order, refund_id)
    answer = page(
        "receipts/receipt.html",
        document=printed.document,
        house=printed.house,
        back=back,
        here=f"{back}/receipt" if refund_id is None else f"{back}/refunds/{refund_id}/note",
        is_guest=is_guest,
    )
    answer.headers = NO_STORE
    return answer


async def as_pdf(look: Look, order: Order, refund_id: str | None = None) -> Response[bytes]:
    printed = await load_printed(look, order, refund_id)
    content = await asyncio.to_thread(print_pdf, printed)
    return download(content, "application/pdf", f"{printed.file_name}.pdf")


async def as_text(look: Look, order: Order, refund_id: str | None = None) -> Response[bytes]:
    text = plain((await load_printed(look, order, refund_id)).document)
    return Response(text.encode(), media_type="text/plain; charset=utf-8", headers=NO_STORE)


def download(content: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = NO_STORE | {"content-disposition": f'inline; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
