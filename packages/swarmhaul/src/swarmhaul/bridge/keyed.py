"""The tools of a market for somebody who is not given the key: it signs here, within limits, and
never leaves this process.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from basis.errors import DomainError
from swarmhaul.bridge.desk import Desk, refusal
from swarmhaul.bridge.own_tools import OWN_TOOLS, SIGNING, OwnTool
from swarmhaul.bridge.purse import SigningLimits
from swarmhaul.bridge.wishes import Wish, stated
from swarmhaul.client import Dealer, MarketLies
from swarmhaul.protocol import Answer, Arguments, NoSuchTool, hints, read_arguments, schema_of

logger = structlog.get_logger(__name__)

BINDS = "session.bind"
SESSION_SECONDS = 8 * 3_600
OVER = frozenset({"NoSuchSession", "SessionOver"})
WALLET = "swarmhaul_my_wallet"


class NoWish(Arguments, frozen=True, kw_only=True):
    """It takes none."""


@dataclass(slots=True)
class KeyedDesk:
    """One wish at a time: what is counted is what was signed."""

    desk: Desk
    dealer: Dealer
    limits: SigningLimits
    session: str | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    own: Mapping[str, OwnTool] = field(default_factory=lambda: {one.name: one for one in OWN_TOOLS})

    async def list_tools(self) -> Sequence[Mapping[str, Any]]:
        theirs = {tool["name"]: tool for tool in await self.desk.list_tools()}
        told: list[Mapping[str, Any]] = [
            tool for name, tool in theirs.items() if name not in SIGNING and name not in self.own
        ]
        told += [
            tool.describe(theirs.get(tool.by, {}).get("outputSchema")) for tool in self.own.values()
        ]
        return [*told, wallet_tool()]

    async def use(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Raises NoSuchTool."""
        if name in SIGNING:
            raise NoSuchTool
        tool = self.own.get(name)
        if tool is None and name != WALLET:
            return await self.desk.use(name, arguments)
        try:
            if tool is None:
                read_arguments(name, arguments, NoWish)
                return await self.show_wallet()
            wish = read_arguments(name, arguments, tool.takes)
            async with self.turn:
                return await self.grant(tool, wish)
        except DomainError as error:
            return refusal(error.code, error.sentence, error.details)

    async def grant(self, tool: OwnTool, wish: Wish) -> Answer:
        """Sign it and give it to the market. Raises OverLimit, and what the market raises."""
        self.limits.check(locks=wish.locks, names=wish.names)
        if self.session is None:
            self.session = await self.begin(self.limits.left)
        signed = await tool.sign(self.dealer, wish)
        left = self.limits.left
        self.limits.spent += wish.locks
        answer = await self.desk.use(tool.by, {"session": self.session, **signed})
        if answer.is_refusal and json.loads(answer.text).get("code") in OVER:
            self.session = await self.begin(left)
            answer = await self.desk.use(tool.by, {"session": self.session, **signed})
        return answer

    async def begin(self, left: int) -> str:
        """Bind a session of our own, for no more than is left. Raises MarketLies."""
        challenge = json.loads(accepted(await self.desk.use("swarmhaul_ask_challenge", {})))
        if (challenge["market"], challenge["purpose"]) != (self.dealer.about.market, BINDS):
            raise MarketLies("The market asks for a signature for something else than a session.")
        terms = {
            "session": challenge["session"],
            "challenge": challenge["challenge"],
            "ends_at": self.dealer.now() + SESSION_SECONDS,
            "limits": {
                "once_max": min(self.limits.once_max, left),
                "total_max": left,
                "bid_max": self.limits.bid_max,
            },
        }
        signed = stated(self.dealer, BINDS, terms)
        bound = json.loads(accepted(await self.desk.use("swarmhaul_bind_session", signed)))
        logger.info("session.bound", session=bound["id"], key=self.dealer.me)
        session: str = bound["id"]
        return session

    async def show_wallet(self) -> Answer:
        told = {
            "key": self.dealer.me,
            "balance": await self.dealer.read_balance(),
            "left": self.limits.left,
            "once_max": self.limits.once_max,
            "bid_max": self.limits.bid_max,
        }
        return Answer(json.dumps(told))


class NotBegun(DomainError):
    """The market would not begin a session."""


def accepted(answer: Answer) -> str:
    """Raises NotBegun."""
    if answer.is_refusal:
        raise NotBegun(f"The market would not begin a session: {answer.text[:500]}")
    return answer.text


def wallet_tool() -> dict[str, Any]:
    return {
        "name": WALLET,
        "title": "Show my wallet",
        "description": "The public key that signs here, its balance on the rail, and what it may "
        "still sign: `left` in all, `once_max` for one job, `bid_max` for one bid; in lamports.",
        "inputSchema": schema_of(NoWish),
        "annotations": hints(only_reads=True, is_destructive=False),
    }
