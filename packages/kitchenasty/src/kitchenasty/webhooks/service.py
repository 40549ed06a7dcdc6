"""Endpoints: made with a secret that is shown once, changed, renewed, removed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from basis.ids import new_id
from basis.kit.texts import one_line
from basis.kit.web_address import NotAnAddress, read_web_address
from basis.sentences import Sentence
from kitchenasty import audit, settings
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.webhooks import queries
from kitchenasty.webhooks.people import (
    DESCRIPTION_LENGTH_MAX,
    ENDPOINTS_MAX,
    OVERLAP,
    Endpoint,
    EndpointDraft,
    EndpointMadeAlready,
    EndpointNotFound,
    EndpointRefused,
    NewEndpoint,
    TooManyEndpoints,
    WebhooksForAllHouses,
)
from kitchenasty.webhooks.signing import make_secret
from kitchenasty.webhooks.states import OffReason


async def list_endpoints(look: Look) -> list[Endpoint]:
    """All, in the order in which they were made. Raises WebhooksForAllHouses."""
    check_reader(look.actor)
    return [queries.endpoint_of(row) for row in await look.rows(queries.LIST)]


async def load_endpoint(look: Look, endpoint_id: str) -> Endpoint:
    """Raises EndpointNotFound, WebhooksForAllHouses."""
    check_reader(look.actor)
    row = await look.row(queries.BY_ID, endpoint_id=endpoint_id)
    if row is None:
        raise EndpointNotFound
    return queries.endpoint_of(row)


async def create_endpoint(
    uow: UnitOfWork, draft: EndpointDraft, known: Collection[str]
) -> NewEndpoint:
    """Raises WebhooksForAllHouses, EndpointRefused, EndpointMadeAlready, TooManyEndpoints."""
    check_owner(uow.actor)
    draft = check_draft(draft, known)
    if await uow.value(queries.COUNT) >= ENDPOINTS_MAX:
        raise TooManyEndpoints
    text = make_secret()
    endpoint = Endpoint(
        id=draft.id or new_id(),
        url=draft.url,
        description=draft.description,
        topics=draft.topics,
        house_id=draft.house_id,
        is_on=draft.is_on,
        off_reason=None if draft.is_on else OffReason.BY_HAND,
        off_at=None if draft.is_on else uow.now,
        failing_since=None,
        old_until=None,
        created_at=uow.now,
        created_by=uow.actor.name,
    )
    values = {name: getattr(endpoint, name) for name in queries.NAMES}
    values |= {
        "topics": list(endpoint.topics),
        "secret": sealed(uow, endpoint.id, text),
        "old_secret": None,
    }
    if not await uow.run(queries.ADD, **values):
        raise EndpointMadeAlready
    await write_down(uow, "create", endpoint.id, after=told(endpoint))
    return NewEndpoint(text, endpoint)


async def change_endpoint(
    uow: UnitOfWork, endpoint_id: str, draft: EndpointDraft, known: Collection[str]
) -> Endpoint:
    """Whoever switches it on again begins with a clean sheet.

    Raises WebhooksForAllHouses, EndpointNotFound, EndpointRefused.
    """
    check_owner(uow.actor)
    before = await load_endpoint(uow, endpoint_id)
    draft = check_draft(draft, {*known, *before.topics})
    after = replace(
        before,
        url=draft.url,
        description=draft.description,
        topics=draft.topics,
        house_id=draft.house_id,
    )
    if draft.is_on and not before.is_on:
        after = replace(after, is_on=True, off_reason=None, off_at=None, failing_since=None)
    elif before.is_on and not draft.is_on:
        after = replace(after, is_on=False, off_reason=OffReason.BY_HAND, off_at=uow.now)
    await uow.run(
        queries.CHANGE,
        endpoint_id=endpoint_id,
        new_url=after.url,
        new_description=after.description,
        new_topics=list(after.topics),
        new_house_id=after.house_id,
        new_is_on=after.is_on,
        new_off_reason=after.off_reason,
        new_off_at=after.off_at,
        new_failing_since=after.failing_since,
    )
    await write_down(uow, "update", endpoint_id, before=told(before), after=told(after))
    return after


async def renew_secret(uow: UnitOfWork, endpoint_id: str) -> NewEndpoint:
    """A new secret; for a day both sign, so that the receiver has time to learn it.

    Raises WebhooksForAllHouses, EndpointNotFound.
    """
    check_owner(uow.actor)
    endpoint = await load_endpoint(uow, endpoint_id)
    text, until = make_secret(), uow.now + OVERLAP
    await uow.run(
        queries.ROTATE,
        endpoint_id=endpoint_id,
        sealed=sealed(uow, endpoint_id, text),
        overlap_until=until,
    )
    await write_down(uow, "renew", endpoint_id, after={"old_until": until.isoformat()})
    return NewEndpoint(text, replace(endpoint, old_until=until))


async def remove_endpoint(uow: UnitOfWork, endpoint_id: str) -> None:
    """With all that was sent there. Raises WebhooksForAllHouses, EndpointNotFound."""
    check_owner(uow.actor)
    endpoint = await load_endpoint(uow, endpoint_id)
    await uow.run(queries.REMOVE, endpoint_id=endpoint_id)
    await write_down(uow, "delete", endpoint_id, before=told(endpoint))


def sealed(look: Look, endpoint_id: str, text: str) -> str:
    return settings.seal(look.secret, seal_name(endpoint_id), text)


def seal_name(endpoint_id: str) -> str:
    """Bound to its endpoint: nobody who writes to the database makes one stand in for another."""
    return f"webhooks.{endpoint_id}"


def check_reader(actor: Principal) -> None:
    """Owners and managers of every house, and keys of programs that the door let in."""
    if actor.house_ids is not None or not actor.has_role(Role.MANAGER):
        raise WebhooksForAllHouses


def check_owner(actor: Principal) -> None:
    """Who makes a webhook sends out what happens: no key of a program does."""
    if (
        actor.house_ids is not None
        or not actor.has_role(Role.SUPER_ADMIN)
        or actor.kind is Kind.KEY
    ):
        raise WebhooksForAllHouses


def check_draft(draft: EndpointDraft, known: Collection[str]) -> EndpointDraft:
    """In the spelling that is kept. Raises EndpointRefused."""
    url, description = draft.url.strip(), one_line(draft.description)
    try:
        read_web_address(url)
    except NotAnAddress as error:
        raise EndpointRefused(str(error)) from error
    if len(description) > DESCRIPTION_LENGTH_MAX:
        raise EndpointRefused(
            Sentence.of(
                "Please describe it in at most {most} characters.", most=DESCRIPTION_LENGTH_MAX
            )
        )
    if not draft.topics or not set(known) >= set(draft.topics):
        raise EndpointRefused("Please choose of what the receiver hears.")
    topics = tuple(sorted(set(draft.topics)))
    return replace(draft, url=url, description=description, topics=topics)


def told(endpoint: Endpoint) -> dict[str, object]:
    return {
        "url": endpoint.url,
        "description": endpoint.description,
        "topics": list(endpoint.topics),
        "house": endpoint.house_id,
        "is_on": endpoint.is_on,
    }


async def write_down(
    uow: UnitOfWork,
    action: str,
    endpoint_id: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    await audit.record(
        uow, action=action, entity="Webhook", entity_id=endpoint_id, before=before, after=after
    )
