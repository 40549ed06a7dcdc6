"""The two pages of webhooks that are shown from several doors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response

from basis.errors import DomainError
from basis.ids import new_id
from basis.kit.data.paging import Cursor, Keyset
from kitchenasty import locations, webhooks
from kitchenasty.dashboard.order_pages import cursor_or_none
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.webhooks.form import (
    OFF_WORDS,
    STATES,
    TROUBLES,
    WebhookForm,
    form_of,
)
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.principals import Principal
from kitchenasty.webhooks import Delivery, DeliveryFilter, DeliveryState

HERE = "/admin/webhooks"
LIST_LIMIT = 50


async def show_list(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    form: WebhookForm | None = None,
) -> Response[Any]:
    return not_kept(
        office_page(
            "dashboard/webhooks/list.html",
            request,
            principal,
            refusal=refusal,
            endpoints=await webhooks.list_endpoints(look),
            backlogs=await webhooks.count_backlogs(look),
            nothing=webhooks.Backlog(),
            told=request.query_params.get("told", ""),
            form=form or WebhookForm(on="yes"),
            form_id=new_id(),
            **await choices(request, look),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a form of the page brought: a secret that was just made, how a ping went, a refusal with
    what was typed.
    """

    secret: str | None = None
    tried: webhooks.Try | None = None
    refusal: DomainError | None = None
    form: WebhookForm | None = None


NO_NEWS = News()


async def show_endpoint(
    request: WebRequest, look: Look, principal: Principal, webhook_id: str, news: News = NO_NEWS
) -> Response[Any]:
    endpoint = await webhooks.load_endpoint(look, webhook_id)
    wanted, after = wanted_of(request), cursor_or_none(request.query_params.get("after", ""))
    place = Keyset(after, LIST_LIMIT)
    found = await webhooks.list_deliveries(look, webhook_id, wanted, place)
    backlogs = await webhooks.count_backlogs(look)
    return not_kept(
        office_page(
            "dashboard/webhooks/endpoint.html",
            request,
            principal,
            refusal=news.refusal,
            endpoint=endpoint,
            backlog=backlogs.get(webhook_id, webhooks.Backlog()),
            secret=news.secret,
            tried=news.tried,
            told=request.query_params.get("told", ""),
            form=news.form or form_of(endpoint),
            deliveries=found,
            wanted=wanted,
            off_words=OFF_WORDS,
            states=STATES,
            troubles=TROUBLES,
            state_choices=[
                ("", translate("All")),
                *((one.value, translate(words)) for one, (words, _) in STATES.items()),
            ],
            now=look.now,
            newer=address_of(webhook_id, wanted) if after else None,
            older=older_of(webhook_id, wanted, found),
            **await choices(request, look),
        )
    )


async def choices(request: WebRequest, look: Look) -> dict[str, Any]:
    """What the form offers."""
    houses = await locations.list_houses(look)
    topics: webhooks.Vocabulary = request.app.state.webhook_topics
    return {
        "topics": [(topic.name, translate(topic.words)) for topic in topics.values()],
        "houses": [("", translate("All houses")), *((one.id, one.name) for one in houses)],
        "house_names": {one.id: one.name for one in houses},
        "zone": houses[0].zone if houses else "UTC",
    }


async def zone_of(look: Look) -> str:
    houses = await locations.list_houses(look)
    return houses[0].zone if houses else "UTC"


def wanted_of(request: WebRequest) -> DeliveryFilter:
    """Nonsense is left out."""
    state, topic = request.query_params.get("state", ""), request.query_params.get("topic", "")
    known: webhooks.Vocabulary = request.app.state.webhook_topics
    return DeliveryFilter(
        state=DeliveryState(state) if state in set(DeliveryState) else None,
        topic=topic if topic in known else None,
    )


def address_of(webhook_id: str, wanted: DeliveryFilter, after: str = "") -> str:
    asked = {"state": wanted.state, "topic": wanted.topic, "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{HERE}/{webhook_id}?{query}" if query else f"{HERE}/{webhook_id}"


def older_of(webhook_id: str, wanted: DeliveryFilter, found: list[Delivery]) -> str | None:
    if len(found) < LIST_LIMIT:
        return None
    last = Cursor(found[-1].created_at, found[-1].id)
    return address_of(webhook_id, wanted, last.to_text())


def not_kept(answer: Response[Any]) -> Response[Any]:
    """A secret may stand in it."""
    answer.headers.update({"Cache-Control": "no-store"})
    return answer
