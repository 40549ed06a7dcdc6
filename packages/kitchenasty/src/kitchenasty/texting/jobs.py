"""What is done about texts after a commit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from basis.kit.background.worker import Errand
from basis.kit.data.jobs import Every, Job
from kitchenasty.texting.sending import RewordText, TextWriter, in_usual_words, send_waiting
from kitchenasty.texting.service import SEND_JOB, forget_old_texts

REGULAR = [Every(86_400, Job("texting.forget", forget_old_texts))]


def sending(writers: Mapping[str, TextWriter], reword: RewordText = in_usual_words) -> Errand:
    """The errand that takes texts of these kinds to the carrier."""
    return Errand(SEND_JOB, partial(send_waiting, writers=writers, reword=reword))
