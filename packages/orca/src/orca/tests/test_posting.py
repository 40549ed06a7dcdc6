"""Messages arrive at real receivers: signed, once, also after a restart."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from basis.kit.outgoing import AddressRefused
from basis.kit.testing import HandClock
from orca.certificates import Certificates
from orca.control import Control, Links
from orca.notices import Noticer, Poster
from orca.planning import (
    SEARCHES_MAX,
    Declaration,
    Deploy,
    ImageAway,
    Join,
    Report,
    Seen,
)
from orca.scheduling import CopyId, Node
from orca.secrets import CLUSTER, Vault, open_vault
from orca.spec import Mailing, Notify, Service
from orca.store import Put, SqliteStore, StoreAway
from orca.tests.receivers import PASSWORD, USER, Hook, Post, open_hook, open_post
from orca.tests.settings import settle

KEY = "planted-8f2c61"


@dataclass
class House:
    """A control plane with somebody to tell."""

    folder: Path
    store: SqliteStore
    vault: Vault
    control: Control
    clock: HandClock
    noticer: Noticer

    async def look(self) -> None:
        await self.noticer.turn()
        await self.noticer.poster.turn()

    async def restart(self) -> None:
        """As after a kill: only what is on the disk is known."""
        self.control = Control(self.store, self.vault, Links(), "harbour", clock=self.clock)
        await self.control.open()
        self.noticer = noticer_of(self.control)
        await self.noticer.open()
        await self.noticer.poster.open()

    async def serve_first(self) -> None:
        """Release 1 of a service serves, so that a later one can fail."""
        await self.control.tell(Join(Node("n1", 4_000, 8 << 30)))
        await self.control.tell(
            Deploy((Declaration("shop/web", Service(name="web", image="web:1")),))
        )
        await self.serve(1)

    async def serve(self, number: int) -> None:
        running = (Seen(CopyId("shop/web", 0, 1), is_ready=True),)
        await self.control.tell(Report("n1", 1, number, self.control.state.revision, 0, running))

    async def release_fails(self) -> None:
        """The next one: its image is nowhere."""
        known = self.control.state.services["shop/web"].history
        image = f"web:{known[-1].number + 1}"
        service = Service(name="web", image=image)
        await self.control.tell(Deploy((Declaration("shop/web", service, is_sought=True),)))
        number = self.control.state.services["shop/web"].target.number
        for _ in range(SEARCHES_MAX):
            await self.control.tell(ImageAway("shop/web", number, f"There is no image {image}."))


def noticer_of(control: Control) -> Noticer:
    certificates = Certificates(control.store, control.vault, None, clock=control.clock)
    return Noticer("harbour", control, certificates, Poster(control))


@pytest.fixture
async def house(tmp_path: Path, clock: HandClock) -> AsyncIterator[House]:
    store = SqliteStore(tmp_path / "orca.db", clock=clock)
    await store.open()
    vault = await open_vault(store, tmp_path / "secrets.key", clock=clock)
    await vault.put(CLUSTER, "KEY", KEY.encode())
    await vault.put(CLUSTER, "SMTP", PASSWORD.encode())
    control = Control(store, vault, Links(), "harbour", clock=clock)
    await control.open()
    made = House(tmp_path, store, vault, control, clock, noticer_of(control))
    await made.serve_first()
    yield made
    await store.close()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with open_hook() as opened:
        yield opened


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with open_post() as opened:
        yield opened


def by_hook(hook: Hook, *, minutes: int = 60) -> Notify:
    return Notify(webhook=hook.address, webhook_key="${secrets.KEY}", unwell_minutes=minutes)


async def test_a_release_that_failed_is_told_signed_and_once(house: House, hook: Hook) -> None:
    await settle(house.control, notify=by_hook(hook))
    await house.release_fails()
    for _ in range(3):
        await house.look()
    [(headers, body)] = hook.calls
    told = json.loads(body)
    verdict = house.control.state.services["shop/web"].verdict
    assert told["notices"] == [
        {
            "kind": "release.failed",
            "name": "shop/web 2",
            "words": f"shop/web: {verdict}",
            "isOver": False,
        }
    ]
    assert told["text"] == f"harbour:\nshop/web: {verdict}"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(KEY.encode(), signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert KEY not in str(headers) + body.decode()


async def test_a_receiver_that_is_ill_gets_it_later_and_once_also_after_a_restart(
    house: House, hook: Hook
) -> None:
    hook.status = 500
    await settle(house.control, notify=by_hook(hook))
    await house.release_fails()
    await house.look()
    await house.look()
    assert len(hook.calls) == 1
    await house.restart()
    house.clock.advance(seconds=6)
    hook.status = 204
    for _ in range(3):
        await house.look()
    assert len(hook.calls) == 2
    assert hook.calls[0][0]["webhook-id"] == hook.calls[1][0]["webhook-id"]
    await house.restart()
    house.clock.advance(days=2)
    await house.look()
    assert len(hook.calls) == 2


async def test_what_is_not_taken_for_a_day_is_given_up(house: House, hook: Hook) -> None:
    hook.status = 500
    await settle(house.control, notify=by_hook(hook))
    await house.release_fails()
    await house.look()
    house.clock.advance(days=1, seconds=1)
    await house.look()
    assert len(hook.calls) == 2
    assert house.noticer.poster.messages == {}
    await house.restart()
    assert house.noticer.poster.messages == {}


async def test_what_goes_wrong_together_is_told_together(house: House, hook: Hook) -> None:
    await settle(house.control, notify=by_hook(hook))
    await house.release_fails()
    await house.look()
    for _ in range(3):
        await house.release_fails()
        await house.look()
    assert len(hook.calls) == 1
    house.clock.advance(seconds=31)
    await house.look()
    assert [len(json.loads(body)["notices"]) for _, body in hook.calls] == [1, 3]


async def test_what_waits_for_its_message_is_told_after_a_kill(house: House, hook: Hook) -> None:
    """R15: it was kept as told, and what was to be told was in memory."""
    await settle(house.control, notify=by_hook(hook))
    await house.release_fails()
    await house.look()
    await house.release_fails()
    await house.look()
    assert len(hook.calls) == 1, "the second waits for its time"
    await house.restart()
    await house.look()
    assert [each["name"] for each in told_in(hook)] == ["shop/web 2", "shop/web 3"]


async def test_more_than_a_message_holds_is_counted_and_not_kept(house: House, hook: Hook) -> None:
    await settle(house.control, notify=by_hook(hook))
    await house.noticer.turn()
    folder = house.folder / "brought"
    folder.mkdir()
    for number in range(70):
        (folder / f"{number}.crt").write_text("none")
        (folder / f"{number}.key").write_text("none")
    await house.noticer.certificates.turn([], nobody, brought=folder)
    await house.look()
    [(_, body)] = hook.calls
    told = json.loads(body)
    assert (len(told["notices"]), told["more"]) == (50, 20)
    assert told["text"].endswith("And 20 more: orca status")


async def test_a_receiver_is_not_flooded_while_the_store_cannot_be_written(
    house: House, hook: Hook
) -> None:
    """Each half second it got the same again, well or ill, as long as the disk was full."""
    await settle(house.control, notify=by_hook(hook))
    await house.release_fails()
    hook.status = 500
    await house.noticer.turn()
    with locked(house.folder / "orca.db"):
        for _ in range(2):
            await post_once(house)
        assert len(hook.calls) == 1
        house.clock.advance(seconds=6)
        hook.status = 204
        await post_once(house)
        assert len(hook.calls) == 2
    await post_once(house)
    await house.restart()
    house.clock.advance(seconds=60)
    await post_once(house)
    assert len(hook.calls) == 2


async def post_once(house: House) -> None:
    """As the loop does: what cannot be written is left out."""
    with suppress(StoreAway):
        await house.noticer.poster.turn()


async def test_a_message_that_breaks_its_way_is_put_off_as_others_are(
    house: House, hook: Hook
) -> None:
    """A name that no head of a letter takes: it was tried twice a second, for ever."""
    mail = Mailing(host="127.0.0.1", port=9, tls="none", sender="a@b.example", to=("a@b.example",))
    notify = Notify(webhook=hook.address, mail=mail, unwell_minutes=60)
    await settle(house.control, notify=notify)
    house.noticer.cluster = "two\nlines"
    await house.release_fails()
    await house.look()
    [kept] = house.noticer.poster.messages.values()
    assert (kept.channel, kept.tries) == ("mail", 1)
    assert len(hook.calls) == 1


async def test_records_that_cannot_be_read_are_left_behind(house: House, hook: Hook) -> None:
    """Notices are not worth a control plane that does not start."""
    spoiled = [Put(key, b"{") for key in ("notices/known", "notices/waiting", "notices/out/x")]
    await house.store.transact(spoiled)
    await settle(house.control, notify=by_hook(hook))
    await house.release_fails()
    await house.restart()
    await house.look()
    assert [each["name"] for each in told_in(hook)] == ["shop/web 2"]


@pytest.mark.parametrize(
    "address", ["[fd00:ec2::254]", "100.100.100.200", "169.254.169.254", "[::ffff:169.254.169.254]"]
)
async def test_where_clouds_keep_their_keys_nobody_is_called(house: House, address: str) -> None:
    with pytest.raises(AddressRefused):
        await house.noticer.poster.outgoing.get(f"http://{address}/")


def told_in(hook: Hook) -> list[dict[str, Any]]:
    """All notices of all calls."""
    return [each for _, body in hook.calls for each in json.loads(body)["notices"]]


async def nobody(_tokens: Mapping[str, str]) -> None:
    """No challenge is answered."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else writes, and does not end: who waits is refused as by a full disk."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_letter_says_the_same(house: House, post: Post) -> None:
    mail = Mailing(
        host="127.0.0.1",
        port=post.port,
        tls="none",
        user=USER,
        password="${secrets.SMTP}",
        sender="orca@harbour.example",
        to=("ops@harbour.example", "chief@harbour.example"),
    )
    await settle(house.control, notify=Notify(mail=mail, unwell_minutes=60))
    await house.release_fails()
    await house.look()
    [(to, letter)] = post.letters
    assert to == ["ops@harbour.example", "chief@harbour.example"]
    assert "Subject: [harbour] something went wrong" in letter
    assert "There is no image web:2." in letter
    assert PASSWORD not in letter


async def test_a_secret_that_is_missing_or_nobody_there_disturbs_nothing(house: House) -> None:
    for notify in (
        Notify(webhook="${secrets.NONE}"),
        Notify(webhook="http://127.0.0.1:65535/"),
        Notify(webhook="http://169.254.169.254/latest"),
    ):
        await settle(house.control, notify=notify)
        await house.release_fails()
        house.clock.advance(seconds=31)
        await house.look()
    kept = house.noticer.poster.messages.values()
    assert len(kept) == 3
    assert all(each.tries for each in kept)


async def test_it_looks_and_posts_by_itself(house: House, hook: Hook) -> None:
    await settle(house.control, notify=by_hook(hook))
    working = asyncio.create_task(house.noticer.go_on())
    await house.release_fails()
    async with asyncio.timeout(60):
        while not hook.calls:  # noqa: ASYNC110 - another program answers, and tells nobody here
            await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.wait([working])
    assert len(hook.calls) == 1
