"""Letters on their way for as long as the process runs, and one to try the mail server with."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.database import DatabaseAway
from basis.sentences import Sentence
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.principals import Principal
from kitchenasty.notices.letters import Head, Letter, compose
from kitchenasty.notices.port import PostAway, PostRefused
from kitchenasty.notices.postman import HeadOf, Postman, Reword, Writer
from kitchenasty.notices.server import load_smtp
from kitchenasty.notices.smtp import SmtpPost, sender_of

logger = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
AWAY_SECONDS = 10.0
ANSWER_LENGTH_MAX = 300


class NoMailServer(Conflict):
    """There is no server yet that could take a letter."""


class MailNotTaken(Conflict):
    """The mail server did not take the letter; the sentence has its answer."""


class MailRoom:
    """Sends what is due through the mail server that counts at that moment."""

    def __init__(
        self,
        books: Books,
        *,
        writers: Mapping[str, Writer],
        head_of: HeadOf,
        reword: Reword | None = None,
    ) -> None:
        self._books = books
        self._writers = writers
        self._head_of = head_of
        self._reword = reword

    async def run_forever(self) -> None:
        while True:
            idle = IDLE_SECONDS
            try:
                while await self.run_due():
                    pass
            except PostAway as away:
                logger.warning("postman.waits", cause=str(away))
                idle = AWAY_SECONDS
            except DatabaseAway as away:
                logger.warning("postman.waits", cause=away.cause)
            except Exception:
                logger.exception("postman.failed")
            await asyncio.sleep(idle)

    async def run_due(self) -> int:
        """How many letters were taken up. Raises PostAway."""
        async with self._books.reading() as look:
            smtp = await load_smtp(look)
        if smtp is None:
            return 0
        postman = Postman(
            self._books,
            SmtpPost(smtp),
            sender=sender_of(smtp),
            writers=self._writers,
            head_of=self._head_of,
            reword=self._reword,
        )
        return await postman.run_due()


async def send_test(
    books: Books,
    actor: Principal,
    to: str,
    *,
    letter: Letter | None = None,
    head: Head | None = None,
) -> None:
    """Hand a letter to the mail server that counts now, outside any transaction: it may take its
    time. Raises NoMailServer, MailNotTaken, EmailRefused.
    """
    recipient = check_email(to)
    async with books.reading(actor) as look:
        smtp, now = await load_smtp(look), look.now
    if smtp is None:
        raise NoMailServer(
            "Save a mail server and the address that letters come from first. Links in letters "
            "need KITCHENASTY_PUBLIC_URL too."
        )
    message = await asyncio.to_thread(
        compose,
        letter or trial_letter(),
        sender=sender_of(smtp),
        recipient=recipient,
        notice_id=new_id(),
        written_at=now,
        head=head or Head(),
    )
    try:
        await SmtpPost(smtp).send(message)
    except (PostAway, PostRefused) as refusal:
        answer = str(refusal)[:ANSWER_LENGTH_MAX]
        raise MailNotTaken(
            Sentence.of("The mail server did not take it. It says: {answer}", answer=answer)
        ) from refusal


def trial_letter() -> Letter:
    return Letter(
        subject=translate("A letter to try the mail server"),
        paragraphs=(translate("If you read this, letters from your house arrive."),),
    )
