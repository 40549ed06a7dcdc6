"""What is done about messages to phones after a commit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from basis.kit.background.worker import Errand
from basis.kit.data.jobs import Every, Job
from kitchenasty.push.expo import RECEIPTS_JOB, ask_receipts, send_to_apps
from kitchenasty.push.service import EXPO_JOB, WEB_JOB, forget_old_followers
from kitchenasty.push.web_sending import send_to_browser
from kitchenasty.push.words import PushWriter

REGULAR = (Every(86_400, Job("push.forget", forget_old_followers)),)


def sending(writers: Mapping[str, PushWriter]) -> list[Errand]:
    """The errands that take messages of these kinds to phones."""
    return [
        Errand(WEB_JOB, partial(send_to_browser, writers=writers)),
        Errand(EXPO_JOB, partial(send_to_apps, writers=writers)),
        Errand(RECEIPTS_JOB, ask_receipts),
    ]
