"""A house that offers a provider, and a browser that goes there and back."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from kitchenasty import settings
from kitchenasty.kit.books import Books
from kitchenasty.openid import OPENID
from kitchenasty.openid.tests.twin import (
    CLIENT_ID,
    CLIENT_SECRET,
    Person,
    Twin,
    open_twin,
)

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "PUBLIC_URL",
    "Person",
    "Trip",
    "Twin",
    "offer",
    "open_twin",
]

PUBLIC_URL = "http://house.example"
START = "/sign-in/elsewhere"


async def offer(books: Books, twin: Twin, **more: settings.Value) -> None:
    """The owner sets the twin as the provider of this house, on the address of the tests."""
    books.given = {"PUBLIC_URL": PUBLIC_URL}
    given: dict[str, settings.Value] = {
        "provider": "other",
        "issuer": twin.url,
        "clientId": CLIENT_ID,
        "clientSecret": CLIENT_SECRET,
        "enabled": True,
        "label": "Twin",
    }
    async with books.writing() as uow:
        await settings.change(uow, OPENID, given | more)


@dataclass
class Trip:
    """A browser on its way: `client` is the house's, with its cookies."""

    client: httpx.AsyncClient
    twin: Twin

    async def leave(self, start: str = START) -> str:
        """Where the provider is."""
        answer = await self.client.get(start)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["location"]

    async def decide(self, url: str, says: str = "yes") -> str:
        """What the provider sends the browser back to, without the house's name."""
        async with httpx.AsyncClient() as browser:
            answer = await browser.post(url, data={"says": says})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix(PUBLIC_URL)

    async def whole(self, start: str = START) -> httpx.Response:
        """There, yes, and back."""
        return await self.client.get(await self.decide(await self.leave(start)))

    async def whoami(self) -> str | None:
        """The mail of whoever this browser is signed in as."""
        answer = await self.client.get("/account/data.json")
        if answer.status_code != 200:
            return None
        return str(answer.json()["sections"]["account"][0]["email"])


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
