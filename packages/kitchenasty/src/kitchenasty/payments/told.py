"""What a provider tells us unasked, in our own words: a message at one of our doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from basis.errors import Invalid
from kitchenasty.payments.port import Found

AGE_MAX = timedelta(minutes=5)
"""Of a message when it comes, either way, where a repetition is signed anew."""


class SignatureWrong(Invalid):
    """The provider did not send this, or not so. Nothing was done."""


class MessageOld(Invalid):
    """The provider sent this, but not now: somebody kept it, or a clock is wrong."""


class MessageUnreadable(Invalid):
    """The provider sent this, and it does not have the shape that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message. `kind` is the provider's word for it. `ref` names the attempt as the provider
    does; `attempt_key` and `order_id` name it as we did when we began it. `found` is how it stands,
    None where the message concerns nothing of ours; `is_hint` where we have to ask how it stands.
    """

    message_id: str
    kind: str
    ref: str | None = None
    attempt_key: str | None = None
    order_id: str | None = None
    found: Found | None = None
    is_hint: bool = False


def check_age(sent_at: datetime, now: datetime, most: timedelta = AGE_MAX) -> None:
    """Raises MessageOld."""
    if not -AGE_MAX <= now - sent_at <= most:
        raise MessageOld(
            "This message was not sent just now. If it was, the clock of this server is wrong: "
            "set it by NTP."
        )
