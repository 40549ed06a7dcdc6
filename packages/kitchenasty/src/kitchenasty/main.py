"""The composition root: the one place that knows every slice and hands the parts to each other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from basis.kit.background import dispatcher, worker
from basis.kit.data import idempotency, jobs, outbox
from basis.kit.http.whole_bodies import WholeBodies
from basis.kit.limits import Limits
from basis.kit.outgoing import Outgoing
from basis.kit.pages import files
from kitchenasty import (
    accounts,
    api_keys,
    automation,
    consent,
    content,
    dashboard,
    guests,
    handoff,
    kitchen,
    locations,
    media,
    menu,
    notices,
    openid,
    paying,
    payments,
    printing,
    privacy,
    settings,
    staff,
    webhooks,
    wordings,
)
from kitchenasty.accounts.doors import DOORS as ACCOUNT_DOORS
from kitchenasty.adverts import doors as advertising
from kitchenasty.api_keys.routes import ApiKeysApi
from kitchenasty.automation import doors as ruling
from kitchenasty.checkout.charge_routes import ChargesApi
from kitchenasty.checkout.quote_routes import QuotesApi
from kitchenasty.checkout.routes import CheckoutApi
from kitchenasty.checkout.subscriptions import POINTS, TABLES
from kitchenasty.checkout.tax_routes import TaxesApi
from kitchenasty.consent.doors import DOORS as CONSENT_DOORS
from kitchenasty.consent.gate import FACT, TEMPLATE_NAMES, Gate
from kitchenasty.content.doors import DOORS as CONTENT_DOORS
from kitchenasty.content.known import KnownSite
from kitchenasty.correspondence import LETTERS, MOVABLE, PATTERNS, PHONES, TEXTS
from kitchenasty.dashboard.doors import OFFICE_DOORS
from kitchenasty.deposits import doors as depositing
from kitchenasty.gift_cards.routes import GiftCardsApi
from kitchenasty.handoff.routes import HandoffsApi
from kitchenasty.handoff.subscriptions import SUBSCRIPTIONS as HANDING_OVER
from kitchenasty.kit import live
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.http import access, cors, openapi, reference, stylesheet, web
from kitchenasty.kit.http.pages import create_templates
from kitchenasty.kit.identity import sessions
from kitchenasty.kit.watch import health, metrics, route_hours
from kitchenasty.kitchen import doors as cooking
from kitchenasty.locations.routes import LocationsApi
from kitchenasty.locations.table_routes import TablesApi
from kitchenasty.locations.zone_routes import ZonesApi
from kitchenasty.loyalty.routes import LoyaltyApi
from kitchenasty.media.library_routes import MediaApi
from kitchenasty.media.routes import show_picture
from kitchenasty.menu.answers import MenuAnswers
from kitchenasty.menu.office_routes import OfficeMenuApi
from kitchenasty.menu.routes import MenuApi
from kitchenasty.menu.shortcut import MenuShortcut
from kitchenasty.openid.doors import DOORS as OPENID_DOORS
from kitchenasty.orders import doors as ordering
from kitchenasty.paying.jobs import ERRANDS as PAYING_ERRANDS
from kitchenasty.paying.pages import PayPages
from kitchenasty.paying.provider_routes import ProviderMessagesApi
from kitchenasty.paying.routes import PayingApi
from kitchenasty.paying.subscriptions import UNUSED
from kitchenasty.payments.jobs import ERRANDS as PAYMENT_ERRANDS
from kitchenasty.payments.routes import PaymentSettingsApi
from kitchenasty.printing import doors as papering
from kitchenasty.privacy.doors import DOORS as PRIVACY_DOORS
from kitchenasty.promotions.routes import CouponsApi
from kitchenasty.promotions.timed_routes import PromotionsApi
from kitchenasty.push import doors as pushing
from kitchenasty.receipts.pages import GuestReceipts, OfficeReceipts
from kitchenasty.receipts.subscriptions import CREDIT_NOTES, NUMBERS, POSTED
from kitchenasty.refunds.occasions import OCCASIONS as REFUNDED
from kitchenasty.refunds.outward import TOPICS as REFUND_TOPICS
from kitchenasty.refunds.routes import RefundLimitsApi, RefundsApi
from kitchenasty.refunds.subscriptions import CANCELLATIONS
from kitchenasty.reports.jobs import JOBS as REPORT_JOBS
from kitchenasty.reports.jobs import REGULAR as REPORT_CHORES
from kitchenasty.reports.subscriptions import CHANGES, ERASURES
from kitchenasty.reservation_calendars.pages import save_to_calendar, show_calendar
from kitchenasty.reservation_facts.occasions import OCCASIONS as RESERVED
from kitchenasty.reservation_facts.outward import TOPICS as TABLE_TOPICS
from kitchenasty.reservation_figures.routes import ReservationFiguresApi
from kitchenasty.reservation_letters.jobs import REGULAR as TABLE_CHORES
from kitchenasty.reservation_letters.subscriptions import TOLD as TOLD_OF_TABLES
from kitchenasty.reservations.rooms import ROOM_RULES as TABLE_RULES
from kitchenasty.reservations.subscriptions import SCREENS as TABLE_SCREENS
from kitchenasty.reserving.doors import DOORS as RESERVING_DOORS
from kitchenasty.reviews.occasions import OCCASIONS as REVIEWED
from kitchenasty.reviews.outward import TOPICS as REVIEW_TOPICS
from kitchenasty.reviews.routes import ReviewsApi
from kitchenasty.reviews.subscriptions import TOLD_HOUSES
from kitchenasty.staff.routes import StaffApi
from kitchenasty.storefront.doors import DOORS as STOREFRONT_DOORS
from kitchenasty.storefront.jobs import REGULAR as CART_CHORES
from kitchenasty.texting.jobs import REGULAR as TEXT_CHORES
from kitchenasty.texting.routes import TextingApi
from kitchenasty.till.routes import TillApi
from kitchenasty.waitlist import doors as waiting
from kitchenasty.webhooks import doors as calling

HERE = Path(__file__).parent
BODY_BYTES_MAX = 2_000_000


class AllOrdersApi(CheckoutApi, ordering.OrdersApi):
    """Placing is checkout's, the rest is orders'; one path can have one controller only."""


EVERYBODY = access.access(access.Access.PUBLIC)
DOORS: list[ControllerRouterHandler] = [
    health.HealthApi,
    health.HealthDoors,
    health.describe,
    metrics.show_metrics,
    reference.show_reference,
    stylesheet.show_stylesheet,
    show_picture,
    MediaApi,
    *CONTENT_DOORS,
    *CONSENT_DOORS,
    *OFFICE_DOORS,
    LocationsApi,
    TaxesApi,
    ChargesApi,
    ZonesApi,
    TablesApi,
    MenuApi,
    OfficeMenuApi,
    AllOrdersApi,
    RefundsApi,
    ordering.SplitsApi,
    RefundLimitsApi,
    TillApi,
    CouponsApi,
    PromotionsApi,
    LoyaltyApi,
    GiftCardsApi,
    HandoffsApi,
    QuotesApi,
    ProviderMessagesApi,
    *ACCOUNT_DOORS,
    *OPENID_DOORS,
    StaffApi,
    ApiKeysApi,
    calling.WebhooksApi,
    ReviewsApi,
    *RESERVING_DOORS,
    ReservationFiguresApi,
    *depositing.DOORS,
    show_calendar,
    save_to_calendar,
    *waiting.DOORS,
    *PRIVACY_DOORS,
    *advertising.DOORS,
    PaymentSettingsApi,
    PayingApi,
    cooking.KitchenPages,
    *STOREFRONT_DOORS,
    TextingApi,
    pushing.PushDoors,
    PayPages,
    GuestReceipts,
    OfficeReceipts,
]
RULES = automation.Engine([*ordering.OCCASIONS, *REFUNDED, *RESERVED, *REVIEWED], ruling.DEEDS)
VOCABULARY = webhooks.Vocabulary([*ordering.TOPICS, *REFUND_TOPICS, *TABLE_TOPICS, *REVIEW_TOPICS])
SUBSCRIPTIONS: list[outbox.Subscription] = [
    live.REVOCATIONS,
    *cooking.SUBSCRIPTIONS,
    TABLE_SCREENS,
    NUMBERS,
    CANCELLATIONS,
    CREDIT_NOTES,
    POINTS,
    TABLES,
    CHANGES,
    ERASURES,
    POSTED,
    TOLD_HOUSES,
    waiting.OFFERS,
    waiting.TOLD,
    waiting.HELD,
    TOLD_OF_TABLES,
    *depositing.SUBSCRIPTIONS,
    UNUSED,
    automation.listen(RULES),
    *ordering.SUBSCRIPTIONS,
    *HANDING_OVER,
    calling.listen(VOCABULARY),
    advertising.CUSTOMERS,
]
LIVE = live.Slices(
    rules={**kitchen.ROOM_RULES, **TABLE_RULES, **waiting.ROOM_RULES},
    translate=kitchen.translate,
    houses=kitchen.list_kitchens,
)
JOBS: list[worker.Task] = [
    *PAYING_ERRANDS,
    *PAYMENT_ERRANDS,
    *depositing.ERRANDS,
    api_keys.EXPIRED,
    privacy.SWEEPING,
    automation.job_of(RULES),
    *REPORT_JOBS,
    *waiting.LAPSES,
    *TEXTS,
    *PHONES,
]
REGULAR = [
    jobs.Every(3_600, jobs.Job("idempotency.forget", idempotency.forget_old_keys)),
    jobs.Every(86_400, jobs.Job("outbox.forget", outbox.forget_old_events)),
    jobs.Every(86_400, jobs.Job("jobs.forget", jobs.forget_old_jobs)),
    jobs.Every(3_600, jobs.Job("live.forget", live.forget_old_messages)),
    jobs.Every(86_400, jobs.Job("route_hours.forget", route_hours.forget_old_hours)),
    jobs.Every(86_400, jobs.Job("sessions.forget", sessions.forget_outlived)),
    jobs.Every(86_400, jobs.Job("letter_links.forget", accounts.forget_old_links)),
    jobs.Every(3_600, jobs.Job("trips.forget", openid.forget_old_trips)),
    jobs.Every(86_400, jobs.Job("staff_links.forget", staff.forget_old_password_links)),
    jobs.Every(86_400, jobs.Job("guests.forget", guests.forget_mere_claims)),
    jobs.Every(86_400, jobs.Job("notices.forget", notices.forget_old_notices)),
    jobs.Every(60, jobs.Job("paying.apply_waiting", paying.apply_waiting)),
    jobs.Every(86_400, jobs.Job("payments.forget", payments.forget_old_messages)),
    jobs.Every(86_400, jobs.Job("consent.forget", consent.forget_old_answers)),
    jobs.Every(86_400, jobs.Job("privacy.forget", privacy.forget_old_traces)),
    *CART_CHORES,
    *cooking.REGULAR,
    *REPORT_CHORES,
    *waiting.REGULAR,
    *TABLE_CHORES,
    *ruling.REGULAR,
    automation.watch_clock(RULES),
    *TEXT_CHORES,
    *pushing.REGULAR,
    *calling.REGULAR,
    *papering.REGULAR,
    *advertising.REGULAR,
]
PICTURE_USES: list[media.Uses] = [menu.picture_uses, locations.picture_uses, content.picture_uses]
FILTERS: dict[str, Callable[..., Any]] = {"picture": media.picture_of, "icon": media.icon_of}
FACTS: settings.Facts = {"smtp": notices.load_smtp, "openid": openid.find_label}
# Pages go to phones. The API stays plain; the stylesheet is compressed once for all.
COMPRESSION = CompressionConfig(
    backend="gzip",
    gzip_compress_level=6,
    minimum_size=1_000,
    exclude=["^/api/", "^/style.css"],
)


def create_app(config: Config, books: Books) -> Litestar:
    """The whole application over opened books. Raises RuntimeError for an undeclared route."""
    screens = open_screens(config, books)
    return equip(join_doors(screens), config, books, screens)


def open_screens(config: Config, books: Books) -> live.Live:
    return live.create_live(
        books,
        recognise=accounts.recognise,
        slices=LIVE,
        public_url=config.public_url,
        beat_seconds=config.heartbeat_seconds,
    )


def join_doors(screens: live.Live) -> Litestar:
    """Every door under its path, checked and described, and nothing behind them yet."""
    app = Litestar(
        route_handlers=[*DOORS, *screens.routes, *files.static_routers(HERE, EVERYBODY)],
        lifespan=[screens.running, route_hours.flushing],
        dependencies=web.DEPENDENCIES,
        guards=[access.guard],
        compression_config=COMPRESSION,
        exception_handlers=web.EXCEPTION_HANDLERS,  # type: ignore[arg-type]  # by class, as documented
        template_config=templates(),
        openapi_config=describe_api(),
        plugins=[openapi.ExactNumbers()],
        request_max_body_size=BODY_BYTES_MAX,
        logging_config=None,
    )
    access.check_declared(app)
    return app


def equip(app: Litestar, config: Config, books: Books, screens: live.Live) -> Litestar:
    """Put the house behind the doors: its settings, its books, and what is remembered of them."""
    limits, answers = Limits(enabled=config.rate_limits), MenuAnswers()
    standing = settings.Standing(
        books, limits, open_paths=dashboard.OPEN_IN_MAINTENANCE, facts=FACTS
    )
    app.state = State(
        {
            "config": config,
            "books": books,
            "limits": limits,
            "standing": standing,
            "menu_answers": answers,
            "picture_uses": PICTURE_USES,
            "beside_reservations": [depositing.show_beside],
            "rules": RULES,
            "letter_patterns": PATTERNS,
            "movable_letters": MOVABLE,
            "outgoing": Outgoing(config.outgoing_networks),
            "webhook_topics": VOCABULARY,
            "recognise": accounts.recognise,
            "note_use": accounts.note_use,
            "rooms": screens.rooms,
            "metrics": metrics.Metrics(books, screens, [notices.list_figures]),
        }
    )
    # Around the router too: what it refuses by itself (404, 405) is an answer like any other.
    known = KnownSite(Gate(app.asgi_handler), books, facts={FACT: consent.load_notice})
    whole = WholeBodies(known, bytes_max=BODY_BYTES_MAX)
    quick = MenuShortcut(whole, answers=answers, limits=limits)
    app.asgi_handler = web.Edge(cors.Cors(quick, origins=config.cors_origins))
    return app


def describe_api() -> OpenAPIConfig:
    """OpenAPI 3.1 from the types of the routes, at /api/openapi.json."""
    return OpenAPIConfig(
        title="KitchenAsty",
        version=health.API_VERSION,
        use_handler_docstrings=True,
        render_plugins=[openapi.WHOLE_JSON],
        openapi_router=Router(
            path="/api/openapi",
            route_handlers=[],
            include_in_schema=False,
            opt=EVERYBODY,
        ),
    )


def templates() -> TemplateConfig[JinjaTemplateEngine]:
    known: dict[str, Callable[..., Any]] = {"site": content.current_site.get, **TEMPLATE_NAMES}
    return TemplateConfig(instance=create_templates(files.template_folders(HERE), FILTERS, known))


@contextlib.asynccontextmanager
async def background_work(
    books: Books, outgoing: Outgoing, data_dir: Path | None = None
) -> AsyncIterator[None]:
    """The dispatcher, the worker, and whatever goes out of the house, until the block ends."""
    deliveries = dispatcher.Dispatcher(books, SUBSCRIPTIONS)
    chores = worker.Worker(books, JOBS, REGULAR)
    letters = notices.MailRoom(
        books,
        writers=LETTERS,
        head_of=partial(content.letter_head, data_dir=data_dir),
        reword=wordings.reword,
    )
    calls = webhooks.SendingRoom(books, outgoing)
    dockets = printing.PrintRoom(books, outgoing.networks)
    markets = handoff.MarketRoom(books, outgoing)
    tasks = [
        asyncio.create_task(deliveries.run_forever(), name="dispatcher"),
        asyncio.create_task(chores.run_forever(), name="worker"),
        asyncio.create_task(letters.run_forever(), name="postman"),
        asyncio.create_task(calls.run_forever(), name="webhooks"),
        asyncio.create_task(dockets.run_forever(), name="printing"),
        asyncio.create_task(markets.run_forever(), name="handoff"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
