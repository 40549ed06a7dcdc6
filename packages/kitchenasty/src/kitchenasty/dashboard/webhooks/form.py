"""The form of a webhook, and the words for how deliveries go."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.ids import is_id
from basis.kit.http.wire import Form
from basis.sentences import word
from kitchenasty.webhooks import DeliveryState, Endpoint, EndpointDraft, OffReason

STATES = {
    DeliveryState.WAITING: (word("On its way"), "warn"),
    DeliveryState.DELIVERED: (word("Delivered"), "ok"),
    DeliveryState.DEAD: (word("Given up"), "bad"),
}
OFF_WORDS = {
    OffReason.BY_HAND: word("Switched off by hand."),
    OffReason.GONE: word("Switched off: the receiver says that it is not there any more (410)."),
    OffReason.FAILING: word("Switched off: the receiver took nothing for days."),
}
TROUBLES = {
    "NAME": word("The name of the server is not known."),
    "CONNECTION": word("Nobody answers, the line breaks, or the certificate is another's."),
    "TIME": word("No answer within ten seconds."),
    "SIZE": word("The answer is longer than one megabyte."),
    "PRIVATE": word("The address leads into a private network, where we call nobody."),
    "SECRET": word("The server's own secret has changed. Please renew the secret here."),
}
Line = Annotated[str, msgspec.Meta(max_length=2_000)]
Names = Annotated[list[Annotated[str, msgspec.Meta(max_length=80)]], msgspec.Meta(max_length=50)]


class WebhookForm(Form):
    """`house` empty: every house."""

    key: Annotated[str, msgspec.Meta(max_length=36)] = ""
    url: Line = ""
    description: Annotated[str, msgspec.Meta(max_length=200)] = ""
    topics: Names = []
    house: Annotated[str, msgspec.Meta(max_length=36)] = ""
    on: Annotated[str, msgspec.Meta(max_length=3)] = ""

    def to_draft(self) -> EndpointDraft:
        return EndpointDraft(
            id=self.key if is_id(self.key) else None,
            url=self.url,
            description=self.description,
            topics=tuple(self.topics),
            house_id=self.house or None,
            is_on=self.on == "yes",
        )


def form_of(endpoint: Endpoint) -> WebhookForm:
    return WebhookForm(
        url=endpoint.url,
        description=endpoint.description,
        topics=list(endpoint.topics),
        house=endpoint.house_id or "",
        on="yes" if endpoint.is_on else "",
    )
