"""Files between a node and the control plane, by connections of their own beside the link: both
sides show their certificates, and nothing is held in memory.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from basis.errors import Conflict, Unavailable
from orca.link import CONTROL, SILENCE_SECONDS_MAX, Membership, calling

WAITING_SECONDS_MAX = 1_800
"""Another node may have to bring first what is asked for here."""
PART_BYTES = 1 << 18


class NotGiven(Conflict):
    """The control plane does not have it, or not for us."""


class WayLost(Unavailable):
    """The control plane cannot be reached, or was lost on the way."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One node, and the control plane it belongs to."""

    address: str
    membership: Membership

    async def fetch(self, path: str) -> AsyncGenerator[bytes, None]:
        """Raises NotGiven, WayLost."""
        async with self._asked("GET", path) as answer:
            async for part in answer.content.iter_chunked(PART_BYTES):
                yield part

    async def bring(self, path: str, parts: AsyncIterator[bytes]) -> None:
        """Raises NotGiven, WayLost, and what the parts raise."""
        async with self._asked("PUT", path, parts):
            return

    @asynccontextmanager
    async def _asked(
        self, method: str, path: str, parts: AsyncIterator[bytes] | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        context = calling(self.membership.authority, self.membership.pair)
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=SILENCE_SECONDS_MAX, sock_read=WAITING_SECONDS_MAX
        )
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(
                    method,
                    f"https://{self.address}{path}",
                    data=parts,
                    ssl=context,
                    server_hostname=CONTROL,
                ) as answer,
            ):
                if answer.status >= 400:
                    raise NotGiven((await answer.json())["refusal"])
                yield answer
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            words = str(error) or type(error).__name__
            raise WayLost(f"The control plane was lost on the way: {words}.") from error
