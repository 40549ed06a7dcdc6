"""Tools in plain words, in place of those that take what was signed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from swarmhaul.bridge.wishes import (
    AboutLeg,
    AboutPackage,
    Wish,
    WishToBid,
    WishToDispute,
    WishToList,
    WishToWithdraw,
    sign_acceptance,
    sign_arrival,
    sign_bid,
    sign_confirmation,
    sign_dispute,
    sign_listing,
    sign_refund,
    sign_withdrawal,
)
from swarmhaul.client import Dealer
from swarmhaul.protocol import hints, schema_of

COMMAND = "swarmhaul_give_command"
SIGNING = frozenset(
    {
        "swarmhaul_ask_challenge",
        "swarmhaul_bind_session",
        "swarmhaul_end_session",
        "swarmhaul_show_session",
        COMMAND,
    }
)
"""What the market offers to those who sign by themselves; here it is done for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTool:
    """`by` is the market's tool to which what was signed is given."""

    name: str
    by: str
    title: str
    words: str
    takes: type[Wish]
    sign: Callable[[Dealer, Any], Awaitable[dict[str, str]]]
    is_destructive: bool = True

    def describe(self, gives: Mapping[str, Any] | None) -> dict[str, Any]:
        told = {
            "name": self.name,
            "title": self.title,
            "description": self.words,
            "inputSchema": schema_of(self.takes),
            "annotations": hints(only_reads=False, is_destructive=self.is_destructive),
        }
        return told if gives is None else told | {"outputSchema": gives}


LIMITED = " It is signed here, within the limits that the owner of the key set."
OWN_TOOLS = (
    OwnTool(
        name="swarmhaul_post_task",
        by="swarmhaul_post_task",
        title="List a package",
        words="Lists a job and locks its budget (lamports) in escrow. Places are millionths of a "
        "degree; `ready_in`, `bids_for` and `deliver_within` are seconds from now." + LIMITED,
        takes=WishToList,
        sign=sign_listing,
    ),
    OwnTool(
        name="swarmhaul_submit_bid",
        by="swarmhaul_submit_bid",
        title="Submit a bid",
        words="Bids for a part of the way of a job or all of it, for `cost` lamports. Places are "
        "millionths of a degree, `pickup_until` and `arrives_by` seconds since 1970, between the "
        "job's `ready_at` and `deliver_by`. If the bid is chosen, it binds." + LIMITED,
        takes=WishToBid,
        sign=sign_bid,
        is_destructive=False,
    ),
    OwnTool(
        name="swarmhaul_withdraw_bid",
        by="swarmhaul_withdraw_bid",
        title="Withdraw a bid",
        words="Takes a bid of yours back while the window is open." + LIMITED,
        takes=WishToWithdraw,
        sign=sign_withdrawal,
    ),
    OwnTool(
        name="swarmhaul_accept_leg",
        by=COMMAND,
        title="Accept a leg",
        words="Takes a leg that was awarded to you, and the risk for your name." + LIMITED,
        takes=AboutLeg,
        sign=sign_acceptance,
    ),
    OwnTool(
        name="swarmhaul_arrive",
        by=COMMAND,
        title="Say that you arrived",
        words="Says that you are at the end of your leg with the load." + LIMITED,
        takes=AboutLeg,
        sign=sign_arrival,
    ),
    OwnTool(
        name="swarmhaul_confirm_leg",
        by=COMMAND,
        title="Confirm a leg",
        words="Says that you received the load at the end of a leg, as the courier of the next "
        "leg or, at the end, the shipper. Its courier is paid." + LIMITED,
        takes=AboutLeg,
        sign=sign_confirmation,
    ),
    OwnTool(
        name="swarmhaul_dispute_leg",
        by=COMMAND,
        title="Dispute a leg",
        words="Says that the load you should have received was not there. The arbiter rules; of "
        "your reason only a hash goes to the rail, so keep the text." + LIMITED,
        takes=WishToDispute,
        sign=sign_dispute,
    ),
    OwnTool(
        name="swarmhaul_take_back",
        by=COMMAND,
        title="Take the budget back",
        words="Ends a job of yours that was not awarded, and brings its budget back." + LIMITED,
        takes=AboutPackage,
        sign=sign_refund,
    ),
)
