"""Messages on their way: kept until they are delivered, tried again, given up after a day."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_network
from typing import Literal

import msgspec

from basis.errors import DomainError
from basis.ids import new_id
from basis.kit.limits import Network
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


def without(networks: Iterable[Network], left_out: Sequence[Network]) -> Iterator[Network]:
    """The same addresses but for those that are left out."""
    for network in networks:
        inside = [each for each in left_out if each.version == network.version]
        inside = [each for each in inside if each.network_address in network]
        if not inside:
            yield network
            continue
        yield from without(network.address_exclude(inside[0]), inside[1:])  # type: ignore[arg-type]


LOOK_SECONDS = 0.5
WAITS_SECONDS = (5, 30, 120, 600, 3_600)
GIVEN_UP_AFTER = timedelta(days=1)
MESSAGES_MAX = 100
GOOD = range(200, 300)
KEYS_OF_CLOUDS = tuple(map(ip_network, ("100.100.100.200/32", "fd00:ec2::254/128")))
"""Where machines are told their keys, inside of networks that may be a house's own. The best known
one, 169.254.169.254, is in none of those.
"""
OWN_NETWORKS = tuple(
    without(
        map(
            ip_network,
            (
                "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                "::1/128", "fc00::/7",
            ),
        ),
        KEYS_OF_CLOUDS,
    )
)  # fmt: skip
"""Whoever writes `cluster.toml` may name a server of the house on purpose, also without TLS."""

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
    cluster: str, channel: Channel, now: datetime, notices: tuple[Notice, ...], more: int
) -> Message:
    return Message(
        id=new_id(), cluster=cluster, channel=channel, at=now, notices=notices, more=more
    )


@dataclass
class Poster:
    """By the settings of now: a message that could not be sent goes to where they point then."""

    control: Control
    outgoing: Outgoing = field(default_factory=lambda: Outgoing(OWN_NETWORKS))
    messages: dict[str, Message] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    """Delivered or given up, and not yet taken out of the store."""

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
            try:
                message = msgspec.json.decode(entry.value, type=Message)
            except msgspec.DecodeError:
                logger.exception("a message cannot be read and is left behind")
                self.over.add(entry.key.removeprefix(OUT))
            else:
                self.messages[message.id] = message

    async def turn(self) -> None:
        now = self.control.clock()
        due = [each for each in self.messages.values() if (each.not_before or now) <= now]
        await asyncio.gather(*(self.post(message, now) for message in due))
        await self.clear()

    async def post(self, message: Message, now: datetime) -> None:
        try:
            await self.send(message)
        except (NotDelivered, DomainError) as why:
            await self.put_off(message, now, str(why))
        except Exception as bug:
            # One that breaks its way is put off like others, and not tried twice a second.
            logger.exception("a message could not be sent")
            await self.put_off(message, now, type(bug).__name__)
        else:
            self.end(message)

    async def put_off(self, message: Message, now: datetime, why: str) -> None:
        """Known here first: while the store cannot be written nobody is asked without a pause."""
        logger.warning("a message by %s was not delivered: %s", message.channel, why)
        if now - message.at > GIVEN_UP_AFTER:
            self.end(message)
            return
        wait = WAITS_SECONDS[min(message.tries, len(WAITS_SECONDS) - 1)]
        later = msgspec.structs.replace(
            message, tries=message.tries + 1, not_before=now + timedelta(seconds=wait)
        )
        self.messages[later.id] = later
        await self.control.store.transact([Put(OUT + later.id, msgspec.json.encode(later))])

    def end(self, message: Message) -> None:
        """Not posted again from now on; if we are killed before `clear`, once more."""
        self.messages.pop(message.id, None)
        self.over.add(message.id)

    async def clear(self) -> None:
        gone = sorted(self.over)
        if gone:
            await self.control.store.transact([Delete(OUT + id_) for id_ in gone])
            self.over.difference_update(gone)

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
