"""X1: what people type is shown as they typed it, and never runs. About 40 seconds.

The attacks are written into the database past every door, since a door may be left open one day;
then everybody's pages are opened in a real browser that notices whatever runs.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jinja2 import Environment
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request

from basis.kit.pages.policy import CSP
from tests.browser.batch import Batch
from tests.browser.planted import FIELDS, KEPT, PAGE, text_columns
from tests.browser.planting import furnish
from tests.security.corpora import lines_of
from tests.server import Server

ATTACKS_TOGETHER = 350
OPEN_ONCE = ["/", "/locations", "/gallery", "/legal/terms", "/cookies"]
ONLY_ONCE = [
    "/admin/guests",
    "/admin/staff", "/admin/letters", "/kitchen", "/admin/keys", "/admin/site/branding",
    "/admin/rules",
    "/admin/site/front",
    "/admin/site/pictures",
    "/admin/site/gallery",
    "/admin/site/cookies",
    "/admin/site/cookies/answers",
    "/admin/site/legal",
    "/admin/site/legal/terms",
]  # fmt: skip
WAIT_MILLISECONDS = 120_000  # a busy machine is no failure
# Runs before anything of the page: whatever calls one of these was an attack that ran.
NOTICE = """
for (const name of ["alert", "confirm", "prompt", "print", "open", "msgbox"]) {
  window[name] = (...words) => { console.error(`ran: ${name}(${words})`); return null; };
}
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
# What would run at a click, and what leads away: counted in the page, since nobody clicks.
LOOK_AROUND = """
() => {
  const found = [];
  const links = ["href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post"];
  const frames = ["iframe", "object", "embed", "base", "applet", "frame", "portal", "math"];
  const look = (element, { name, value }) => {
    const said = `${name}=${value}`;
    if (name.startsWith("on") || name.startsWith("hx-on") || name === "srcdoc") found.push(said);
    if (!links.includes(name) || (value === "data:," && element.rel === "icon")) return;
    const url = new URL(value, location.href);
    const isOurs = url.protocol === "http:" && url.host === location.host;
    if (!isOurs && !["tel:", "mailto:"].includes(url.protocol)) found.push(said);
  };
  for (const element of document.querySelectorAll("*")) {
    for (const attribute of element.attributes) look(element, attribute);
    // In a frame of the office that is boxed in altogether no script runs, whatever it shows.
    const isBoxed = element.matches('iframe[sandbox=""]');
    if (frames.includes(element.localName) && !isBoxed) found.push(element.localName);
    const isData = ["application/json", "application/ld+json"].includes(element.type);
    const isScript = element.localName === "script" && !isData;
    if (isScript && !element.src) found.push(element.text);
  }
  const fields = [...document.querySelectorAll("input, textarea, [aria-label]")];
  const said = fields.map((one) => `${one.value ?? ""} ${one.ariaLabel ?? ""}`).join(" ");
  const shown = document.documentElement.textContent + said;
  return { found, shown: [...new Set(shown.match(/\\[\\w+\\.\\w+\\]/g) ?? [])] };
}
"""


@dataclass
class Watch:
    """What happened that should not."""

    ran: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    pages: int = 0

    async def over(self, context: BrowserContext, home: str) -> Page:
        context.set_default_timeout(WAIT_MILLISECONDS)
        await context.add_init_script(NOTICE)
        page = await context.new_page()
        page.on("console", self._on_console)
        page.on("dialog", self._on_dialog)
        page.on("request", lambda request: self._on_request(request, home))
        return page

    async def visit(self, page: Page, address: str) -> None:
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        around = await page.evaluate(LOOK_AROUND)
        self.found += [f"{address}: {one}" for one in around["found"]]
        self.shown |= {name.strip("[]") for name in around["shown"]}
        self.pages += 1

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith("ran: "):
            self.ran.append(message.text)
        if message.text.startswith("policy: "):
            self.refused.append(message.text)

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.ran.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _on_request(self, request: Request, home: str) -> None:
        if not request.url.startswith((home, "data:")):
            self.left.append(request.url)


def batches_of(attacks: list[str]) -> list[str]:
    """Some attacks in one text, as many as still open quickly."""
    return [
        " ".join(attacks[start : start + ATTACKS_TOGETHER])
        for start in range(0, len(attacks), ATTACKS_TOGETHER)
    ]


