"""What the API's doors to webhooks read and write."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, Stamp, WireStruct, stamp, stamp_or_none
from basis.kit.web_address import LENGTH_MAX
from kitchenasty.webhooks.people import DESCRIPTION_LENGTH_MAX, Endpoint, EndpointDraft
from kitchenasty.webhooks.sent import Delivery, Try
from kitchenasty.webhooks.states import DeliveryState, OffReason

Url = Annotated[str, msgspec.Meta(min_length=1, max_length=LENGTH_MAX)]
Description = Annotated[str, msgspec.Meta(max_length=DESCRIPTION_LENGTH_MAX)]
TopicNames = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=80)]], msgspec.Meta(min_length=1, max_length=50)
]
HouseId = Annotated[str, msgspec.Meta(max_length=36)]


class EndpointForm(Form):
    """Without `locationId` it hears of every house."""

    url: Url
    topics: TopicNames
    description: Description = ""
    location_id: HouseId | None = None
    is_on: bool = True

    def to_draft(self) -> EndpointDraft:
        return EndpointDraft(
            url=self.url,
            topics=tuple(self.topics),
            description=self.description,
            house_id=self.location_id,
            is_on=self.is_on,
        )


class EndpointPatch(Form):
    """What is left out stays as it is."""

    url: Url | UnsetType = UNSET
    topics: TopicNames | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    location_id: HouseId | UnsetType | None = UNSET
    is_on: bool | UnsetType = UNSET

    def to_draft(self, now: Endpoint) -> EndpointDraft:
        return EndpointDraft(
            url=now.url if self.url is UNSET else self.url,
            topics=now.topics if self.topics is UNSET else tuple(self.topics),
            description=now.description if self.description is UNSET else self.description,
            house_id=now.house_id if self.location_id is UNSET else self.location_id,
            is_on=now.is_on if self.is_on is UNSET else self.is_on,
        )


class WebhookView(WireStruct, kw_only=True):
    """A receiver. `bothSecretsUntil`: until then the secret before the last one signs, too."""

    id: str
    url: str
    description: str
    topics: list[str]
    location_id: str | None
    is_on: bool
    off_reason: OffReason | None
    off_at: Stamp | None
    failing_since: Stamp | None
    both_secrets_until: Stamp | None
    created_at: Stamp
    created_by: str

    @classmethod
    def of(cls, endpoint: Endpoint) -> WebhookView:
        return cls(
            id=endpoint.id,
            url=endpoint.url,
            description=endpoint.description,
            topics=list(endpoint.topics),
            location_id=endpoint.house_id,
            is_on=endpoint.is_on,
            off_reason=endpoint.off_reason,
            off_at=stamp_or_none(endpoint.off_at),
            failing_since=stamp_or_none(endpoint.failing_since),
            both_secrets_until=stamp_or_none(endpoint.old_until),
            created_at=stamp(endpoint.created_at),
            created_by=endpoint.created_by,
        )


class MadeEndpoint(WireStruct, kw_only=True):
    """`secret` signs what is sent; it is in this answer and never again."""

    secret: str
    webhook: WebhookView


class TryView(WireStruct, kw_only=True):
    """One call. `trouble` says why nobody answered. What the receiver said is for the office."""

    tried_at: Stamp
    status: int | None
    trouble: str | None
    duration_ms: int

    @classmethod
    def of(cls, tried: Try) -> TryView:
        return cls(
            tried_at=stamp(tried.tried_at),
            status=tried.status,
            trouble=tried.trouble,
            duration_ms=tried.duration_ms,
        )


class DeliveryView(WireStruct, kw_only=True):
    """An event for one receiver. `eventId` is what it got as `webhook-id`, on every try."""

    id: str
    event_id: str
    topic: str
    state: DeliveryState
    created_at: Stamp
    next_try_at: Stamp | None
    settled_at: Stamp | None
    tries: int
    last_try: TryView | None

    @classmethod
    def of(cls, delivery: Delivery) -> DeliveryView:
        is_waiting = delivery.state is DeliveryState.WAITING
        return cls(
            id=delivery.id,
            event_id=delivery.event_id,
            topic=delivery.topic,
            state=delivery.state,
            created_at=stamp(delivery.created_at),
            next_try_at=stamp(delivery.try_at) if is_waiting else None,
            settled_at=stamp_or_none(delivery.settled_at),
            tries=delivery.tries,
            last_try=TryView.of(delivery.tried[0]) if delivery.tried else None,
        )


class Deliveries(WireStruct, kw_only=True):
    """A part of the list, the newest first; `next` asks for what is older, if there is any."""

    deliveries: list[DeliveryView]
    next: str | None


class Replayed(WireStruct, kw_only=True):
    count: int
