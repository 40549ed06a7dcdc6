"""Messages on their way: kept until they are delivered, tried again, given up after a day."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_network
from typing import Literal

import msgspec

from basis.errors import DomainError
from basis.ids import new_id
from basis.kit.outgoing import Outgoing
from basis.kit.secret import Secret
from orca.control import Control
from orca.notices.mailing import send_mail
from orca.notices.troubles import Notice
from orca.secrets import CLUSTER
from orca.spec import Notify, secrets_in
from orca.store import Delete, Put

logger = logging.getLogger(__name__)

OUT = "notices/out/"
LOOK_SECONDS = 0.5
WAITS_SECONDS = (5, 30, 120, 600, 3_600)
GIVEN_UP_AFTER = timedelta(days=1)
MESSAGES_MAX = 100
GOOD = range(200, 300)
OWN_NETWORKS = tuple(
    ip_network(each)
    for each in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
        "::1/128", "fc00::/7",
    )
)  # fmt: skip
"""Whoever writes `cluster.toml` may name a server of the house on purpose, also without TLS. Where
clouds keep their keys (169.254.0.0/16) nobody is called.
"""

Channel = Literal["webhook", "mail"]


class NotDelivered(Exception):
    """Why a message did not arrive; it is tried again."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is told by one channel; `more` could not be named any more."""

    id: str
    cluster: str
    channel: Channel
    at: datetime
    notices: tuple[Notice, ...]
    more: int = 0
    tries: int = 0
    not_before: datetime | None = None

    @property
    def lines(self) -> list[str]:
        told = [notice.words for notice in self.notices]
        return [*told, f"And {self.more} more: orca status"] if self.more else told


def new_message(
    cluster: str, channel: Channel, now: datetime, notices: Sequence[Notice], count: int
) -> Message:
    more = count - len(notices)
    return Message(
        id=new_id(), cluster=cluster, channel=channel, at=now, notices=tuple(notices), more=more
    )


@dataclass
class Poster:
    """By the settings of now: a message that could not be sent goes to where they point then."""

    control: Control
    outgoing: Outgoing = field(default_factory=lambda: Outgoing(OWN_NETWORKS))
    messages: dict[str, Message] = field(default_factory=dict)

    @staticmethod
    def channels(notify: Notify) -> list[Channel]:
        channels: list[Channel] = []
        if notify.webhook:
            channels.append("webhook")
        if notify.mail:
            channels.append("mail")
        return channels

    def kept(self, messages: Sequence[Message]) -> list[Put | Delete]:
        over = len(self.messages) + len(messages) - MESSAGES_MAX
        gone = sorted(self.messages)[: max(0, over)]
        return [
            *(Put(OUT + each.id, msgspec.json.encode(each)) for each in messages),
            *(Delete(OUT + id_) for id_ in gone),
        ]

    def take(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.messages[message.id] = message
        for id_ in sorted(self.messages)[:-MESSAGES_MAX]:
            del self.messages[id_]

    async def go_on(self) -> None:
        """For ever."""
        while True:
            try:
                await self.turn()
            except DomainError as error:
                logger.warning("no message was posted: %s", error)
            except Exception:
                logger.exception("no message was posted")
            await asyncio.sleep(LOOK_SECONDS)

    async def open(self) -> None:
        for entry in (await self.control.store.range(OUT)).entries:
            message = msgspec.json.decode(entry.value, type=Message)
            self.messages[message.id] = message

    async def turn(self) -> None:
        now = self.control.clock()
        due = [each for each in self.messages.values() if (each.not_before or now) <= now]
        await asyncio.gather(*(self.post(message, now) for message in due))

    async def post(self, message: Message, now: datetime) -> None:
        try:
            await self.send(message)
        except NotDelivered as why:
            await self.put_off(message, now, str(why))
        except DomainError as error:
            await self.put_off(message, now, str(error))
        else:
            await self.forget(message)

    async def put_off(self, message: Message, now: datetime, why: str) -> None:
        logger.warning("a message by %s was not delivered: %s", message.channel, why)
        if now - message.at > GIVEN_UP_AFTER:
            await self.forget(message)
            return
        wait = WAITS_SECONDS[min(message.tries, len(WAITS_SECONDS) - 1)]
        later = msgspec.structs.replace(
            message, tries=message.tries + 1, not_before=now + timedelta(seconds=wait)
        )
        await self.control.store.transact([Put(OUT + later.id, msgspec.json.encode(later))])
        self.messages[later.id] = later

    async def forget(self, message: Message) -> None:
        await self.control.store.transact([Delete(OUT + message.id)])
        self.messages.pop(message.id, None)

    async def send(self, message: Message) -> None:
        """Raises NotDelivered, ElsewhereAway, NoSuchSecret."""
        notify = self.control.notify
        if message.channel == "webhook" and notify and notify.webhook:
            await self.call(message, await self.value_of(notify.webhook), notify.webhook_key)
        elif message.channel == "mail" and notify and notify.mail:
            mail = notify.mail
            password = await self.value_of(mail.password) if mail.password else None
            await send_mail(mail, password, letter_of(message))

    async def value_of(self, template: str) -> Secret:
        """A value, or the secret of the cluster that stands for it."""
        for name in secrets_in(template):
            return Secret((await self.control.vault.take(CLUSTER, name)).decode())
        return Secret(template)

    async def call(self, message: Message, url: Secret, key: str | None) -> None:
        body = body_of(message)
        headers = {"content-type": "application/json", "webhook-id": message.id}
        if key:
            at = int(self.control.clock().timestamp())
            signature = sign(message.id, at, body, await self.value_of(key))
            headers |= {"webhook-timestamp": str(at), "webhook-signature": signature}
        answer = await self.outgoing.post(str(url), body, headers=headers)
        if answer.status not in GOOD:
            raise NotDelivered(f"the receiver answers {answer.status}")


def body_of(message: Message) -> bytes:
    """`text` is what chats show."""
    said = {
        "type": "orca.notices",
        "cluster": message.cluster,
        "timestamp": message.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "text": "\n".join([f"{message.cluster}:", *message.lines]),
        "notices": [
            {"kind": each.kind, "name": each.name, "words": each.words, "isOver": each.is_over}
            for each in message.notices
        ],
        "more": message.more,
    }
    return msgspec.json.encode(said)


def sign(message_id: str, seconds: int, body: bytes, key: Secret) -> str:
    """As Standard Webhooks has it: the HMAC of id, time and body, joined by dots."""
    signed = f"{message_id}.{seconds}.".encode() + body
    digest = hmac.digest(str(key).encode(), signed, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def letter_of(message: Message) -> EmailMessage:
    """The head has no word that came from a container or a registry."""
    letter = EmailMessage()
    wrong = sum(not each.is_over for each in message.notices) + message.more
    what = f"{wrong} things went wrong" if wrong > 1 else "something went wrong"
    letter["Subject"] = f"[{message.cluster}] {what if wrong else 'well again'}"
    letter["Date"] = message.at
    letter["Message-ID"] = f"<{message.id}@{message.cluster}.orca>"
    letter.set_content("\n\n".join(message.lines) + "\n\norca status says more.\n")
    return letter
