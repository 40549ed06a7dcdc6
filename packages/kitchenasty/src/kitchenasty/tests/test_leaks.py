"""A2 and A8: what nobody may read is in no answer, and every page carries the strict policy."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import select, update

from basis.kit.data.statements import Statement
from basis.kit.pages.policy import CSP
from kitchenasty import checkout, locations, orders, staff
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.config import Config
from kitchenasty.kit.http.frames import FRAMED, FRAMING
from kitchenasty.kit.identity import totp
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.kit.tables import every_table
from kitchenasty.promotions.tests.builders import add_coupon, add_happy_hour
from kitchenasty.tests.access_rows import PRINCIPALS
from kitchenasty.tests.access_table import TABLE
from kitchenasty.tests.scene import EMAILS, OWN, PASSWORD, Scene, Thing, knock

NOBODY: frozenset[str] = frozenset()
GUESTS = frozenset({"customer_a", "customer_b"})
OFFICE_OF_HOUSE = frozenset({"manager", "manager_here", "owner"})
STAFF_OF_HOUSE = OFFICE_OF_HOUSE | {"cook"}
OF_CUSTOMER_A = STAFF_OF_HOUSE | {"customer_a", "link"}
SIGNED_IN = STAFF_OF_HOUSE | {"customer_a", "customer_b", "cook_elsewhere", "manager_elsewhere"}
"""Each sees where they are signed in themselves; here all of them are in one place."""
OFFICE = OFFICE_OF_HOUSE | {"manager_elsewhere"}
CHAIN = frozenset({"manager", "owner"})
SECRET_COLUMNS = (
    ("staff_members", "password_hash"),
    ("customers", "password_hash"),
    ("push_followers", "endpoint"),
    ("push_followers", "auth_secret"),
    ("push_keys", "sealed"),
    ("letter_links", "token_hash"),
    ("staff_password_links", "token_hash"),
    ("staff_second_factors", "sealed_secret"),
    ("staff_recovery_codes", "code_hash"),
    ("sessions", "token_hash"),
    ("api_keys", "token_hash"),
    ("orders", "capability_hash"),
    ("orders", "name_key"),
    ("orders", "phone_key"),
    ("reservations", "capability_hash"),
    ("reservations", "name_key"),
    ("reservations", "phone_key"),
    ("waiting_parties", "capability_hash"),
    ("carts", "visitor_hash"),
    ("idempotency_keys", "body_hash"),
    ("idempotency_keys", "request_hash"),
    ("idempotency_keys", "content"),
    ("set_up_codes", "code_hash"),
)
TO_PLANT = {
    ("sessions", "user_agent"): "canary-user-agent",
    ("sessions", "address"): "canary-address",
    ("orders", "name_key"): "canary-name-key",
    ("orders", "phone_key"): "canary-phone-key",
    ("audit_rows", "address"): "canary-audit-address",
}
"""Columns whose content the scene leaves empty, or which could be found elsewhere by chance."""
SCRIPTED = re.compile(r"<script\b|\son[a-z]+\s*=", re.IGNORECASE)
INLINE = re.compile(
    r"<script(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))|<style|\bon\w+=|\bstyle=|javascript:",
    re.IGNORECASE,
)


@pytest.fixture
def config(config: Config) -> Config:
    """Without limits: from one address come more than a thousand requests within seconds."""
    return replace(config, rate_limits=False)


@dataclass(frozen=True, slots=True)
class Canary:
    """A text that stands in one place only, and who may see it."""

    words: str
    entitled: frozenset[str]


async def plant(scene: Scene) -> tuple[checkout.AcceptedOrder, list[Canary]]:
    """An order, people and rows full of canaries."""
    contact = orders.Contact(name="canary-name", email="canary@a.example", phone="canary-phone")
    customer = Principal(kind=Kind.CUSTOMER, id=scene.customer_a.id, name="Anna")
    draft = draft_of(
        scene.house.id,
        checkout.CartLine(dish_id=scene.dish_id, quantity=1, note="canary-line"),
        customer_id=scene.customer_a.id,
        order_type=orders.OrderType.PICKUP,
        contact=contact,
        note="canary-note",
    )
    async with scene.books.writing(customer) as uow:
        placed = await checkout.place_order(uow, draft)
        for table, email, phone in (
            ("customers", EMAILS["customer_b"], "canary-ben"),
            ("staff_members", EMAILS["manager"], "canary-mia"),
        ):
            people = every_table()[table]
            await uow.run(
                Statement(update(people).where(people.c.email == email).values(phone=phone))
            )
        for (table, column), words in TO_PLANT.items():
            await uow.run(Statement(update(every_table()[table]).values({column: words})))
        of_house = await plant_of_house(uow, scene.house.id)
    known = ("canary-name", "canary@a.example", "canary-phone", "canary-line", "canary-note")
    found = [Canary(words, OF_CUSTOMER_A) for words in known]
    found += [Canary("canary-ben", CHAIN | {"customer_b"}), Canary("canary-mia", OFFICE)]
    found += [Canary("manager@house.example", OFFICE), *of_house]
    found += [Canary(words, SIGNED_IN) for words in ("canary-user-agent", "canary-address")]
    found += await plant_second_factor(scene)
    found += [Canary("canary-audit-address", GUESTS | {"owner"})]
    found += [Canary(words, NOBODY) for words in await secrets_of(scene)]
    return placed, found


async def plant_second_factor(scene: Scene) -> list[Canary]:
    """The secret of the manager's phone, as it is about to be set up; and somebody's codes."""
    async with scene.books.reading() as look:
        cook = await staff.find_account(look, EMAILS["cook"], address="")
        manager = await staff.find_account(look, EMAILS["manager"], address="")
    assert cook is not None
    assert manager is not None
    async with scene.books.writing() as uow:
        factor = await staff.begin_second_factor(uow, manager.id)
        cooks = await staff.begin_second_factor(uow, cook.id)
        code = totp.code_at(cooks.secret, totp.step_of(uow.now))
        codes = await staff.confirm_second_factor(uow, cook.id, code)
        await staff.write_password_letter(uow, EMAILS["manager"])
    hidden = [*codes, totp.spell(cooks.secret), cooks.secret.hex(), factor.secret.hex()]
    seen = Canary(totp.spell(factor.secret), frozenset({"manager"}))
    return [seen, *(Canary(words, NOBODY) for words in hidden)]


async def plant_of_house(uow: UnitOfWork, house_id: str) -> list[Canary]:
    """What one house has for itself, and who works in another one has nothing to do with."""
    await add_coupon(uow, code="CANARYCOUPON", house_id=house_id)
    await add_happy_hour(uow, name="canary-promotion", house_id=house_id, is_active=False)
    await locations.add_zone(
        uow, house_id, locations.ZoneDraft(name="canary-zone", rank=1, is_active=False)
    )
    colleague = staff.NewMember(
        email="canary-cook@house.example", name="canary-cook", house_ids=(house_id,)
    )
    await staff.add_member(uow, colleague, password_hash="canary-hash")
    return [
        Canary("CANARYCOUPON", STAFF_OF_HOUSE),
        Canary("canary-promotion", OFFICE_OF_HOUSE),
        Canary("canary-zone", STAFF_OF_HOUSE),
        Canary("canary-cook", OFFICE_OF_HOUSE),
    ]


async def secrets_of(scene: Scene) -> set[str]:
    """What stands in the columns that nobody sees, the tokens themselves, and the password."""
    found = {PASSWORD, *scene.tokens.values()}
    async with scene.books.reading() as look:
        for table, column in SECRET_COLUMNS:
            column_of = every_table()[table].c[column]
            found |= {row[0] for row in await look.rows(Statement(select(column_of))) if row[0]}
    return found


async def test_what_is_not_theirs_is_in_no_answer(
    client: httpx.AsyncClient, scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """A2: every route that reads, as everybody, against every canary."""
    placed, canaries = await plant(scene)
    thing = Thing({"order_id:str": placed.id}, placed.capability)
    escaped, answers = [], 0
    for route in (route for route in TABLE if route.startswith("GET ")):
        for principal in PRINCIPALS:
            answer = await knock(client, scene, route, principal, thing)
            answers += 1
            told = answer.text + str(answer.headers)
            escaped += [
                f"{route} as {principal}: {canary.words[:40]}"
                for canary in canaries
                if canary.words in told and principal not in canary.entitled
            ]
    logged = capsys.readouterr()
    in_log = [one.words for one in canaries if one.words in logged.out + logged.err]
    print(
        f"A2: {len(canaries)} canaries, {answers} answers, {len(escaped)} escaped, "
        f"{len(in_log)} in the log"
    )
    assert len(canaries) > 40
    assert (escaped, in_log) == ([], [])


async def test_who_may_see_them_does(client: httpx.AsyncClient, scene: Scene) -> None:
    """The control: the canaries are there to be found."""
    placed, _ = await plant(scene)
    thing = Thing({"order_id:str": placed.id}, placed.capability)
    for route, principal in (
        ("GET /api/orders/{order_id:str}", "link"),
        ("GET /api/orders/my-orders", "customer_a"),
        ("GET /admin/orders/{order_id:str}", "cook"),
        ("GET /kitchen/{house_id:str}/board.json", "manager"),
    ):
        answer = await knock(client, scene, route, principal, thing)
        assert "canary-name" in answer.text, f"{route} as {principal}"
    for route, words in (
        ("GET /admin/orders.csv", "canary-name"),
        ("GET /api/coupons", "CANARYCOUPON"),
        ("GET /admin/coupons", "CANARYCOUPON"),
        ("GET /admin/promotions", "canary-promotion"),
        ("GET /admin/zones", "canary-zone"),
        ("GET /admin/staff", "canary-cook"),
        ("GET /admin/me", "canary-user-agent"),
        ("GET /api/staff", "canary-cook"),
    ):
        answer = await knock(client, scene, route, "manager_here", thing)
        assert words in answer.text, f"{route} as manager_here"


async def test_events_and_journals_carry_no_secret(scene: Scene) -> None:
    """A2: what is stored to be told later names ids, not people's secrets."""
    placed, _ = await plant(scene)
    secrets = await secrets_of(scene) | {placed.capability}
    escaped = []
    async with scene.books.reading() as look:
        for name, column in (
            ("outbox", "payload"),
            ("live_log", "body"),
            ("jobs", "payload"),
            ("notices", "facts"),
            ("audit_rows", "before"),
            ("audit_rows", "after"),
        ):
            told = await look.rows(Statement(select(every_table()[name].c[column])))
            escaped += [f"{name}.{column}" for row in told for one in secrets if one in str(row)]
    assert escaped == []


