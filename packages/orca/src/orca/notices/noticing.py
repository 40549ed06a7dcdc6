"""From what is wrong to what is told: each trouble once when it begins and once when it is over,
many of them in one message, and nothing twice after a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from basis.errors import DomainError
from orca.certificates import Certificates
from orca.control import Control
from orca.notices.posting import Poster, new_message
from orca.notices.troubles import Kind, Notice, Trouble, troubles_in
from orca.store import Put

logger = logging.getLogger(__name__)

KNOWN = "notices/known"
WAITING = "notices/waiting"
LOOK_SECONDS = 1.0
PAUSE = timedelta(seconds=30)
"""Between two messages: what goes wrong together is told together."""
QUIET = timedelta(seconds=60)
"""For so long a trouble must be gone before it is over: what comes and goes is one trouble."""
NOTICES_MAX = 50
WORDS_MAX = 1_000
GRACE = timedelta(seconds=15)
"""An engine or a proxy that is begun anew is back before that."""
OVER = {
    Kind.SERVICE: "All copies of {name} are ready again.",
    Kind.NODE: "The node {name} is back.",
    Kind.ENGINE: "The engine of {name} answers again.",
    Kind.EDGE: "The edge of {name} does what it is told again.",
    Kind.DOUBT: "The node {name} obeys what is wanted again.",
    Kind.CERTIFICATE: "The certificate {name} is well again.",
}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A trouble that was seen: since when, whether it was told, and since when it is gone."""

    kind: Kind
    name: str
    since: datetime
    is_told: bool = False
    gone_since: datetime | None = None


class Waiting(msgspec.Struct, frozen=True):
    """What goes into the next message; `more` could not be named any more."""

    notices: tuple[Notice, ...] = ()
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.notices)

    def joined_by(self, notices: Sequence[Notice]) -> Waiting:
        short = [msgspec.structs.replace(each, words=each.words[:WORDS_MAX]) for each in notices]
        every = (*self.notices, *short)
        return Waiting(every[:NOTICES_MAX], self.more + len(every[NOTICES_MAX:]))


Open = Mapping[str, Known]


def look(
    known: Open, troubles: Iterable[Trouble], now: datetime, *, patience: timedelta
) -> tuple[dict[str, Known], list[Notice]]:
    """What is known afterwards, and what is to be told. Pure."""
    seen = {trouble.key: trouble for trouble in troubles}
    after: dict[str, Known] = {}
    notices: list[Notice] = []
    for key, trouble in seen.items():
        one = known.get(key) or Known(kind=trouble.kind, name=trouble.name, since=now)
        graces = {Kind.SERVICE: patience, Kind.ENGINE: GRACE, Kind.EDGE: GRACE}
        is_due = now - one.since >= graces.get(trouble.kind, timedelta())
        if is_due and not one.is_told:
            notices.append(Notice(kind=trouble.kind, name=trouble.name, words=trouble.words))
        is_told = one.is_told or is_due
        after[key] = msgspec.structs.replace(one, is_told=is_told, gone_since=None)
    for key, one in known.items():
        if key in seen:
            continue
        gone_since = one.gone_since or now
        if now - gone_since < QUIET:
            after[key] = msgspec.structs.replace(one, gone_since=gone_since)
        elif one.is_told and one.kind in OVER:
            words = OVER[one.kind].format(name=one.name)
            notices.append(Notice(kind=one.kind, name=one.name, words=words, is_over=True))
    return after, notices


@dataclass
class Noticer:
    """Looks at the cluster every second. Whatever goes wrong here goes wrong here alone."""

    cluster: str
    control: Control
    certificates: Certificates
    poster: Poster
    known: Open = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    not_before: datetime | None = None

    async def go_on(self) -> None:
        """For ever."""
        await self.open()
        await self.poster.open()
        posting = asyncio.create_task(self.poster.go_on())
        try:
            while True:
                try:
                    await self.turn()
                except DomainError as error:
                    logger.warning("nothing was noticed: %s", error)
                except Exception:
                    logger.exception("nothing was noticed")
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            posting.cancel()

    async def open(self) -> None:
        """What cannot be read is left behind: then something may be told twice."""
        store = self.control.store
        try:
            for entry in (await store.range(KNOWN)).entries:
                self.known = msgspec.json.decode(entry.value, type=dict[str, Known])
            for entry in (await store.range(WAITING)).entries:
                self.waiting = msgspec.json.decode(entry.value, type=Waiting)
        except msgspec.DecodeError:
            logger.exception("what was noticed before cannot be read")

    async def turn(self) -> None:
        """What is known, what waits for its message and what is to be posted are written at once:
        nothing is kept as told that a kill could take away.
        """
        notify = self.control.settings.notify
        if notify is None:
            return
        now = self.control.clock()
        lines = await self.certificates.list_all()
        patience = timedelta(minutes=notify.unwell_minutes)
        troubles = troubles_in(self.control.state, lines, now)
        after, notices = look(self.known, troubles, now, patience=patience)
        waiting, messages = self.waiting.joined_by(notices), []
        if waiting and (self.not_before is None or now >= self.not_before):
            messages = [
                new_message(self.cluster, channel, now, waiting.notices, waiting.more)
                for channel in self.poster.channels(notify)
            ]
            waiting = Waiting()
        if after != self.known or waiting != self.waiting or messages:
            puts = [
                Put(KNOWN, msgspec.json.encode(after)),
                Put(WAITING, msgspec.json.encode(waiting)),
            ]
            await self.control.store.transact([*puts, *self.poster.kept(messages)])
        self.known, self.waiting = after, waiting
        if messages:
            self.not_before = now + PAUSE
            self.poster.take(messages)
