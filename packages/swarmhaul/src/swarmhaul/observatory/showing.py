"""How a page is answered: its template, its policy, and the number from which it is followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.exceptions import HTTPException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template

from basis.errors import DomainError
from basis.kit.http.doors import AnyRequest
from basis.kit.http.refusing import status_of, waiting_of
from basis.kit.pages.environment import create_environment
from basis.kit.pages.files import template_folders
from basis.kit.pages.policy import CSP
from basis.kit.pages.stylesheet import PATH, Stylesheet
from swarmhaul import stream
from swarmhaul.api import web
from swarmhaul.api.access import Needs, books_of, needs
from swarmhaul.market import Venue
from swarmhaul.observatory import wording

HERE = Path(__file__).parent
STYLESHEET = Stylesheet({path.stem: path for path in (HERE / "static" / "css").glob("*.css")})
PAGE_HEADERS = {"content-security-policy": CSP}
FILTERS = {
    "amount": wording.show_amount,
    "figure": wording.show_figure,
    "headline": wording.show_headline,
    "key": wording.show_key,
    "score": wording.show_score,
    "share": wording.show_share,
    "instant": wording.show_instant,
    "from_seconds": wording.instant_of,
    "lasting": wording.show_seconds,
    "metres": wording.show_metres,
    "place": wording.show_place,
}
WORDS = {
    "job_words": wording.JOBS,
    "bid_words": wording.BIDS,
    "leg_words": wording.LEGS,
    "ways_out": wording.WAYS_OUT,
}


def create_templates() -> JinjaTemplateEngine:
    """English only, so far: words that are marked for translation stay as they are."""
    environment = create_environment(template_folders(HERE.parent))
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # of the extension
    environment.filters.update(FILTERS)
    environment.globals.update(WORDS | {"stylesheet": STYLESHEET.address})
    return JinjaTemplateEngine.from_environment(environment)


@get(PATH, opt=needs(Needs.NOTHING), include_in_schema=False)
async def show_stylesheet(request: AnyRequest) -> Response[bytes]:
    return STYLESHEET.answer(request)


async def page(request: AnyRequest, name: str, **context: Any) -> Template:
    """A page of a market, which is followed from the last event that was told before it was made:
    what came meanwhile is told again, and nothing is missed.
    """
    async with books_of(request).reading() as look:
        since = await stream.count_messages(look)
    return answer(request, name, since=since, **context)


def answer(
    request: AnyRequest,
    name: str,
    *,
    status_code: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Template:
    known = {"market": venue_of(request).name, "about": "", "since": None} | context
    return Template(
        f"observatory/{name}.html",
        context=known,
        status_code=status_code,
        headers=PAGE_HEADERS | (headers or {}),
    )


def venue_of(request: AnyRequest) -> Venue:
    venue: Venue = request.app.state.venue
    return venue


def is_for_people(request: AnyRequest) -> bool:
    """A browser that goes to a page, and not a program that asks a door of the API."""
    is_api = request.url.path.startswith(("/api/", "/health/", "/mcp"))
    return not is_api and "text/html" in request.headers.get("accept", "")


def answer_refusal(request: AnyRequest, error: DomainError) -> Response[Any]:
    if not is_for_people(request):
        return web.answer_refusal(request, error)
    return refused(request, status_of(error), str(error.sentence), waiting_of(error))


def answer_http_exception(request: AnyRequest, error: HTTPException) -> Response[Any]:
    if not is_for_people(request) or error.status_code >= 500:
        return web.answer_http_exception(request, error)
    if error.status_code == 404:
        return refused(request, 404, "There is no such page here.", {})
    if error.status_code == 400:
        return refused(request, 400, "This address asks for something that cannot be shown.", {})
    return refused(request, error.status_code, error.detail, dict(error.headers or {}))


def refused(
    request: AnyRequest, status: int, sentence: str, headers: dict[str, str]
) -> Response[Any]:
    return answer(request, "refused", status_code=status, headers=headers, sentence=sentence)
