"""A page that is worked with keys alone, and looked at in both schemes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

from tests.browser.visitor import AXE_RULES, axe_violations, tab_to

FITS = "() => document.documentElement.scrollWidth <= innerWidth"
LOOKS = (("dark", ("color-contrast",)), ("light", AXE_RULES))


@dataclass(frozen=True)
class Keys:
    """A page that nobody touches but with keys."""

    page: Page

    async def press(self, wanted: Locator, key: str = "Enter") -> None:
        await self.page.wait_for_load_state("load")
        await tab_to(self.page, wanted)
        await self.page.keyboard.press(key)

    async def fill(self, name: str, text: str, *, within: str = "main") -> None:
        """What stands in the field goes."""
        await self.page.wait_for_load_state("load")
        await tab_to(self.page, self.page.locator(f"{within} [name='{name}']"))
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.type(text)

    async def go(self, name: str) -> None:
        await self.press(self.page.get_by_role("link", name=name, exact=True).first)

    async def check(self) -> None:
        """Nothing is wrong with the page, in either scheme, and it is no wider than the screen."""
        await self.page.wait_for_load_state("load")
        # From its top: below it the bar that stays in sight may lie over half a field.
        await self.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        for scheme, rules in LOOKS:
            wanted: Any = scheme
            await self.page.emulate_media(color_scheme=wanted, reduced_motion="reduce")
            found = await axe_violations(self.page, rules=rules)
            assert found == [], f"{self.page.url} {scheme}: {found}"
        assert await self.page.evaluate(FITS), self.page.url
