"""A real Traefik with real servers behind it: scenarios 10, 11, 12, 14 of the catalogue."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orca.edge import Backend, Settings, Site, Traefik, Wish
from orca.spec import RateLimit
from orca.tests.town import (
    PATIENCE_SECONDS,
    TRAEFIK,
    UPLOAD_BYTES,
    Client,
    canned_server,
    crowd,
    echo_server,
    pieces_server,
    proxy_in,
    raw_answer,
    servers,
    settings_in,
    until,
)

SHOP = "shop.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path / "edge")


@pytest.fixture
async def proxy(settings: Settings) -> AsyncIterator[Traefik]:
    async with proxy_in(settings) as made:
        yield made


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    made = Client(settings.http_port)
    yield made
    await made.close()


async def test_two_services_share_a_domain_by_the_longest_path(
    proxy: Traefik, client: Client
) -> None:
    """Scenario 10, D63, D64: `/api` and `/api/`, and not `/apix`; strip prefix; hosts as they are
    written by people.
    """
    async with servers("web", "api", "deep") as found:
        web, api, deep = (found[name][1] for name in ("web", "api", "deep"))
        await proxy.apply(
            Wish(
                (
                    Site("shop/web", (SHOP, "www.shop.example"), (web,)),
                    Site("shop/api", (SHOP,), (api,), ("/api", "/v2"), strip_prefix=True),
                    Site("shop/deep", (SHOP,), (deep,), ("/api/deep",)),
                )
            )
        )
        for host, path, said in [
            (SHOP, "/", "web /"),
            (SHOP, "/apix", "web /apix"),
            (SHOP, "/api", "api /"),
            (SHOP, "/api/", "api /"),
            (SHOP, "/api/a?b=c%2Fd", "api /a?b=c%2Fd"),
            (SHOP, "/v2/x", "api /x"),
            (SHOP, "/api/deep", "deep /api/deep"),
            (SHOP, "/api/deeper", "api /deeper"),
            (SHOP, "/api/deep/er", "deep /api/deep/er"),
            ("www.shop.example", "/api", "web /api"),
            ("SHOP.Example", "/api", "api /"),
            (f"{SHOP}:8080", "/api", "api /"),
        ]:
            answer = await client.ask(host, path)
            assert (answer.status, answer.body.rpartition(" ")[0]) == (200, said), (host, path)
        for host in ("other.example", "evil-shop.example", "shop.example.evil", "a.shop.example"):
            assert (await client.ask(host)).status == 404, host


async def test_a_site_without_a_copy_says_so_itself(proxy: Traefik, client: Client) -> None:
    async with servers("web") as found:
        whole = Site("shop/web", (SHOP,), (found["web"][1],))
        empty = Site("shop/api", (SHOP,), (), ("/api",))
        await proxy.apply(Wish((whole, empty)))
        assert (await client.ask(SHOP, "/api/x")).status == 503
        assert (await client.ask(SHOP, "/x")).server == "web"


async def test_a_canary_gets_its_share_within_two_points(
    proxy: Traefik, settings: Settings
) -> None:
    """Scenario 14: 20 % over 5,000 requests; then promoted."""
    async with servers("old-1", "old-2", "new") as found:
        shares = {"old-1": 4_000, "old-2": 4_000, "new": 2_000}
        backends = tuple(
            Backend(backend.address, shares[name]) for name, (_, backend) in found.items()
        )
        await proxy.apply(Wish((Site("shop/web", (SHOP,), backends),)))
        counted = await crowd(settings.http_port, 8, lambda done: done >= 5_000, host=SHOP)
        share = 100 * counted["new"] / counted.total()
        print(f"a canary of 20 % got {share:.2f} % of {counted.total():,} requests")
        assert set(counted) == set(shares)
        assert abs(share - 20) < 2
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (found["new"][1],)),)))
        after = await crowd(settings.http_port, 4, lambda done: done >= 100, host=SHOP)
        assert set(after) == {"new"}


async def test_routes_change_under_load_and_no_request_fails(
    proxy: Traefik, settings: Settings
) -> None:
    """Scenarios 5, 6: servers come and go while clients post over connections that they keep."""
    changes = 0
    async with servers("first") as found:
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (found["first"][1],)),)))
        over = asyncio.Event()
        load = asyncio.create_task(
            crowd(settings.http_port, 8, lambda _: over.is_set(), host=SHOP, method="POST")
        )
        for number in range(12):
            async with servers(f"turn-{number}", f"more-{number}") as turn:
                backends = tuple(backend for _, backend in turn.values())
                await proxy.apply(Wish((Site("shop/web", (SHOP,), backends[: 1 + number % 2]),)))
                changes += 1
                await until(turn[f"turn-{number}"][0].was_asked)
                await proxy.apply(Wish((Site("shop/web", (SHOP,), (found["first"][1],)),)))
                changes += 1
        over.set()
        counted = await load
    failed = {name: count for name, count in counted.items() if name.startswith("!")}
    print(f"{counted.total():,} requests over {changes} changes of routes, {len(failed)} failed")
    assert failed == {}
    assert len(counted) > 12


CANNED = {
    "/cookies": "200 OK|Set-Cookie: a=1; Path=/|Set-Cookie: b=2; HttpOnly|X-Long: " + "x" * 8_000,
    "/moved": "302 Found|Location: https://elsewhere.example/a?b",
    "/same": '304 Not Modified|Etag: "v1"',
    "/bad": "500 Internal Server Error|X-Own: yes",
}


async def test_what_servers_answer_comes_through_as_it_is(
    proxy: Traefik, settings: Settings
) -> None:
    """Scenario 11, D60, D65: cookies, redirects, 304, errors; nothing is followed or dropped."""
    async with canned_server(CANNED) as canned:
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (canned,)),)))
        for path, said in CANNED.items():
            status, *headers = said.split("|")
            raw = await raw_answer(settings.http_port, f"GET {path} HTTP/1.1\r\nHost: {SHOP}\r\n")
            assert raw.startswith(f"HTTP/1.1 {status}\r\n"), raw
            for header in headers:
                assert f"\r\n{header}\r\n" in raw, (path, header)
        raw = await raw_answer(settings.http_port, f"HEAD /cookies HTTP/1.1\r\nHost: {SHOP}\r\n")
        assert raw.startswith("HTTP/1.1 200 OK\r\n")


async def test_a_stream_comes_piece_by_piece_after_a_large_upload(
    proxy: Traefik, settings: Settings
) -> None:
    """Scenario 11: each piece arrives before the next is sent."""
    more = asyncio.Semaphore(0)
    async with pieces_server(more) as pieces:
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (pieces,)),)))
        reader, writer = await asyncio.open_connection("127.0.0.1", settings.http_port)
        head = f"POST / HTTP/1.1\r\nHost: {SHOP}\r\nContent-Length: {UPLOAD_BYTES}\r\n\r\n"
        writer.write(head.encode())
        async with asyncio.timeout(PATIENCE_SECONDS):
            for _ in range(32):
                writer.write(b"x" * (UPLOAD_BYTES // 32))
                await writer.drain()
            assert f"data: {UPLOAD_BYTES}\n".encode() in await reader.readuntil(b"\n\n\r\n")
            for number in range(3):
                more.release()
                assert b"data: %d\n" % number in await reader.readuntil(b"\n\n\r\n")
        writer.close()


async def test_websockets_and_streams_outlive_a_change_of_routes(
    proxy: Traefik, settings: Settings
) -> None:
    """Scenario 11, D61."""
    async with servers("web", "other") as found, echo_server() as echo:
        web, other = found["web"][1], found["other"][1]
        live = Site("shop/live", (SHOP,), (echo,), ("/live",))
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (web,)), live)))
        reader, writer = await asyncio.open_connection("127.0.0.1", settings.http_port)
        writer.write(
            f"GET /live HTTP/1.1\r\nHost: {SHOP}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "\r\n".encode()
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
            for number in range(4):
                writer.write(b"ping %d\n" % number)
                assert await reader.readline() == b"ping %d\n" % number
                turn = Site("shop/web", (SHOP,), (web, other)[: 1 + number % 2])
                await proxy.apply(Wish((turn, live)))
        writer.close()


async def ask_until_refused(port: int, most: int, forwarded_for: str) -> list[int]:
    client, statuses = Client(port), [200]
    while statuses[-1] == 200 and len(statuses) <= most:
        answer = await client.ask(SHOP, headers=f"X-Forwarded-For: {forwarded_for}\r\n")
        statuses.append(answer.status)
    await client.close()
    return statuses[1:]


async def test_a_client_that_asks_too_often_is_refused_and_no_other(tmp_path: Path) -> None:
    """Scenario 12, D72: `X-Forwarded-For` counts from whom we named, and from nobody else."""
    limited = RateLimit(per_second=1, burst=10)
    async with servers("web") as found:
        wish = Wish((Site("shop/web", (SHOP,), (found["web"][1],), rate_limit=limited),))
        for name, trusted in [("near", ("127.0.0.0/8",)), ("far", ("10.9.9.0/24",)), ("none", ())]:
            settings = settings_in(tmp_path / name, trusted=trusted)
            async with proxy_in(settings) as proxy:
                await proxy.apply(wish)
                one = await ask_until_refused(settings.http_port, 500, "192.0.2.1")
                assert one[:10] == [200] * 10
                assert one[-1] == 429
                # A bucket of its own has room for ten, one that was emptied has not.
                other = await ask_until_refused(settings.http_port, 8, "192.0.2.2")
                assert (other == [200] * 8) is (name == "near"), name


async def test_a_proxy_that_is_killed_comes_back_with_its_routes(
    proxy: Traefik, settings: Settings
) -> None:
    async with servers("web") as found:
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (found["web"][1],)),)))
        killed = proxy.pid
        os.kill(killed, signal.SIGKILL)
        await until(lambda: is_served(settings.http_port))
        assert proxy.pid != killed
        assert proxy.restarts == 1


async def test_the_next_agent_goes_on_with_the_proxy_that_runs(
    proxy: Traefik, settings: Settings
) -> None:
    """Scenario 16: the agent is gone, requests are served, and the one after it takes over."""
    async with servers("web", "next") as found:
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (found["web"][1],)),)))
        pid = proxy.pid
        await proxy.let_go()
        assert await is_served(settings.http_port)
        again = Traefik(settings, program=TRAEFIK)
        await again.start()
        assert again.pid == pid
        assert await is_served(settings.http_port)
        await again.apply(Wish((Site("shop/web", (SHOP,), (found["next"][1],)),)))
        client = Client(settings.http_port)
        assert (await client.ask(SHOP)).server == "next"
        await client.close()
        await again.let_go()


async def test_a_proxy_of_which_nobody_noted_the_number_is_found(
    proxy: Traefik, settings: Settings
) -> None:
    """Its agent was killed in between. A second one would find its ports taken by the first."""
    pid = proxy.pid
    await proxy.let_go()
    (settings.folder / "traefik.pid").unlink()
    again = Traefik(settings, program=TRAEFIK)
    assert again.lets_in()
    await again.start()
    assert again.pid == pid
    await again.let_go()


async def is_served(port: int) -> bool:
    client = Client(port)
    try:
        return (await client.ask(SHOP)).status == 200
    except (OSError, EOFError, IndexError):
        return False
    finally:
        await client.close()


async def test_the_feed_tells_its_wishes_to_the_proxy_alone(
    proxy: Traefik, settings: Settings
) -> None:
    await proxy.apply(Wish(challenges={"token-1": "token-1.thumb"}))
    stranger = Client(settings.feed_port)
    assert (await stranger.ask("127.0.0.1", "/wish")).status == 403
    wrong = await stranger.ask("127.0.0.1", "/wish", headers="Authorization: x\r\n")
    assert wrong.status == 403
    await stranger.close()


async def test_the_answer_to_a_challenge_is_one_that_was_told_and_no_file(
    proxy: Traefik, settings: Settings
) -> None:
    """D41: in the reference it is read from whatever file the path leads to."""
    await proxy.apply(Wish(challenges={"token-1": "token-1.thumb"}))
    outside = Client(settings.http_port)
    answer = await outside.ask("any.example", "/.well-known/acme-challenge/token-1")
    assert (answer.status, answer.body) == (200, "token-1.thumb")
    for path in ("token-2", "../wish", "%2e%2e/wish", "..%2f..%2fwish", ""):
        answer = await outside.ask("any.example", f"/.well-known/acme-challenge/{path}")
        assert answer.status in (301, 400, 404), (path, answer)
    await outside.close()