def policy_of(page: httpx.Response) -> str:
    """A letter is shown in a box where nothing runs, and may look as mail programs want it; the
    page around it may hold that box.
    """
    if not page.is_success or not page.url.path.startswith("/admin/letters/wordings/"):
        return CSP
    return FRAMED if page.url.path.endswith("/letter.html") else FRAMING


async def test_every_page_carries_the_policy(
    app: Litestar, client: httpx.AsyncClient, scene: Scene
) -> None:
    """A8: every page as everybody, and whatever is refused, has the policy and nothing inline."""
    placed = await scene.place_order()
    thing = Thing({"order_id:str": placed.id, "house:str": scene.house.slug}, placed.capability)
    pages = [
        await knock(client, scene, route, principal, thing)
        for route in TABLE
        if route.startswith("GET ") and not route.startswith("GET /api/")
        for principal in PRINCIPALS
    ]
    pages += [
        await client.get("/nowhere"),
        await client.request("DELETE", "/sign-in"),
        await client.post("/sign-in", content=b"x" * 2_500_000, headers={"origin": OWN}),
        await client.post("/sign-in", data={"email": "x"}, headers={"origin": "https://a.example"}),
        await client.post("/sign-in", data={"email": "<b>", "next": '"'}, headers={"origin": OWN}),
    ]
    app.state.books = None  # whatever a page does now is a bug
    pages.append(await client.get("/"))
    statuses = {page.status_code for page in pages}
    html = [page for page in pages if page.headers.get("content-type", "").startswith("text/html")]
    without = [
        str(page.url) for page in html if page.headers["content-security-policy"] != policy_of(page)
    ]
    inline = [
        f"{page.url}: {found}"
        for page in html
        for found in (SCRIPTED if policy_of(page) == FRAMED else INLINE).findall(page.text)
    ]
    print(
        f"A8: {len(html)} pages with statuses {sorted(statuses)}, "
        f"{len(without)} without the policy, {len(inline)} with something inline"
    )
    assert statuses >= {200, 401, 403, 404, 405, 413, 500}
    assert len(html) > 100
    assert (without, inline) == ([], [])
