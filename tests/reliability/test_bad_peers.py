"""F4: clients that waste our time, and a database behind a line that swallows everything."""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from basis.kit.testing import PostgresCluster
from tests.reliability.conftest import prepare_shop
from tests.reliability.fault_proxy import BLACK_HOLE, BYTE_BY_BYTE, NONE, Fault, fault_proxy
from tests.reliability.shop import Shop, check_nothing_happened, tell

SLOW_CONNECTIONS = 2_000
FILES_MIN = 4_096
HONEST = 40
LONGEST_CALL_SECONDS = 10
ENDED_SECONDS_MAX = 120
HALF_A_HEAD = b"GET /api/health HTTP/1.1\r\nhost: house.example\r\nx-slow: "


def half_a_body(shop: Shop) -> bytes:
    return (
        b"POST /api/orders HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-type: application/json\r\n"
        b'content-length: 5000\r\n\r\n{"locationId": "' % shop.server.port
    )


@asynccontextmanager
async def slow_clients(
    shop: Shop, count: int, beginnings: list[bytes]
) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Connections that begin a request and never end it."""
    lines = []
    for number in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", shop.server.port)
        writer.write(beginnings[number % len(beginnings)])
        lines.append((reader, writer))
    try:
        yield [reader for reader, _ in lines]
    finally:
        for _, writer in lines:
            writer.transport.abort()


async def is_ended(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends this connection, with or without an answer."""
    try:
        await asyncio.wait_for(reader.read(), ENDED_SECONDS_MAX)
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    return True


@pytest.fixture
def _many_files() -> Iterator[None]:
    """Each connection is a file, here and at the server."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES_MIN:
        pytest.skip(f"this system allows no more than {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, FILES_MIN), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("_many_files")
async def test_2000_slow_clients_do_not_keep_honest_guests_waiting(shop: Shop) -> None:
    seconds = []
    beginnings = [HALF_A_HEAD, half_a_body(shop)]
    async with slow_clients(shop, SLOW_CONNECTIONS, beginnings) as readers:
        async with httpx.AsyncClient(timeout=30) as client:
            for number in range(HONEST):
                started = time.perf_counter()
                await shop.order(client, f"honest-{number}")
                seconds.append(time.perf_counter() - started)
        ended = sum(await asyncio.gather(*(is_ended(reader) for reader in readers)))
    p95 = statistics.quantiles(seconds, n=20)[18]
    books = await shop.compare()
    words = f"{SLOW_CONNECTIONS} slow connections, {ended} ended by the server, honest p95"
    tell("F4", f"{words} {p95 * 1_000:.0f} ms", shop, books)
    assert ended == SLOW_CONNECTIONS
    assert books["orders"] == HONEST
    check_nothing_happened(books)


@pytest.mark.parametrize(
    "fault",
    [BYTE_BY_BYTE, Fault(delay_seconds=0.05, piece_bytes=40), Fault(cut_after_bytes=30)],
    ids=["byte by byte", "slow", "cut"],
)
async def test_an_order_over_a_bad_line_exists_once(shop: Shop, fault: Fault) -> None:
    async with fault_proxy(("127.0.0.1", shop.server.port)) as proxy:
        proxy.fault = fault
        async with httpx.AsyncClient(timeout=30) as client:
            heard = await shop.send(client, "guest", url=proxy.url)
            proxy.fault = NONE
            await shop.order(client, "guest")
    assert (heard is None) == (fault.cut_after_bytes is not None)
    assert heard is None or heard.json()["data"]["id"] == shop.acknowledged["guest"]
    await shop.wait_until_delivered()
    check_nothing_happened(await shop.compare())


@pytest.mark.postgres
async def test_a_database_behind_a_black_hole_is_a_503_within_ten_seconds(
    own_cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The worst line: it takes connections and requests, and nothing ever comes back."""
    own_cluster.create_database("house")
    folder = tmp_path_factory.mktemp("behind")
    async with fault_proxy(str(own_cluster.socket)) as proxy:
        url = f"postgresql://postgres@127.0.0.1:{proxy.port}/house"
        shop = await asyncio.to_thread(prepare_shop, folder, url)
        await asyncio.to_thread(shop.server.start)
        try:
            async with httpx.AsyncClient(timeout=60) as client:
                await shop.order(client, "before")
                proxy.fault = BLACK_HOLE
                asked = [ask(shop, client, number) for number in range(30)]
                answers = await asyncio.gather(*asked)
                proxy.fault = NONE
                await shop.order(client, "after")
            await shop.wait_until_delivered()
        finally:
            await asyncio.to_thread(shop.server.kill)
        books = await shop.compare()
    longest = max(seconds for _, seconds in answers)
    codes = {status for status, _ in answers}
    tell("F4", f"30 calls into a black hole, answers {codes}, longest {longest:.1f} s", shop, books)
    check_nothing_happened(books)
    assert codes == {503}
    assert longest <= LONGEST_CALL_SECONDS
    assert books["orders"] == 2


async def ask(shop: Shop, client: httpx.AsyncClient, number: int) -> tuple[int, float]:
    """Status and seconds of one order, or of one page, while nothing comes back."""
    started = time.perf_counter()
    if number % 2:
        answer = await shop.send(client, f"meanwhile-{number}")
    else:
        answer = await client.get(f"{shop.server.url}/t/{'x' * 22}")
    assert answer is not None
    return answer.status_code, time.perf_counter() - started
