"""The observatory in a browser: what it shows, what it hears, and a word that is signed in it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, Request, Route, expect

from basis.escrow import (
    NONCE_BYTES,
    Confirm,
    Deposit,
    Dispute,
    Envelope,
    Expire,
    JobKey,
    encode_envelope,
)
from swarmhaul.identity import SigningKey, read_key, write_key
from swarmhaul.kit.config import RailKind
from swarmhaul.market import JobStatus
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    CYD,
    SHIPPER,
    balance,
    bid,
    bid_terms,
    rail_key,
)
from tests.browser.conftest import DESK, PHONE, WAIT_MILLISECONDS
from tests.browser.market import ServedMarket, served_market
from tests.browser.visitor import Complaints, axe_violations, tab_to, watch

OpenMarket = Callable[..., Awaitable[Page]]
SECRETS = {SHIPPER.public: b"s" * 32, BEN.public: b"b" * 32}
WIDE = 640
"""Of the map, in its own units."""
ENVELOPES = "/static/observatory/envelope.js"
BUILD = """
async ([address, given]) => {
  const { confirmation, dispute, enveloped } = await import(address);
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const command = given.reason
    ? dispute({ leg: given.leg, reason: bytes(given.reason) })
    : confirmation({ leg: given.leg, courier: given.courier });
  const [signer, nonce] = [bytes(given.signer), bytes(given.nonce)];
  const whole = enveloped({ ...given, command, signer, nonce });
  return [...whole.bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
"""
HOLD = """
async ([address, given, messages]) => {
  const { confirmation, enveloped, isAboutThis } = await import(address);
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const command = confirmation(given);
  const [signer, nonce] = [bytes(given.signer), bytes(given.nonce)];
  const whole = enveloped({ ...given, command, signer, nonce });
  return Promise.all(messages.map((message) => isAboutThis(bytes(message), whole)));
}
"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def market(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServedMarket]:
    """On the chain, with a job in each state; a test that changes one makes its own."""
    async with served_market(tmp_path_factory.mktemp("market"), RailKind.SVM) as opened:
        await opened.furnish()
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def open_market(browser: Browser) -> AsyncIterator[OpenMarket]:
    """A way to open its pages; when the test is over, none may have complained."""
    heard: list[Complaints] = []
    async with AsyncExitStack() as stack:

        async def open_one(
            address: str, *, phone: bool = False, forgive: str = "", **more: Any
        ) -> Page:
            context = await browser.new_context(viewport=PHONE if phone else DESK, **more)
            stack.push_async_callback(context.close)
            context.set_default_timeout(WAIT_MILLISECONDS)
            heard.append(await watch(context))
            if forgive:
                heard[-1].forgive(forgive)
            page = await context.new_page()
            await page.goto(address)
            return page

        yield open_one
    assert [text for one in heard for text in one.left()] == []


def key_file(key: SigningKey) -> FilePayload:
    text = SECRETS[key.public].hex().encode() + b"\n"
    return {"name": "mine.key", "mimeType": "text/plain", "buffer": text}


def pages_of(market: ServedMarket) -> list[str]:
    jobs = [f"/jobs/{market.jobs[name].id}" for name in ("arrived", "disputed", "open")]
    return ["/", "/jobs", *jobs, "/agents", f"/agents/{ADA.public}", "/model", "/economy"]


@pytest.mark.parametrize(("phone", "scheme"), [(True, "dark"), (False, "light")])
async def test_every_page_can_be_used_by_everybody(
    market: ServedMarket, open_market: OpenMarket, *, phone: bool, scheme: str
) -> None:
    page = await open_market(market.url, phone=phone, color_scheme=scheme)
    for path in pages_of(market):
        await page.goto(f"{market.url}{path}")
        assert await axe_violations(page) == [], path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_the_map_is_a_list_for_those_without_script(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    page = await open_market(market.url, java_script_enabled=False)
    await expect(page.locator("#ground")).to_be_hidden()
    for name in ("arrived", "open", "in-transit", "disputed"):
        link = page.get_by_role("link", name=market.jobs[name].terms.description)
        assert await link.get_attribute("href") == f"/jobs/{market.jobs[name].id}"
    gone = market.jobs["delivered"].terms.description
    assert await page.get_by_role("link", name=gone).count() == 0


@pytest.mark.parametrize("phone", [True, False])
async def test_names_on_the_map_lie_neither_on_each_other_nor_across_its_edge(
    market: ServedMarket, open_market: OpenMarket, *, phone: bool
) -> None:
    """Several loads begin at one place; all of their names stood there, one on the other."""
    page = await open_market(market.url, phone=phone)
    names = page.locator("#ground > svg a text")
    await expect(names.first).to_be_visible()
    boxes = await names.evaluate_all(
        "(all) => all.map((one) => one.getBBox())"
        ".map((box) => [box.x, box.y, box.x + box.width, box.y + box.height])"
    )
    assert len(boxes) > 1
    for place, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= WIDE
        for other in boxes[:place]:
            is_apart = (
                left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]
            )
            assert is_apart, (boxes[place], other)


async def test_a_job_on_the_map_is_reached_with_the_keyboard(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    page = await open_market(market.url)
    job = market.jobs["open"]
    link = page.locator(f'#ground svg a[href="/jobs/{job.id}"]')
    await expect(page.locator("#ground > svg")).to_be_visible()
    await tab_to(page, page.locator("#ground > svg"))
    await page.keyboard.press("-")
    await link.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/jobs/{job.id}")


async def test_what_happens_is_shown_without_being_asked(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    job = await market.list("Ice, before it melts", is_open=True)
    page = await open_market(f"{market.url}/jobs/{job.id}")
    await expect(page.locator("#heard")).to_have_text("Live")
    await expect(page.locator("#bids")).to_have_text("0 bids")
    await page.locator("#job-legs").evaluate("(one) => { one.dataset.seen = 'before'; }")
    await bid(market.books, market.venue, CYD, bid_terms(job, 350_000, reasoning="On my way"))
    await expect(page.locator("#bids")).to_have_text("1 bid")
    await expect(page.locator("#job-bids blockquote")).to_have_text("On my way")
    focused = page.locator("#job-bids .name").first
    await focused.focus()
    await bid(market.books, market.venue, BEN, bid_terms(job, 360_000))
    await expect(page.locator("#bids")).to_have_text("2 bids")
    await expect(page.locator(f'#job-bids a[href="/agents/{CYD.public}"]')).to_be_focused()


async def test_the_shipper_confirms_in_the_browser_and_the_courier_is_paid(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    job = await market.waits_for_word("A cake with candles")
    before = balance(market.venue, BEN)
    page = await open_market(f"{market.url}/jobs/{job.id}")
    sent: list[Request] = []

    def hear(request: Request) -> None:
        sent.append(request)

    page.on("request", hear)
    confirm = page.get_by_role("button", name="I have received it")
    await expect(confirm).to_be_disabled()
    await page.locator("#field-key").set_input_files(key_file(SHIPPER))
    await confirm.click()
    await expect(page.locator("#word-said")).to_contain_text("Confirmed and paid")
    await expect(page.locator("#job-head .badge")).to_have_text("Delivered")
    await expect(page.locator("#job-money")).to_contain_text("300,000")
    assert balance(market.venue, BEN) == before + 200_000
    secret = SECRETS[SHIPPER.public]
    told = json.dumps([[one.url, one.post_data, one.headers] for one in sent])
    assert "/api/rail/commands" in told
    for spelled in (secret.hex(), base64.b64encode(secret).decode().rstrip("=")):
        assert spelled not in told


async def test_a_dispute_takes_the_hash_of_what_is_wrong_to_the_rail(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    job = await market.waits_for_word("Glasses")
    page = await open_market(f"{market.url}/jobs/{job.id}", phone=True)
    await page.locator("#field-key").set_input_files(key_file(SHIPPER))
    await page.locator("#field-reason").fill("Only one box of two – the other is lost")
    await page.get_by_role("button", name="I have not received it").click()
    await expect(page.locator("#word-said")).to_contain_text("Disputed")
    await expect(page.locator("#job-legs")).to_contain_text("Disputed")
    given = [
        entry.envelope.command
        for entry in market.venue.rail.list_entries(limit=5_000)
        if isinstance(entry.envelope.command, Dispute)
        and entry.envelope.command.job == rail_key(job)
    ]
    told = "Only one box of two – the other is lost".encode()
    assert [command.reason for command in given] == [hashlib.sha256(told).digest()]


async def test_another_key_gives_nobodys_word(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    page = await open_market(f"{market.url}/jobs/{market.jobs['arrived'].id}")
    await page.locator("#field-key").set_input_files(key_file(BEN))
    await expect(page.locator("#word-said")).to_contain_text(BEN.public)
    await expect(page.get_by_role("button", name="I have received it")).to_be_disabled()
    torn: FilePayload = {"name": "torn.key", "mimeType": "text/plain", "buffer": b"abc"}
    await page.locator("#field-key").set_input_files(torn)
    await expect(page.locator("#word-said")).to_contain_text("holds no key")
    await expect(page.get_by_role("button", name="I have received it")).to_be_disabled()


async def test_nothing_is_signed_but_what_was_meant(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    """A market that asks for a signature under something else gets none."""
    job = market.jobs["arrived"]
    page = await open_market(f"{market.url}/jobs/{job.id}")
    other = Envelope(
        command=Expire(job=rail_key(job)),
        signer=read_key(SHIPPER.public),
        expires_at=2_000_000_000,
        nonce=bytes(NONCE_BYTES),
    )
    message = base64.b64encode(market.venue.rail.message(other)).decode()

    async def lie(route: Route) -> None:
        await route.fulfill(json={"message": message})

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    await page.route("**/api/rail/message?*", lie)
    await page.locator("#field-key").set_input_files(key_file(SHIPPER))
    await page.get_by_role("button", name="I have received it").click()
    await expect(page.locator("#word-said")).to_contain_text("Nothing was signed")
    assert "POST" not in sent


async def test_the_ledger_is_told_in_the_same_way(
    tmp_path_factory: pytest.TempPathFactory, open_market: OpenMarket
) -> None:
    async with served_market(tmp_path_factory.mktemp("ledger"), RailKind.LEDGER) as market:
        market.fund()
        job = await market.waits_for_word("Onions")
        page = await open_market(f"{market.url}/jobs/{job.id}", forgive="stream|Failed to load")
        await page.locator("#field-key").set_input_files(key_file(SHIPPER))
        await page.get_by_role("button", name="I have received it").click()
        await expect(page.locator("#word-said")).to_contain_text("Confirmed and paid")
        await market.reach(job, JobStatus.DELIVERED)
        await page.goto("about:blank")


async def test_the_browser_spells_commands_as_the_rail_reads_them(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    page = await open_market(market.url)
    for number in range(8):
        key = JobKey(hashlib.sha256(b"shipper%d" % number).digest(), bytes([number] * 16))
        courier, reason = read_key(ADA.public), hashlib.sha256(b"why%d" % number).digest()
        command = (
            Dispute(job=key, leg=number, reason=reason)
            if number % 2
            else Confirm(job=key, leg=number, courier=courier)
        )
        envelope = envelope_of(command, number)
        given = spelled(envelope) | ({"reason": reason.hex()} if number % 2 else {})
        built = await page.evaluate(BUILD, [ENVELOPES, given])
        assert bytes.fromhex(built) == encode_envelope(envelope)


async def test_the_browser_holds_the_rail_to_its_command(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    """Every bit of what the chain would sign that is about the command is looked at."""
    page = await open_market(market.url)
    key = rail_key(market.jobs["arrived"])
    meant = Confirm(job=key, leg=1, courier=read_key(BEN.public))
    envelope = envelope_of(meant, 1)
    rail = market.venue.rail
    others = [
        Confirm(job=key, leg=0, courier=read_key(BEN.public)),
        Confirm(job=key, leg=1, courier=read_key(ADA.public)),
        Confirm(job=JobKey(key.shipper, bytes(16)), leg=1, courier=read_key(BEN.public)),
        Expire(job=key, courier=read_key(BEN.public)),
    ]
    messages = [rail.message(envelope), *(rail.message(envelope_of(one, 1)) for one in others)]
    messages += [rail.message(envelope_of(meant, 2)), messages[0][:-1], messages[0] + b"\0"]
    money = Deposit(wallet=read_key(BEN.public), amount=1)
    told = envelope_of(money, 1)
    messages.append(rail.message(told))
    held = await page.evaluate(
        HOLD, [ENVELOPES, spelled(envelope), [message.hex() for message in messages]]
    )
    assert held == [True] + [False] * (len(messages) - 1)


def envelope_of(command: Any, number: int) -> Envelope:
    return Envelope(
        command=command,
        signer=read_key(SHIPPER.public),
        expires_at=1_795_000_000 + number,
        nonce=hashlib.sha256(b"nonce%d" % number).digest()[:NONCE_BYTES],
    )


def spelled(envelope: Envelope) -> dict[str, Any]:
    """What the page knows of a command, in its own spelling."""
    command: Any = envelope.command
    return {
        "leg": command.leg,
        "courier": ADA.public if isinstance(command, Dispute) else write_key(command.courier),
        "signer": envelope.signer.hex(),
        "expiresAt": envelope.expires_at,
        "nonce": envelope.nonce.hex(),
        "shipper": write_key(command.job.shipper),
        "job": command.job.id.hex(),
    }


async def test_the_screws_turn_the_matcher_itself(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    job = market.jobs["delivered"]
    page = await open_market(f"{market.url}/model?job={job.id}")
    await expect(page.locator("#tried-words")).to_have_text("The same chain as was awarded.")
    await expect(page.locator("#tried-paid")).to_have_text("300,000")
    await page.locator("#field-shared").focus()
    await page.keyboard.press("End")
    await expect(page.locator("#tried-paid")).to_have_text("1,000,000")
    await expect(page.locator("#tried-back")).to_have_text("0")
    await page.locator("#field-fairness").focus()
    await page.keyboard.press("End")
    pays = page.locator("#tried-legs td:last-child")
    await expect(pays).to_have_text(["450,000", "550,000"])


async def test_the_screws_turn_without_script(
    market: ServedMarket, open_market: OpenMarket
) -> None:
    page = await open_market(
        f"{market.url}/model?job={market.jobs['delivered'].id}&shared=10000&fairness=10000",
        java_script_enabled=False,
    )
    await expect(page.locator("#tried-legs td:last-child")).to_have_text(["450,000", "550,000"])
    await page.get_by_role("button", name="Try").click()
    await expect(page.locator("#tried-paid")).to_have_text("1,000,000")
