"""The composition root: the one place that knows every slice and hands the parts to each other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from basis.errors import DomainError
from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.data import jobs, outbox
from basis.kit.http.whole_bodies import WholeBodies
from basis.kit.limits import Limits
from basis.kit.pages import files
from swarmhaul import identity, market, sessions, stream
from swarmhaul.api import access, health, openapi, web
from swarmhaul.kit.books import Books, UnitOfWork
from swarmhaul.kit.config import Config
from swarmhaul.market.about_routes import show_market
from swarmhaul.market.jobs import REGULAR as MARKET_CHORES
from swarmhaul.market.jobs import errands_of
from swarmhaul.market.rail_routes import RailApi
from swarmhaul.market.routes import BidsApi, JobsApi, show_economy
from swarmhaul.market.simulation_routes import show_simulation
from swarmhaul.observatory import economy_pages, name_pages, pages, showing
from swarmhaul.reputation.routes import ObservationsApi, ReputationApi
from swarmhaul.stream.routes import EventsApi
from swarmhaul.tools.routes import ToolsApi

API_VERSION = "1.0.0"
BODY_BYTES_MAX = 20_000
HERE = Path(__file__).parent
EVERYBODY = access.needs(access.Needs.NOTHING)

DOORS: list[ControllerRouterHandler] = [
    health.HealthDoors,
    openapi.show_description,
    show_market,
    show_economy,
    JobsApi,
    BidsApi,
    RailApi,
    ReputationApi,
    ObservationsApi,
    EventsApi,
    ToolsApi,
    show_simulation,
    showing.show_stylesheet,
    pages.show_map,
    pages.show_jobs,
    pages.show_job,
    name_pages.show_agents,
    name_pages.show_agent,
    name_pages.show_model,
    economy_pages.show_economy,
    *files.static_routers(HERE, EVERYBODY),
]
REFUSING = web.EXCEPTION_HANDLERS | {
    DomainError: showing.answer_refusal,
    HTTPException: showing.answer_http_exception,
}
SUBSCRIPTIONS = [outbox.Subscription("stream", market.TOPICS, stream.keep)]
REGULAR = [
    jobs.Every(3_600, jobs.Job("nonces.forget", identity.forget_expired)),
    jobs.Every(3_600, jobs.Job("sessions.forget", sessions.forget_sessions)),
    jobs.Every(86_400, jobs.Job("outbox.forget", outbox.forget_old_events)),
    jobs.Every(86_400, jobs.Job("jobs.forget", jobs.forget_old_jobs)),
    jobs.Every(86_400, jobs.Job("stream.forget", stream.forget_old_messages)),
    *MARKET_CHORES,
]


def create_app(config: Config, books: Books, venue: market.Venue) -> Litestar:
    """The whole application over opened books and a rail. Raises RuntimeError for a route of which
    nobody said whose key it needs.
    """
    return equip(join_doors(), config, books, venue)


def join_doors() -> Litestar:
    """Every door under its path, checked and described, and nothing behind them yet."""
    app = Litestar(
        route_handlers=DOORS,
        guards=[access.guard],
        exception_handlers=REFUSING,  # type: ignore[arg-type]  # by class, as documented
        template_config=TemplateConfig(instance=showing.create_templates()),
        openapi_config=describe_api(),
        request_max_body_size=BODY_BYTES_MAX,
        logging_config=None,
    )
    access.check_declared(app)
    return app


def equip(app: Litestar, config: Config, books: Books, venue: market.Venue) -> Litestar:
    """Put the market behind the doors."""
    app.state = State(
        {
            "config": config,
            "books": books,
            "venue": venue,
            "limits": Limits(enabled=config.rate_limits),
            "bell": stream.Bell(),
            "followers": set(),
        }
    )
    # Around the router too: what it refuses by itself (404, 405) is an answer like any other.
    app.asgi_handler = web.Edge(WholeBodies(app.asgi_handler, bytes_max=BODY_BYTES_MAX))
    return app


def describe_api() -> OpenAPIConfig:
    """OpenAPI 3.1 from the types of the routes, at /api/openapi.json."""
    return OpenAPIConfig(
        title="SwarmHaul",
        version=API_VERSION,
        use_handler_docstrings=True,
        render_plugins=[openapi.WHOLE_JSON],
        openapi_router=Router(
            path="/api/openapi",
            route_handlers=[],
            include_in_schema=False,
            opt=EVERYBODY,
        ),
    )


@contextlib.asynccontextmanager
async def background_work(
    books: Books, venue: market.Venue, bell: stream.Bell
) -> AsyncIterator[None]:
    """The dispatcher, the worker and whoever reads the rail, until the block ends."""

    async def ring(_uow: UnitOfWork) -> None:
        bell.ring()

    deliveries = Dispatcher(books, SUBSCRIPTIONS, ring)
    chores = Worker(books, errands_of(venue), REGULAR)
    tasks = [
        asyncio.create_task(deliveries.run_forever(), name="dispatcher"),
        asyncio.create_task(chores.run_forever(), name="worker"),
        asyncio.create_task(market.follow_forever(books, venue), name="rail"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
