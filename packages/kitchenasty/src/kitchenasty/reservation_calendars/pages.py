"""The doors for calendars, which come again and again, and are told when nothing is new."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, HeaderParameter

from kitchenasty import locations, reservations
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, site_of
from kitchenasty.reservation_calendars import calendar_file, service
from kitchenasty.reservations import Reservation

KnownEtag = Annotated[
    str | None, HeaderParameter(name="If-None-Match", required=False, max_length=400)
]


@get(
    "/calendar/{capability:str}/reservations.ics",
    opt=access(Access.PUBLIC),
    include_in_schema=False,
)
async def show_calendar(
    request: WebRequest, principal: Actor, capability: FromPath[str], known: KnownEtag = None
) -> Response[Any]:
    """The reservations of a house, for whoever has its link."""
    books: Books = request.app.state.books
    async with books.reading(principal) as look:
        house_id, shows_details = await service.open_link(look, capability)
        house = await locations.load_house(look, house_id)
        listed = await service.list_window(look, house_id)
    etag = etag_of(house, listed, shows_details=shows_details)
    headers = {"etag": etag, "cache-control": "no-store"}
    if known is not None and etag in known:
        return Response(None, status_code=304, headers=headers)
    # A full year of a large house takes a second to write, which others need not wait for.
    text = await asyncio.to_thread(
        calendar_file.house_file, house, listed, shows_details=shows_details
    )
    return Response(text, media_type=calendar_file.MEDIA_TYPE, headers=headers)


@get("/r/{capability:str}/reservation.ics", opt=access(Access.PUBLIC), include_in_schema=False)
async def save_to_calendar(
    look: Reading, request: WebRequest, capability: FromPath[str]
) -> Response[bytes]:
    """The file that came with the letter, as the reservation stands now."""
    opened = await reservations.open_reservation(look, capability)
    house = await locations.load_house(look, opened.house_id)
    link = f"{site_of(request)}/r/{capability}"
    return Response(
        calendar_file.guest_file(house, opened, link),
        media_type=f"{calendar_file.MEDIA_TYPE}; method={calendar_file.method_of(opened)}",
        headers={
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="{calendar_file.FILE_NAME}"',
        },
    )


def etag_of(house: locations.House, listed: list[Reservation], *, shows_details: bool) -> str:
    """Of what the file is made from, so that it need not be made to know it."""
    told = [(one.id, one.version, one.guest_name) for one in listed]
    place = (house.name, house.address, house.city, house.zone, house.email)
    made_from = msgspec.json.encode([told, place, shows_details, current_locale.get()])
    return f'"{sha256(made_from).hexdigest()[:32]}"'
