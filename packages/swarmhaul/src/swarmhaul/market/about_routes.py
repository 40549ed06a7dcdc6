"""What one has to know before one can sign anything here."""

from __future__ import annotations

import msgspec
from litestar import get

from basis.kit.http.doors import AnyRequest, doors_of
from swarmhaul.api.access import Needs, needs
from swarmhaul.identity import write_key
from swarmhaul.market.admission import EVER_MAX, LIVE_MAX
from swarmhaul.market.rail_routes import venue_of
from swarmhaul.market.windows import AWARD_SECONDS


class Purpose(msgspec.Struct, kw_only=True):
    """A door that takes statements: where, for what, whose, and how long they may live."""

    method: str
    path: str
    purpose: str
    signer: str
    lives_seconds_max: int


class About(msgspec.Struct, kw_only=True):
    """The market's name and keys, and the figures that a job or bid is held to."""

    market: str
    coordinator: str
    arbiter: str
    rail: str
    treasury: str
    wallet_min: int
    award_seconds: int
    bids_live_max: int
    bids_ever_max: int
    purposes: list[Purpose]


@get("/api/market", opt=needs(Needs.NOTHING), tags=["System"], operation_id="ShowMarket")
async def show_market(request: AnyRequest) -> About:
    venue = venue_of(request)
    return About(
        market=venue.name,
        coordinator=venue.key.public,
        arbiter=venue.arbiter,
        rail=venue.rail_name,
        treasury=write_key(venue.rail.treasury),
        wallet_min=venue.rail.wallet_min,
        award_seconds=AWARD_SECONDS,
        bids_live_max=LIVE_MAX,
        bids_ever_max=EVER_MAX,
        purposes=[
            Purpose(
                method=method,
                path=path,
                purpose=ask.purpose,
                signer=ask.whose,
                lives_seconds_max=ask.lives_seconds_max,
            )
            for method, path, handler in doors_of(request.app)
            if (ask := handler.opt.get("ask")) is not None
        ],
    )
