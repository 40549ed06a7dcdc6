"""What guests, cooks and owners are shown of couriers, and what they can do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from basis.ids import new_code
from basis.kit.testing import SECRET_KEY
from kitchenasty import orders, staff
from kitchenasty.kit.config import Config
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import SYSTEM, Kind, Role
from kitchenasty.main import create_app
from swarmhaul.market.tests.builders import ADA, BEN, CYD
from tests.handoff.town import Town

BASE = "http://house.example"
TWO = ((ADA, 1_500_000), (BEN, 2_500_000))


@pytest.fixture
async def owner(town: Town, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of the owner; the links of guests open in it too."""
    config = Config(data_dir=tmp_path, database_url="sqlite:///never", secret_key=SECRET_KEY)
    app = create_app(config, town.books)
    app.state.outgoing = town.street
    async with town.books.writing(SYSTEM) as uow:
        email = f"{new_code(8).lower()}@house.example"
        newcomer = staff.NewMember(email=email, name="Orla", role=Role.SUPER_ADMIN)
        member = await staff.add_member(uow, newcomer, password_hash="none")
        cookie = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=member.id
        )
    headers = {"cookie": f"session={cookie}", "origin": BASE}
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as made:
        yield made


async def text_of(owner: httpx.AsyncClient, path: str) -> str:
    answer = await owner.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def link_to(order_id: str) -> str:
    return f"/t/{orders.capability_of(SECRET_KEY, order_id)}"


async def test_the_guest_follows_the_parts_of_the_way_and_says_that_it_is_here(
    town: Town, owner: httpx.AsyncClient
) -> None:
    order_id = await town.accepted()
    page = link_to(order_id)
    assert "We look for a courier." in await text_of(owner, page)
    job = await town.relay(order_id, *TWO)
    await town.accept(job, ADA, BEN)
    await town.visit()
    assert "A courier will bring it." in await text_of(owner, page)
    await town.arrive(job, 0, ADA)
    await town.confirm(job, 0, ADA, BEN)
    await town.visit()
    assert "part 2 of 2" in await text_of(owner, page)
    await town.arrive(job, 1, BEN)
    await town.visit()
    assert "I have it" in await text_of(owner, page)
    answer = await owner.post(f"{page}/brought", data={"isHere": "yes"})
    assert answer.status_code == 303
    assert "I have it" not in await text_of(owner, page)
    await town.visit()
    await town.visit()
    assert await town.status(order_id) is orders.OrderStatus.DELIVERED
    assert "4\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000 lamports" in await text_of(
        owner, f"/admin/orders/{order_id}"
    )


async def test_an_order_that_nobody_takes_is_seen_today_and_offered_for_more(
    town: Town, owner: httpx.AsyncClient
) -> None:
    order_id = await town.accepted()
    town.clock.advance(seconds=120)
    await town.relay(order_id)
    for _ in range(3):
        await town.visit()
    assert f"/admin/orders/{order_id}" in await text_of(owner, "/admin/")
    page = f"/admin/orders/{order_id}"
    assert "Nobody takes it" in await text_of(owner, page)
    refused = await owner.post(f"{page}/couriers", data={"budget": "60000000"})
    assert "more than a delivery may cost" in refused.text
    answer = await owner.post(f"{page}/couriers", data={"budget": "9000000"})
    assert answer.status_code == 303
    assert (await town.found(order_id)).budget == 9_000_000
    again = await owner.post(f"{page}/couriers", data={"budget": ""})
    assert "cannot be offered again" in again.text


async def test_an_owner_sets_the_terms_and_talks_to_the_market(
    town: Town, owner: httpx.AsyncClient
) -> None:
    page = f"/admin/houses/{town.house.id}/couriers"
    assert "Not tried yet" in await text_of(owner, page)
    assert (await owner.post(f"{page}/talk")).status_code == 303
    shown = await text_of(owner, page)
    assert "test-market" in shown
    assert (await town.terms()).key in shown
    version = (await town.terms()).version
    form = {"isOn": "on", "marketUrl": "http://market.example", "places": "D07 53.357 -6.290"}
    kept = await owner.post(page, data=form | {"version": str(version)})
    assert kept.status_code == 303
    assert "D07 53.357 -6.29" in await text_of(owner, page)
    for wrong in ({"places": "D07 here"}, {"marketUrl": "market"}, {"bidSeconds": "1"}):
        refused = await owner.post(page, data=form | {"version": str(version + 1)} | wrong)
        assert refused.status_code == 400, wrong
    old = await owner.post(page, data=form | {"version": str(version)})
    assert "Somebody has changed this meanwhile" in old.text
    town.street.is_closed = True
    assert "does not answer" in (await owner.post(f"{page}/talk")).text


async def test_who_says_it_is_not_here_is_answered_by_the_house(
    town: Town, owner: httpx.AsyncClient
) -> None:
    order_id = await town.accepted()
    job = await town.relay(order_id, (CYD, 2_000_000))
    await town.accept(job, CYD)
    await town.arrive(job, 0, CYD)
    await town.visit()
    await owner.post(f"{link_to(order_id)}/brought", data={"isHere": "no"})
    await town.visit()
    await town.visit()
    assert "please call" in await text_of(owner, link_to(order_id))
    assert "Call the guest" in await text_of(owner, f"/admin/orders/{order_id}")
