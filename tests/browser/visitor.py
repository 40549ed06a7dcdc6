"""A page in a browser that remembers everything that went wrong in it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Locator,
    Page,
)

AXE = Path(__file__).parents[1] / "assets" / "axe.min.js"
PASSWORD = "kitchen-demo"
GRAVE = ("serious", "critical")
AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
TABS_MAX = 150
IS_HERE = "(one) => one === document.activeElement"
# A box that is ticked may leave its ring to the label around it.
HAS_RING = """
(one) => [one, ...(one.labels ?? [])].some((shown) => {
  const look = getComputedStyle(shown);
  return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1;
})
"""
# Chromium reports what a page's policy refused as an event; the console may come later.
TELL_REFUSALS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy refused ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Complaints:
    """Errors of all pages of one context. `forgive` names those that a test provokes."""

    heard: list[str] = field(default_factory=list)
    forgiven: list[re.Pattern[str]] = field(default_factory=list)

    def forgive(self, pattern: str) -> None:
        """A refused form is a 4xx in the console, a cut cable a failed request: say which."""
        self.forgiven.append(re.compile(pattern))

    def left(self) -> list[str]:
        return [text for text in self.heard if not any(p.search(text) for p in self.forgiven)]

    def listen_to(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"{message.text} ({message.location.get('url', '')})")

    def _on_error(self, error: Error) -> None:
        self.heard.append(f"uncaught: {error.message}")


async def watch(context: BrowserContext) -> Complaints:
    """Listen to every page that this context opens."""
    complaints = Complaints()
    context.on("page", complaints.listen_to)
    await context.add_init_script(TELL_REFUSALS)
    return complaints


async def sign_in(page: Page, url: str, name: str) -> None:
    """Sign in as one of the demo's people: owner, manager, cook, waiter, courier or guest."""
    await page.goto(f"{url}/sign-in")
    await page.locator('input[name="email"]').fill(f"{name}@demo.example")
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.locator('input[name="password"]').press("Enter")
    await page.wait_for_url(lambda reached: "/sign-in" not in reached)


async def tab_to(page: Page, wanted: Locator) -> None:
    """On with Tab until it is there, and to be seen that it is."""
    await wanted.wait_for()
    for _ in range(TABS_MAX):
        if await wanted.evaluate(IS_HERE):
            assert await wanted.evaluate(HAS_RING), "nobody sees where the keyboard is"
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached in {TABS_MAX} steps")


async def axe_violations(page: Page, *, rules: Sequence[str] = AXE_RULES) -> list[str]:
    """What axe finds serious or critical on the page, one line a rule with its first places."""
    devtools = await page.context.new_cdp_session(page)
    # Through the debugger: the page's own policy would refuse an injected script.
    await evaluate(devtools, AXE.read_text(encoding="utf-8") + "; true")
    options = json.dumps({"resultTypes": ["violations"], "runOnly": rules})
    found = await evaluate(devtools, f"axe.run(document, {options})")
    await devtools.detach()
    return [
        f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes'][:3]]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
    ]


async def evaluate(devtools: CDPSession, expression: str) -> Any:
    answer = await devtools.send(
        "Runtime.evaluate",
        {"expression": expression, "awaitPromise": True, "returnByValue": True},
    )
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")
