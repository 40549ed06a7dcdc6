"""The list of guests, and one guest with orders, points, addresses and what the house remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.data.paging import Keyset, Page
from basis.kit.http.wire import Form
from kitchenasty import guests, loyalty, orders
from kitchenasty.dashboard.guests.filters import EXPORT, LIST, STATE_LABELS, Wanted
from kitchenasty.dashboard.messages import messages_to
from kitchenasty.dashboard.order_pages import cursor_or_none, list_own_houses, rows_of, zones_of
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, EveryHouseNeeded, NotAllowed, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)
from kitchenasty.kit.principals import Principal, Role

LIST_LIMIT = 50
ORDERS_SHOWN = 20
ENTRIES_SHOWN = 10
TAGS_LENGTH_MAX = guests.TAGS_MAX * (guests.TAG_LENGTH_MAX + 2)
GuestId = Annotated[str, PathParameter(max_length=64)]
NoteId = Annotated[str, PathParameter(max_length=64)]


class NoteForm(Form):
    PARAGRAPHS = frozenset({"body"})

    body: Annotated[str, msgspec.Meta(max_length=guests.NOTE_LENGTH_MAX + 100)] = ""


class AllergiesForm(Form):
    allergies: Annotated[str, msgspec.Meta(max_length=guests.ALLERGIES_LENGTH_MAX + 100)] = ""


class TagsForm(Form):
    """All of them, with commas."""

    tags: Annotated[str, msgspec.Meta(max_length=TAGS_LENGTH_MAX)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A guest in the list, with how often and when last they ordered."""

    guest: guests.ListedGuest
    regular: orders.Regular | None


