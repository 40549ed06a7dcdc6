"""All that the house writes to people, for the composition root: who writes it, and of what kind it
is.
"""

from __future__ import annotations

from collections.abc import Iterable

from basis.kit.background.worker import Errand
from kitchenasty import notices, wordings
from kitchenasty.accounts import letters as account_letters
from kitchenasty.adverts import letters as advert_letters
from kitchenasty.automation import doors as ruling
from kitchenasty.deposits import letters as deposit_letters
from kitchenasty.kitchen import doors as cooking
from kitchenasty.notices import Pattern
from kitchenasty.openid import letters as openid_letters
from kitchenasty.orders import doors as ordering
from kitchenasty.orders import texts as order_texts
from kitchenasty.push import doors as pushing
from kitchenasty.receipts import letters as receipt_letters
from kitchenasty.reservation_letters import letters as table_letters
from kitchenasty.reservation_letters import pushes as table_pushes
from kitchenasty.reservation_letters import reminders
from kitchenasty.reservation_letters import texts as table_texts
from kitchenasty.reviews import letters as review_letters
from kitchenasty.staff import letters as staff_letters
from kitchenasty.texting.jobs import sending
from kitchenasty.waitlist import doors as waiting
from kitchenasty.waitlist import letters as waiting_letters
from kitchenasty.webhooks import letters as webhook_letters

LETTERS: dict[str, notices.Writer] = {
    **account_letters.WRITERS,
    **openid_letters.WRITERS,
    **staff_letters.WRITERS,
    **receipt_letters.WRITERS,
    **review_letters.WRITERS,
    **waiting_letters.WRITERS,
    **table_letters.WRITERS,
    **reminders.WRITERS,
    **deposit_letters.WRITERS,
    **advert_letters.WRITERS,
    **ruling.LETTERS,
    **webhook_letters.WRITERS,
}
PHONES: list[Errand] = pushing.sending(
    {
        **cooking.PUSHES,
        **ordering.PUSHES,
        **waiting.PUSHES,
        **table_pushes.WRITERS,
        **ruling.PUSHES,
    }
)
TEXTS: list[Errand] = [
    sending(
        {
            **order_texts.WRITERS,
            **table_texts.WRITERS,
            **advert_letters.TEXTS,
            **ruling.TEXTS,
        },
        wordings.reword_text,
    )
]


def by_key(patterns: Iterable[Pattern]) -> dict[str, Pattern]:
    return {one.key: one for one in patterns}


# What rules write is written in the rules; a webhook is a matter among owners.
PATTERNS = by_key(
    (
        *order_texts.PATTERNS,
        *review_letters.PATTERNS,
        *receipt_letters.PATTERNS,
        *deposit_letters.PATTERNS,
        *table_letters.PATTERNS,
        *reminders.PATTERNS,
        *table_texts.PATTERNS,
        *waiting_letters.PATTERNS,
        *account_letters.PATTERNS,
        *advert_letters.PATTERNS,
        *openid_letters.PATTERNS,
        *staff_letters.PATTERNS,
    )
)
MOVABLE = frozenset(
    (
        *receipt_letters.WRITERS,
        *deposit_letters.WRITERS,
        *table_letters.WRITERS,
        *reminders.WRITERS,
        *waiting_letters.WRITERS,
    )
)
"""Letters that may go to another address than they were written to: none that opens an account."""
