"""The letters of a test: sent by a real postman to a post office in memory."""

from __future__ import annotations

import re
from email.message import EmailMessage

from kitchenasty.accounts.letters import WRITERS
from kitchenasty.kit.books import Books
from kitchenasty.notices import MemoryPost, Postman, Sender

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
LINK = re.compile(r"https://juniper\.example(/\S+)")


async def deliver(books: Books) -> list[EmailMessage]:
    """Every letter that waited, oldest first."""
    post = MemoryPost()
    await Postman(books, post, sender=SENDER, writers=WRITERS).run_due()
    return post.letters


def link_in(letter: EmailMessage) -> str:
    """The path of the one link that the letter has."""
    plain = letter.get_body(("plain",))
    assert plain is not None
    (path,) = LINK.findall(plain.get_content())
    return str(path)
