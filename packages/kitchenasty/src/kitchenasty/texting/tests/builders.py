"""A house that sends texts, and Twilio as it answers on this machine; for the slices above too."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp import web

from basis.kit.background.worker import Errand, Worker
from kitchenasty import settings, texting
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.texting import Carrier, MemoryCarrier, TextDraft, TextNotice
from kitchenasty.texting.sending import TextWriter, send_waiting
from kitchenasty.texting.service import SEND_JOB
from kitchenasty.texting.twilio import sign

ACCOUNT, TOKEN, SENDER = "AC" + "0a" * 16, "onions and leeks 1".replace(" ", "-"), "+4930901820"
ADA = "030 901820"
ADA_E164 = "+4930901820"
PUBLIC_URL = "https://juniper.example"
HERE = "127.0.0.0/8"


async def write_note(_uow: UnitOfWork, facts: dict[str, Any]) -> str | None:
    if facts.get("is_gone"):
        return None
    if facts.get("is_broken"):
        raise ValueError("no words")
    return translate("Checkout") + str(facts.get("words", ""))


WRITERS: Mapping[str, TextWriter] = {"note": write_note}


async def switch_on(books: Books, **more: settings.Value) -> None:
    """Twilio carries, unless `more` says otherwise."""
    given = {"carrier": "twilio", "account": ACCOUNT, "token": TOKEN, "sender": SENDER}
    async with books.writing() as uow:
        await settings.change(uow, texting.TEXTING, {**given, **more})


async def ask(books: Books, key: str = "one", phone: str = ADA, **facts: Any) -> str | None:
    locale = facts.pop("locale", None)
    async with books.writing() as uow:
        draft = TextDraft(
            kind="note",
            key=key,
            phone=phone,
            country="DE",
            facts=facts,
            useful_for=timedelta(hours=1),
            locale=locale,
        )
        return await texting.send_text(uow, draft)


def worker(
    books: Books, carrier: Carrier | None = None, writers: Mapping[str, TextWriter] = WRITERS
) -> Worker:
    """What takes texts to a carrier in memory, or to this one."""
    return Worker(books, [errand(carrier or MemoryCarrier(), writers)])


def errand(carrier: Carrier, writers: Mapping[str, TextWriter]) -> Errand:
    run = partial(send_waiting, writers=writers, carrier_of=lambda _terms: carrier)
    return Errand(SEND_JOB, run)


async def texts(books: Books) -> list[TextNotice]:
    async with books.reading() as look:
        return await texting.list_texts(look)


@dataclass
class TwilioTwin:
    """Twilio's door for texts. `answers` are given first, then texts are taken."""

    url: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """The path, the authorization and the fields of each call."""
    answers: list[tuple[int, Any]] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    """Told of every call."""

    async def take(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((request.path, request.headers.get("authorization", ""), form))
        async with self.news:
            self.news.notify_all()
        if self.answers:
            status, told = self.answers.pop(0)
            return web.json_response(told, status=status)
        return web.json_response({"sid": f"SM{len(self.asked):032x}"}, status=201)


@contextlib.asynccontextmanager
async def running_twilio() -> AsyncIterator[TwilioTwin]:
    twin = TwilioTwin()
    app = web.Application()
    app.router.add_post("/{path:.*}", twin.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    twin.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield twin
    finally:
        await runner.cleanup()


def signature_of(path: str, fields: Mapping[str, str], token: str = TOKEN) -> str:
    """What Twilio sends with these fields to this path of the house."""
    return sign(token, f"{PUBLIC_URL}{path}", fields.items())


async def run_all(*workers: Worker) -> list[int]:
    return list(await asyncio.gather(*(one.run_due() for one in workers)))
