"""Every page of the office in a real browser: sound at both sizes and in both schemes.

The pages are those of the application's own routes, and each is found as people find it: by a link
of another page. A new page that nothing leads to, or that the demo's house has nothing to show on,
fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litestar.handlers import HTTPRouteHandler

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.data.paging import Page as Paging
from kitchenasty import reservations
from kitchenasty.kit.books import open_books
from kitchenasty.kit.config import load_config
from kitchenasty.kit.http.access import handlers_of
from kitchenasty.main import create_app
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.visitor import AXE_RULES, axe_violations, sign_in

if TYPE_CHECKING:
    from playwright.async_api import APIRequestContext, Page, ViewportSize

    from tests.server import Server

GUESTS = ("/sign-in", "/at/mill-lane/reserve")  # every other page of theirs is seen elsewhere
OFFICE = ("/admin", "/kitchen")
# Something was given back of one of these orders; which one depends on who was here before.
ORDERS = ("/admin/orders?state=DELIVERED", "/admin/orders?state=PICKED_UP")
# The demo calls nobody, so nothing was delivered; the attacks of test_stored_script stand there.
DELIVERED = "/admin/webhooks/{webhook_id}/deliveries/{delivery_id}"
MANY = Paging(limit=1_000)
WIDE: ViewportSize = {"width": 1440, "height": 900}
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"], tuple[str, ...]], ...] = (
    (PHONE, "light", AXE_RULES),
    (WIDE, "dark", ("color-contrast",)),
)
LINK = re.compile(r'href="([^"#?]+)')
PARAMETER = re.compile(r"\{[^}]+\}")
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
TABLES_FIT = """
() => [...document.querySelectorAll(".scrolls")].every((one) => one.scrollWidth <= one.clientWidth)
"""


def office_routes(folder: Path) -> set[str]:
    """The addresses of the office but for files; a parameter stands in braces."""
    config = load_config({}, data_dir=folder)
    books = open_books(open_database(config.database_url), system_clock, config.secret_key)
    return {
        route.path_format
        for route, handler in handlers_of(create_app(config, books))
        if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods
        if route.path_format.startswith(OFFICE) and not Path(route.path_format).suffix
    }


def fitting(routes: Iterable[str], address: str) -> str | None:
    """Which route answers at this address: one without parameters goes first."""
    path = address.partition("?")[0]
    for route in sorted(routes, key=lambda route: route.count("{")):
        if re.fullmatch(PARAMETER.sub("[^/]+", route), path):
            return route
    return None


def kind_of(routes: Iterable[str], address: str) -> str | None:
    """What a link leads to: all dishes are of one kind, a new one is of its own."""
    route = fitting(routes, address) if address.startswith(OFFICE) else None
    is_new = address.partition("?")[0].endswith("/new")
    return f"{route} new" if route and route.endswith("}") and is_new else route


async def find_pages(request: APIRequestContext, routes: set[str]) -> dict[str, str]:
    """An address for each kind of page, followed from link to link like a visitor.

    Of the links of a page, the first of each kind is enough, but for lists of orders: all of theirs
    are followed. Files are opened too, but they are no pages: `routes` loses them.
    """
    waiting = [*ORDERS, *sorted(one for one in routes if "{" not in one)]
    found: dict[str, str] = {}
    queued = set(waiting)
    while waiting:
        address = waiting.pop(0)
        answer = await request.get(address)
        assert answer.ok, f"{address}: {answer.status}"
        kind = str(kind_of(routes, address))
        if "text/html" not in answer.headers["content-type"]:
            routes.discard(kind)
            continue
        found.setdefault(kind, address)
        links = [one for one in LINK.findall(await answer.text()) if kind_of(routes, one)]
        if address not in ORDERS:
            of_kinds = {kind_of(routes, one): one for one in reversed(links)}
            links = [one for kind, one in of_kinds.items() if kind not in found]
        waiting += [one for one in dict.fromkeys(links) if one not in queued]
        queued.update(links)
    return found


async def test_every_page_is_sound(open_page: OpenPage, server: Server, tmp_path: Path) -> None:
    """Axe finds nothing grave on a phone by day, the colours are as good at a desk by night, and
    nothing is wider than either. About 45 seconds: each page is opened once.
    """
    page = await open_page("/sign-in", phone=True, reduced_motion="reduce")
    wrong = [await check(page, address) for address in GUESTS]
    await sign_in(page, server.url, "owner")
    routes = office_routes(tmp_path)
    found = await find_pages(page.request, routes)
    found |= await find_money_pages(server.data)
    assert routes - found.keys() == {DELIVERED}, "no page of the demo's house leads there"
    wrong += [await check(page, address) for address in found.values()]
    assert [one for told in wrong for one in told] == []


async def find_money_pages(data: Path) -> dict[str, str]:
    """Where money is asked for a table: what its guest sees, and what the house sees beside it. No
    link of the office leads to a guest's own pages.
    """
    config = load_config({}, data_dir=data)
    database = open_database(config.database_url)
    await database.start()
    books = open_books(database, system_clock, config.secret_key)
    async with books.reading() as look:
        wanted = reservations.ReservationFilter()
        listed = await reservations.list_reservations(look, wanted, MANY, newest_first=True)
        asked = [one for one in listed if one.agreed is not None]
        capabilities = {one.id: reservations.capability_of(look.secret, one.id) for one in asked}
    await database.stop()
    found = {}
    for one in asked:
        kind = f"{one.status} {one.agreed and one.agreed.ask}"
        found[f"guest {kind}"] = f"/r/{capabilities[one.id]}"
        found[f"office {kind}"] = f"/admin/tables/{one.house_id}?day={one.day}&party={one.id}"
        if one.awaits_deposit:
            found["to pay"] = f"/r/{capabilities[one.id]}/deposit"
    assert "to pay" in found, "one house of the demo asks for deposits"
    return found


async def check(page: Page, address: str) -> list[str]:
    """What is wrong with it. Without motion, the colours of a scheme stand at once."""
    wrong = []
    await page.set_viewport_size(PHONE)
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = await page.goto(address)
    assert answer, address
    assert answer.ok, f"{address}: {answer.status}"
    for size, scheme, rules in LOOKS:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        wrong += [f"{address} {scheme}: {one}" for one in await axe_violations(page, rules=rules)]
        if not await page.evaluate(FITS):
            wrong.append(f"{address} is wider than {size['width']} px")
        if size is PHONE and not await page.evaluate(TABLES_FIT):
            wrong.append(f"{address}: a table moves sideways")
    return wrong