class GuestPages(Controller):
    path = LIST
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/")
    async def show_guests(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        wanted = Wanted.of(request.query_params)
        after = cursor_or_none(request.query_params.get("after", ""))
        houses = await list_own_houses(look, principal)
        found = await guests.list_guests(
            look, wanted.to_filter(principal), Keyset(after, LIST_LIMIT)
        )
        return office_page(
            "dashboard/guests.html",
            request,
            principal,
            wanted=wanted,
            state_choices=[(code, translate(label)) for code, label in STATE_LABELS.items()],
            rows=await with_orders(look, found),
            zone=houses[0].zone if houses else "UTC",
            newer=wanted.address() if after else None,
            older=wanted.address(after=found[-1].cursor.to_text())
            if len(found) == LIST_LIMIT
            else None,
            export=wanted.address(path=EXPORT),
            told=request.query_params.get("told", ""),
        )

    @get("/{customer_id:str}")
    async def show_guest(
        self, request: WebRequest, look: Reading, principal: Actor, customer_id: GuestId
    ) -> Response[Any]:
        return await show(request, look, principal, customer_id)

    @post("/{customer_id:str}/allergies")
    async def keep_allergies(
        self,
        request: WebRequest,
        principal: Actor,
        customer_id: GuestId,
        data: URLEncodedBody[AllergiesForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep_allergies(uow, customer_id, data),
            lambda look, said: show(request, look, principal, customer_id, refusal=said),
            refused=guests.NoteRefused,
        )

    @post("/{customer_id:str}/tags")
    async def keep_tags(
        self,
        request: WebRequest,
        principal: Actor,
        customer_id: GuestId,
        data: URLEncodedBody[TagsForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep_tags(uow, customer_id, data),
            lambda look, said: show(request, look, principal, customer_id, refusal=said),
            refused=(guests.TagRefused, guests.TagsFull),
        )

    @post("/{customer_id:str}/notes")
    async def write_note(
        self,
        request: WebRequest,
        principal: Actor,
        customer_id: GuestId,
        data: URLEncodedBody[NoteForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: write_note(uow, customer_id, data),
            lambda look, said: show(request, look, principal, customer_id, refusal=said),
            refused=(guests.NoteRefused, guests.NotesFull),
        )

    @post("/{customer_id:str}/notes/{note_id:str}/remove")
    async def remove_note(self, uow: Work, customer_id: GuestId, note_id: NoteId) -> Response[Any]:
        await load(uow, customer_id)
        await guests.remove_note(uow, customer_id, note_id)
        return back_to(f"{LIST}/{customer_id}?told=removed#notes-title")

    @post("/{customer_id:str}/block", opt=access(Access.MANAGER, every_house=True))
    async def block(self, uow: Work, customer_id: GuestId) -> Response[Any]:
        await guests.block(uow, customer_id)
        return back_to(f"{LIST}/{customer_id}?told=blocked")

    @post("/{customer_id:str}/unblock", opt=access(Access.MANAGER, every_house=True))
    async def unblock(self, uow: Work, customer_id: GuestId) -> Response[Any]:
        await guests.unblock(uow, customer_id)
        return back_to(f"{LIST}/{customer_id}?told=unblocked")


async def keep_allergies(uow: UnitOfWork, customer_id: str, form: AllergiesForm) -> str:
    await load(uow, customer_id)
    await guests.keep_allergies(uow, customer_id, form.allergies)
    return f"{LIST}/{customer_id}?told=saved"


async def keep_tags(uow: UnitOfWork, customer_id: str, form: TagsForm) -> str:
    await load(uow, customer_id)
    tags = [one for one in form.tags.split(",") if one.strip()]
    await guests.keep_tags(uow, customer_id, tags)
    return f"{LIST}/{customer_id}?told=saved"


async def write_note(uow: UnitOfWork, customer_id: str, form: NoteForm) -> str:
    await load(uow, customer_id)
    await guests.write_note(uow, customer_id, form.body)
    return f"{LIST}/{customer_id}?told=noted#notes-title"


async def load(look: Look, customer_id: str) -> guests.ListedGuest:
    """The guest, if the acting person may see them. Raises GuestNotFound."""
    return await guests.load_listed(look, customer_id, orders.has_ordered_at)


def check_may_decide(principal: Principal) -> None:
    """An account is that of all houses. Raises EveryHouseNeeded, NotAllowed."""
    if not principal.has_role(Role.MANAGER):
        raise NotAllowed("Insufficient permissions")
    if principal.house_ids is not None:
        raise EveryHouseNeeded


def may_decide(principal: Principal) -> bool:
    return principal.has_role(Role.MANAGER) and principal.house_ids is None


async def with_orders(look: Look, found: Sequence[guests.ListedGuest]) -> list[Row]:
    regulars = await orders.summarise(look, [guest.id for guest in found])
    return [Row(guest, regulars.get(guest.id)) for guest in found]


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    customer_id: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    guest = await load(look, customer_id)
    houses = await list_own_houses(look, principal)
    is_of_all = principal.house_ids is None
    return office_page(
        "dashboard/guest.html",
        request,
        principal,
        refusal=refusal,
        guest=guest,
        **await history_of(look, guest.id),
        zones=zones_of(houses),
        zone=houses[0].zone if houses else "UTC",
        **await points_of(look, guest.id),
        addresses=await guests.list_addresses(look, guest.id),
        notes=await guests.list_notes(look, guest.id),
        tags=await guests.list_tags(look, guest.id),
        **await messages_to(look, guest.email),
        may_decide=may_decide(principal),
        may_adjust=principal.has_role(Role.MANAGER) and is_of_all,
        told=request.query_params.get("told", "") if refusal is None else "",
    )


async def history_of(look: Look, customer_id: str) -> dict[str, Any]:
    """The newest orders in the houses that the acting person may see, and what all of them cost."""
    wanted = orders.OrderFilter(customer_id=customer_id, house_ids=look.actor.house_ids)
    found = await orders.list_orders(look, wanted, Keyset(limit=ORDERS_SHOWN))
    told = [order for order in found if order.awaits_payment_until is None]
    spends = await orders.list_spends(look, customer_id)
    return {
        "rows": rows_of(told, look.now),
        "spends": spends,
        "order_count": sum(spend.orders for spend in spends),
    }


async def points_of(look: Look, customer_id: str) -> dict[str, Any]:
    entries, _ = await loyalty.list_entries(look, customer_id, Page(limit=ENTRIES_SHOWN))
    return {
        "balance": await loyalty.load_balance(look, customer_id),
        "entries": entries,
        "kinds": loyalty.KIND_WORDS,
    }
