"""The matcher for whoever wants to turn its screws: it changes nothing, so anybody may."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from basis.kit.http.doors import AnyRequest
from basis.kit.limits import Policy
from swarmhaul.api.access import Needs, books_of, needs, permit_address
from swarmhaul.market.routes import IdInPath
from swarmhaul.market.simulating import BASIS_POINTS, STRENGTH_MAX, Simulation, Wish, simulate
from swarmhaul.matching import NUDGE_DEFAULT

# Each may take the matcher half a second.
SIMULATIONS_PER_ADDRESS = Policy("simulations-address", burst=40, interval_seconds=0.5)
Share = Annotated[int, QueryParameter(ge=0, le=BASIS_POINTS)]
Strength = Annotated[int, QueryParameter(ge=0, le=STRENGTH_MAX)]


@get(
    "/api/jobs/{job_id:str}/simulation",
    opt=needs(Needs.NOTHING),
    tags=["Jobs"],
    operation_id="SimulateMatch",
)
async def show_simulation(
    request: AnyRequest,
    job_id: IdInPath,
    strength: Strength = NUDGE_DEFAULT.strength,
    shared: Share = 0,
    fairness: Share = 7_000,
) -> Simulation:
    """Which chain the matcher would choose among the bids of a closed job, and what each leg would
    be paid, if names counted so strongly (γ) and so much of the surplus were shared out so evenly
    (α). All in basis points.
    """
    permit_address(request, SIMULATIONS_PER_ADDRESS)
    wish = Wish(strength=strength, shared=shared, fairness=fairness)
    return await simulate(books_of(request), request.app.state.venue, job_id, wish)
