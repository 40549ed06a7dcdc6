"""Jobs and bids over HTTP: anybody reads, and whoever signed changes what is theirs."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, PathParameter, QueryParameter

from basis.kit.http.doors import AnyRequest
from swarmhaul.api.access import Ask, Needs, books_of, needs, provide_signed
from swarmhaul.identity import Signed
from swarmhaul.kit.actors import Actor
from swarmhaul.market.escrow import open_escrow
from swarmhaul.market.queries import (
    BIDS_MAX,
    FIRST_ID,
    JOBS_MAX,
    count_jobs,
    list_bids,
    list_jobs,
    load_bid,
    load_job,
)
from swarmhaul.market.schemas import BidView, JobView
from swarmhaul.market.service import list_job, place_bid, withdraw_bid
from swarmhaul.market.states import JobStatus
from swarmhaul.market.terms import (
    BID,
    LIST,
    LIVES_SECONDS_MAX,
    WITHDRAW,
    ListJob,
    PlaceBid,
    WithdrawBid,
)

Statement = NamedDependency[Signed]
IdInPath = Annotated[str, PathParameter(max_length=36)]
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

LISTS = Ask(LIST, "whoever ships", LIVES_SECONDS_MAX[LIST], ListJob)
BIDS = Ask(BID, "whoever carries", LIVES_SECONDS_MAX[BID], PlaceBid)
WITHDRAWS = Ask(WITHDRAW, "whoever placed the bid", LIVES_SECONDS_MAX[WITHDRAW], WithdrawBid)


class JobsPage(msgspec.Struct, kw_only=True):
    """Jobs, the newest first. `before` leads to older ones; None: there are none."""

    jobs: list[JobView]
    before: str | None


class BidsOfJob(msgspec.Struct, kw_only=True):
    """The oldest first. `after` leads to later ones; None: there are none."""

    bids: list[BidView]
    after: str | None


class Economy(msgspec.Struct, kw_only=True):
    """How many jobs there are of each status, and what was paid to couriers, in lamports."""

    jobs: dict[str, int]
    paid: int


class JobsApi(Controller):
    path = "/api/jobs"
    tags = ["Jobs"]
    dependencies = {"signed": Provide(provide_signed)}

    @get(opt=needs(Needs.NOTHING), operation_id="ListJobs")
    async def show_jobs(
        self,
        request: AnyRequest,
        status: FromQuery[JobStatus | None] = None,
        before: Annotated[str, QueryParameter(max_length=36)] = LAST_ID,
        limit: Annotated[int, QueryParameter(ge=1, le=JOBS_MAX)] = 20,
    ) -> JobsPage:
        async with books_of(request).reading() as look:
            jobs = await list_jobs(look, status=status, before=before, limit=limit)
        return JobsPage(jobs=jobs, before=jobs[-1].id if len(jobs) == limit else None)

    @get("/{job_id:str}", opt=needs(Needs.NOTHING), operation_id="ShowJob")
    async def show_job(self, request: AnyRequest, job_id: IdInPath) -> JobView:
        async with books_of(request).reading() as look:
            return await load_job(look, job_id)

    @get("/{job_id:str}/bids", opt=needs(Needs.NOTHING), operation_id="ListBids")
    async def show_bids(
        self,
        request: AnyRequest,
        job_id: IdInPath,
        after: Annotated[str, QueryParameter(max_length=36)] = FIRST_ID,
        limit: Annotated[int, QueryParameter(ge=1, le=BIDS_MAX)] = BIDS_MAX,
    ) -> BidsOfJob:
        """With the bytes and signatures that prove them, so an award can be checked."""
        async with books_of(request).reading() as look:
            await load_job(look, job_id)
            bids = await list_bids(look, job_id, after=after, limit=limit)
        return BidsOfJob(bids=bids, after=bids[-1].id if len(bids) == limit else None)

    @post(opt=needs(Needs.STATEMENT, LISTS), operation_id="ListJob")
    async def list_job(self, request: AnyRequest, signed: Statement) -> JobView:
        """The budget is locked before this answers, or the job is refused."""
        books, venue = books_of(request), request.app.state.venue
        async with books.writing(Actor(signed.signer)) as uow:
            job_id = await list_job(uow, signed, venue)
        refusal = await open_escrow(books, venue, job_id)
        if refusal is not None:
            raise refusal
        async with books.reading() as look:
            return await load_job(look, job_id)


class BidsApi(Controller):
    path = "/api/bids"
    tags = ["Bids"]
    dependencies = {"signed": Provide(provide_signed)}

    @get("/{bid_id:str}", opt=needs(Needs.NOTHING), operation_id="ShowBid")
    async def show_bid(self, request: AnyRequest, bid_id: IdInPath) -> BidView:
        async with books_of(request).reading() as look:
            return await load_bid(look, bid_id)

    @post(opt=needs(Needs.STATEMENT, BIDS), operation_id="PlaceBid")
    async def place_bid(self, request: AnyRequest, signed: Statement) -> BidView:
        async with books_of(request).writing(Actor(signed.signer)) as uow:
            bid_id = await place_bid(uow, signed)
            return await load_bid(uow, bid_id)

    @post("/withdrawals", opt=needs(Needs.STATEMENT, WITHDRAWS), operation_id="WithdrawBid")
    async def withdraw_bid(self, request: AnyRequest, signed: Statement) -> BidView:
        async with books_of(request).writing(Actor(signed.signer)) as uow:
            bid_id = await withdraw_bid(uow, signed)
            return await load_bid(uow, bid_id)


@get("/api/economy", opt=needs(Needs.NOTHING), tags=["Jobs"], operation_id="ShowEconomy")
async def show_economy(request: AnyRequest) -> Economy:
    async with books_of(request).reading() as look:
        counts = await count_jobs(look)
    return Economy(
        jobs={status: count for status, count, _ in counts},
        paid=sum(paid for _, _, paid in counts),
    )
