"""Webhooks: what happens in the house, told to programs elsewhere. Others use only these names."""

from kitchenasty.webhooks.deliveries import (
    count_backlogs,
    forget_old_deliveries,
    list_deliveries,
    load_delivery,
    replay,
    replay_dead,
)
from kitchenasty.webhooks.messages import (
    EndpointOfAnotherHouse,
    EndpointOff,
    Message,
    send_message,
)
from kitchenasty.webhooks.people import (
    DESCRIPTION_LENGTH_MAX,
    ENDPOINTS_MAX,
    Endpoint,
    EndpointDraft,
    EndpointNotFound,
    EndpointRefused,
    NewEndpoint,
)
from kitchenasty.webhooks.sending import ping
from kitchenasty.webhooks.sending_room import SendingRoom
from kitchenasty.webhooks.sent import (
    Backlog,
    Delivery,
    DeliveryFilter,
    DeliveryNotFound,
    StillWaiting,
    Try,
)
from kitchenasty.webhooks.service import (
    change_endpoint,
    create_endpoint,
    list_endpoints,
    load_endpoint,
    remove_endpoint,
    renew_secret,
)
from kitchenasty.webhooks.states import DeliveryState, OffReason
from kitchenasty.webhooks.topics import PublicFacts, Topic, Vocabulary, describe

__all__ = [
    "DESCRIPTION_LENGTH_MAX",
    "ENDPOINTS_MAX",
    "Backlog",
    "Delivery",
    "DeliveryFilter",
    "DeliveryNotFound",
    "DeliveryState",
    "Endpoint",
    "EndpointDraft",
    "EndpointNotFound",
    "EndpointOfAnotherHouse",
    "EndpointOff",
    "EndpointRefused",
    "Message",
    "NewEndpoint",
    "OffReason",
    "PublicFacts",
    "SendingRoom",
    "StillWaiting",
    "Topic",
    "Try",
    "Vocabulary",
    "change_endpoint",
    "count_backlogs",
    "create_endpoint",
    "describe",
    "forget_old_deliveries",
    "list_deliveries",
    "list_endpoints",
    "load_delivery",
    "load_endpoint",
    "ping",
    "remove_endpoint",
    "renew_secret",
    "replay",
    "replay_dead",
    "send_message",
]
