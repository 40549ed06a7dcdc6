"""What the composition root hands on: what rules can do, what writes and tidies for them."""

from kitchenasty.automation.busy import PAUSE, SLOWER
from kitchenasty.automation.calls import CALL
from kitchenasty.automation.gifts import COUPON
from kitchenasty.automation.gifts import WRITERS as GIFTS
from kitchenasty.automation.jobs import REGULAR
from kitchenasty.automation.letters import WRITERS as MAILS
from kitchenasty.automation.paper import PRINT
from kitchenasty.automation.phones import ADVERTISING as PUSH_ADVERTISING
from kitchenasty.automation.phones import PUSH
from kitchenasty.automation.phones import WRITERS as PUSHES
from kitchenasty.automation.steps import ADVERTISING, MAIL, NOTE
from kitchenasty.automation.tagging import TAG
from kitchenasty.automation.texts import ADVERTISING as TEXT_ADVERTISING
from kitchenasty.automation.texts import TEXT
from kitchenasty.automation.texts import WRITERS as TEXTS

DEEDS = (
    MAIL,
    ADVERTISING,
    TEXT,
    TEXT_ADVERTISING,
    PUSH,
    PUSH_ADVERTISING,
    CALL,
    COUPON,
    TAG,
    NOTE,
    PRINT,
    SLOWER,
    PAUSE,
)
LETTERS = {**MAILS, **GIFTS}

__all__ = ["DEEDS", "LETTERS", "PUSHES", "REGULAR", "TEXTS"]
