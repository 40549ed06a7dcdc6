"""Reputation over HTTP: always somebody's view, and that somebody's log to check it by."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, QueryParameter

from basis.kit.http.doors import AnyRequest
from swarmhaul.api.access import Ask, Needs, books_of, needs, provide_signed
from swarmhaul.identity import Signed, read_key
from swarmhaul.kit.actors import Actor
from swarmhaul.reputation.queries import list_best, list_lines, load_head, load_standing
from swarmhaul.reputation.schemas import Line, Refer, Sighting, StandingView
from swarmhaul.reputation.service import (
    LIVES_SECONDS,
    REFER,
    REFERRAL_LIVES_SECONDS,
    SEEN,
    keep_line,
    refer,
)

KEY_LENGTH_MAX = 44
KeyInPath = Annotated[str, PathParameter(max_length=KEY_LENGTH_MAX)]
Observer = Annotated[str | None, QueryParameter(max_length=KEY_LENGTH_MAX)]
"""Whose view; the market's own if nobody says."""

SEES = Ask(SEEN, "the observer whose log goes on", LIVES_SECONDS, Sighting)
REFERS = Ask(REFER, "whoever knows the stranger", REFERRAL_LIVES_SECONDS, Refer)


class Standings(msgspec.Struct, kw_only=True):
    """Who stands highest with an observer."""

    observer: str
    standings: list[StandingView]


class LogPage(msgspec.Struct, kw_only=True):
    """Lines of a log, the oldest first; `seq` and `digest` are those of its last line of all."""

    observer: str
    lines: list[Line]
    seq: int
    digest: str


class ReputationApi(Controller):
    path = "/api/reputation"
    tags = ["Reputation"]
    dependencies = {"signed": Provide(provide_signed)}

    @get(opt=needs(Needs.NOTHING), operation_id="ListStandings")
    async def show_best(
        self,
        request: AnyRequest,
        observer: Observer = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> Standings:
        whose = whose_view(request, observer)
        async with books_of(request).reading() as look:
            return Standings(observer=whose, standings=await list_best(look, whose, limit=limit))

    @get("/{subject:str}", opt=needs(Needs.NOTHING), operation_id="ShowStanding")
    async def show_standing(
        self, request: AnyRequest, subject: KeyInPath, observer: Observer = None
    ) -> StandingView:
        """A stranger is estimated; nobody else's log is asked."""
        read_key(subject)
        async with books_of(request).reading() as look:
            return await load_standing(look, whose_view(request, observer), subject)

    @post("/referrals", opt=needs(Needs.STATEMENT, REFERS), operation_id="ReferStranger")
    async def refer_stranger(
        self, request: AnyRequest, signed: NamedDependency[Signed]
    ) -> StandingView:
        """The market writes it into its own log, and counts it by what it thinks of whoever refers.
        Answers how the stranger stands with the market now.
        """
        pen = request.app.state.venue.pen
        async with books_of(request).writing(Actor(signed.signer)) as uow:
            subject = await refer(uow, pen, signed)
            return await load_standing(uow, pen.key.public, subject)


class ObservationsApi(Controller):
    path = "/api/observations"
    tags = ["Reputation"]
    dependencies = {"signed": Provide(provide_signed)}

    @get(opt=needs(Needs.NOTHING), operation_id="ListObservations")
    async def show_log(
        self,
        request: AnyRequest,
        observer: Observer = None,
        since: Annotated[int, QueryParameter(ge=0, lt=1 << 40)] = 0,
    ) -> LogPage:
        whose = whose_view(request, observer)
        async with books_of(request).reading(snapshot=True) as look:
            seq, digest = await load_head(look, whose)
            lines = await list_lines(look, whose, since=since)
        return LogPage(observer=whose, lines=lines, seq=seq, digest=digest)

    @post(opt=needs(Needs.STATEMENT, SEES), operation_id="KeepObservation")
    async def keep_observation(
        self, request: AnyRequest, signed: NamedDependency[Signed]
    ) -> StandingView:
        """A line of the signer's own log; it counts for the signer and for nobody else."""
        async with books_of(request).writing(Actor(signed.signer)) as uow:
            sighting = await keep_line(uow, signed)
            return await load_standing(uow, signed.signer, sighting.subject)


def whose_view(request: AnyRequest, observer: str | None) -> str:
    """Raises KeyUnreadable."""
    key: str = observer or request.app.state.venue.key.public
    read_key(key)
    return key
