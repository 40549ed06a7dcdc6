"""An evening at the demo's house: a guest orders by phone, the kitchen cooks, the guest watches."""

import re
import time

import pytest
from playwright.async_api import Page, Request, expect

from tests.browser.conftest import OpenPage
from tests.browser.visitor import axe_violations, sign_in
from tests.server import Server

HOUSE = "/at/mill-lane"
PAGES_FOR_GUESTS = ("/", "/locations", HOUSE, f"{HOUSE}/cart", "/sign-in")
PAGES_FOR_STAFF = (
    "/admin",
    "/admin/orders",
    "/admin/staff",
    "/admin/me",
    "/admin/me/second-factor",
    "/kitchen",
)
FIRST_LOAD_BYTES_MAX = 60_000
STEPS = ("CONFIRMED", "PREPARING", "READY", "COMPLETED")


async def choose_a_dish(page: Page) -> None:
    """Into the cart with the first dish that is served now and asks about options."""
    with_options = page.locator(".dish:not(.away):not(:has(form)) h3 a")
    await with_options.first.click()
    await page.wait_for_url("**/dish/**")
    for choice in await page.locator("form[data-dish] input[type=checkbox]").all():
        await choice.check()
        break
    await page.locator("form[data-dish] button.main").click()


async def check_out(page: Page) -> None:
    """From the cart to the confirmation, paying at the counter."""
    await page.goto(f"{HOUSE}/checkout")
    await page.get_by_label("Name", exact=True).fill("Ines Prager")
    await page.get_by_label("Phone").fill("+353 1 555 0199")
    method = page.locator('input[name="method"]')
    if await method.count():
        await method.first.check()
    await page.get_by_role("button", name="Order and pay later").click()
    await page.wait_for_url("**/t/**")


async def test_a_guest_orders_on_a_phone_and_watches_the_kitchen_cook(
    open_page: OpenPage, server: Server
) -> None:
    board = await open_page("/sign-in")
    await sign_in(board, server.url, "cook")
    await board.goto("/kitchen")
    await board.get_by_role("main").get_by_text("Mill Lane").first.click()
    await board.locator("#board[data-ready]").wait_for()
    waiting = board.locator('[data-column="PENDING"] [data-id]')
    known = await waiting.evaluate_all("all => all.map((one) => one.dataset.id)")

    guest = await open_page(HOUSE, phone=True)
    await choose_a_dish(guest)
    await check_out(guest)
    ordered_at = time.monotonic()
    await expect(waiting).to_have_count(len(known) + 1)
    print(f"J1: the kitchen saw the order {time.monotonic() - ordered_at:.2f} s after the guest")
    now = await waiting.evaluate_all("all => all.map((one) => one.dataset.id)")
    (order_id,) = set(now) - set(known)

    before = await guest.locator("main").inner_text()
    for status in STEPS:
        tap = board.locator(f'[data-id="{order_id}"] .advance')
        await tap.click()
        if status == "COMPLETED":
            await expect(tap).to_contain_text("tap again")
            await tap.click()
        else:
            moved = board.locator(f'[data-column="{status}"] [data-id="{order_id}"]')
            await expect(moved).to_be_visible()
        await expect(guest.locator("main")).not_to_have_text(before, use_inner_text=True)
        before = await guest.locator("main").inner_text()


async def test_a_guest_orders_without_javascript(open_page: OpenPage) -> None:
    page = await open_page(HOUSE, phone=True, javascript=False)
    await choose_a_dish(page)
    await check_out(page)
    await expect(page.locator("main")).to_contain_text("We have your order")


async def test_the_first_visit_is_light(open_page: OpenPage) -> None:
    page = await open_page("/sign-in", phone=True)
    sizes: dict[str, int] = {}

    async def weigh(request: Request) -> None:
        if request.resource_type != "image":
            measured = await request.sizes()
            sizes[request.url] = measured["responseBodySize"] + measured["responseHeadersSize"]

    page.on("requestfinished", weigh)
    await page.goto(HOUSE, wait_until="networkidle")
    total = sum(sizes.values())
    print(f"J2: the first visit weighs {total} bytes without pictures in {len(sizes)} answers")
    assert 0 < total <= FIRST_LOAD_BYTES_MAX, sizes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES_FOR_GUESTS)
async def test_axe_finds_nothing_on_pages_for_guests(
    open_page: OpenPage, path: str, scheme: str
) -> None:
    page = await open_page(path, phone=True, color_scheme=scheme)
    assert await axe_violations(page) == []


@pytest.mark.parametrize("path", PAGES_FOR_STAFF)
async def test_axe_finds_nothing_on_pages_for_staff(
    open_page: OpenPage, server: Server, path: str
) -> None:
    page = await open_page("/sign-in")
    await sign_in(page, server.url, "owner")
    await page.goto(path)
    await expect(page).to_have_url(re.compile(re.escape(path)))
    assert await axe_violations(page) == []