async def test_every_text_has_its_row() -> None:
    """A new text column needs a row in planted.py, an old row without a column must go."""
    columns = text_columns()
    assert sorted(columns - FIELDS.keys()) == []
    assert sorted(FIELDS.keys() - columns) == []


@pytest.mark.parametrize("published", [False, pytest.param(True, marks=pytest.mark.long)])
async def test_no_attack_runs_wherever_it_is_stored(
    browser: Browser, tmp_path: Path, published: bool
) -> None:
    attacks = lines_of("xss", published=published)
    batches = await asyncio.to_thread(asyncio.run, furnish(tmp_path, batches_of(attacks)))
    server = Server(tmp_path, environment={"KITCHENASTY_RATE_LIMITS": "off"})
    await asyncio.to_thread(server.start)
    watch = Watch()
    try:
        for batch in batches:
            await visit_all(browser, server, batch, watch)
        await visit(
            browser, server, watch, ["/", "/locations", "/gallery", "/legal/terms", "/cookies"], {}
        )
        staff = {"session": batches[0].staff_cookie}
        await visit(browser, server, watch, ONLY_ONCE, staff)
    finally:
        await asyncio.to_thread(server.stop)
    planted = {name for name, place in FIELDS.items() if place in (PAGE, KEPT)}
    print(
        f"X1: {len(attacks)} attacks in {len(planted)} fields on {watch.pages} pages: "
        f"{len(watch.ran)} ran, {len(watch.found)} could run at a click, "
        f"{len(watch.left)} requests left, {len(watch.refused)} refused by the policy"
    )
    assert (watch.ran, watch.found, watch.left, watch.refused) == ([], [], [], [])
    expected = {name for name, place in FIELDS.items() if place == PAGE}
    assert sorted(expected - watch.shown) == []
    assert sorted(watch.shown - expected) == []


async def visit_all(browser: Browser, server: Server, batch: Batch, watch: Watch) -> None:
    """The pages of one house, as its staff and as a guest with an account and a cart."""
    staff = {"session": batch.staff_cookie}
    guest = {"session": batch.guest_cookie, "cart": batch.visitor}
    await asyncio.gather(
        visit(browser, server, watch, batch.pages_of_staff(), staff),
        visit(browser, server, watch, batch.pages_of_guest(), guest),
    )


async def visit(
    browser: Browser, server: Server, watch: Watch, pages: list[str], cookies: dict[str, str]
) -> None:
    context = await browser.new_context(base_url=server.url, service_workers="block")
    await context.add_cookies(
        [{"name": name, "value": value, "url": server.url} for name, value in cookies.items()]
    )
    page = await watch.over(context, server.url)
    for address in pages:
        await watch.visit(page, address)
    await context.close()


CONTROLS = (
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    '<a href="javascript:alert(1)">go</a>',
    '<img src="https://evil.example/pixel">',
    "<button onclick=alert(1)>go</button>",
)


class Careless(BaseHTTPRequestHandler):
    """The control: a server that shows what was typed without escaping it."""

    def do_GET(self) -> None:
        page = (
            "<!doctype html><title>x</title>{% for one in words %}<p>{{ one|safe }}</p>{% endfor %}"
        )
        body = Environment(autoescape=True).from_string(page).render(words=CONTROLS)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == "/strict":
            self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Quiet: the requests are the test's own."""


@pytest.fixture
def careless() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def test_the_browser_would_notice(browser: Browser, careless: str) -> None:
    """The control: without escaping attacks run, and our policy alone stops and tells them."""
    bare, strict = Watch(), Watch()
    for watch, path in ((bare, "/bare"), (strict, "/strict")):
        context = await browser.new_context(base_url=careless)
        page = await watch.over(context, careless)
        await page.route("https://evil.example/**", lambda route: route.abort())
        await watch.visit(page, path)
        await page.wait_for_load_state("networkidle")
        await context.close()
    print(
        f"X1: control without escaping: {len(bare.ran)} of {len(CONTROLS)} ran, "
        f"{len(bare.found)} could run at a click; under our policy {len(strict.ran)} ran, "
        f"{len(strict.refused)} were refused and told"
    )
    assert len(bare.ran) >= 3
    assert len(bare.found) >= 6
    assert "https://evil.example/pixel" in bare.left
    assert strict.ran == []
    assert len(strict.refused) >= 4
