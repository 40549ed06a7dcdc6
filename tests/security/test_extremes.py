"""X3 and X2: bodies, addresses and lines that no client means; the server answers and goes on."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from kitchenasty.kit.http.local_paths import is_local_path
from kitchenasty.tests.access_table import TABLE
from tests.security.conftest import Target
from tests.security.corpora import lines_of

DEPTH = 10_000
MEGABYTES_10 = 10_000_000
FILLER = "01890000-0000-7000-8000-000000000009"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
FILE_OF_ANOTHER_PLACE = (
    b'--x\r\nContent-Disposition: form-data; name="image"; filename="../../x.py"\r\n'
    b"Content-Type: image/png\r\n\r\nGIF89a\r\n--x--\r\n"
)
BODIES: list[tuple[str, bytes]] = [
    (JSON, b"[" * DEPTH + b"]" * DEPTH),
    (JSON, b'{"a":' * DEPTH + b"1" + b"}" * DEPTH),
    (JSON, b'{"name":' + b"[" * DEPTH),
    (JSON, b"NaN"),
    (JSON, b'{"price":NaN,"shownTotal":NaN,"lat":NaN,"version":NaN}'),
    (JSON, b'{"price":Infinity,"lat":-Infinity}'),
    (JSON, b'{"price":1e999999,"shownTotal":1e999999,"lat":1e999,"version":1e99}'),
    (JSON, b'{"price":' + b"9" * 5_000 + b',"sortOrder":' + b"9" * 5_000 + b"}"),
    (JSON, b'{"price":"1E+999999999","shownTotal":"NaN","deliveryFee":"sNaN"}'),
    (JSON, b'{"name":"\\ud800","comment":"\\udfff\\ud800","password":"\\ud800"}'),
    (JSON, b'{"name":"a\\u0000b","email":"a\\u0000@b.example","password":"\\u0000\\u0000"}'),
    (JSON, b'{"name":"\xff\xfe","email":"\xc0\x80"}'),
    (JSON, b'{"name":"a","name":"b","__proto__":{"role":"SUPER_ADMIN"}}'),
    (JSON, b""),
    (JSON, b"null"),
    (JSON, b'"text"'),
    (JSON, b"0"),
    (JSON, b'{"name":'),
    (JSON, b"\xef\xbb\xbf{}"),
    (f"{JSON}; charset=utf-16", '{"name":"x"}'.encode("utf-16")),
    ("text/plain", b"hello"),
    ("application/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("application/yaml", b"!!python/object/apply:os.system [id]"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    ("multipart/form-data; boundary=x", FILE_OF_ANOTHER_PLACE),
    ("nonsense", b"\x00\x01"),
    ("", b"{}"),
    (FORM, b"email=a%00b&password=%ff%fe&name=%ED%A0%80&target=%00&version=1e5&quantity=%00"),
    (FORM, b"dish=%00&line=%00&quantity=-1&note=%00&any=%00&one-x=%00&many-%00=1&key=%00"),
    (FORM, b"&".join(b"a%d=b" % number for number in range(3_000))),
    (FORM, b"order_type=%00&when=9999-99-99T99%3A99&total=" + b"9" * 4_000),
    (FORM, b"when=0001-01-01T00%3A00%3A00%2B23%3A59&when=9999-12-31T23%3A59%3A59-23%3A59"),
]  # fmt: skip
HUGE = (JSON, b'{"name":"' + b"x" * MEGABYTES_10 + b'"}')
QUERIES = [
    "?" + "a" * 8_000,
    "?" + "&".join(f"page={number}" for number in range(800)),
    "?page=" + "9" * 5_000,
    "?page=-1&limit=-1&after=%00",
    "?page=1e9&limit=NaN&status=%ff&search=%00",
    "?q=%ED%A0%80&from=9999-12-31&to=9999-12-31&house=%27%22&after=AAAA",
    "?from=0001-01-01&to=0001-01-01&after=WyIyMDMwIiwgIngiXQ",
    "?locationId=%2e%2e%2f&categoryId=%27;--&search=%25%25%25____%5c",
]
PLACES = ("/static/", "/uploads/", "/static/kitchen/", "/t/", "/at/", "/kitchen/", "/api/orders/")
SECRETS = (b"root:x:0:", b"SQLite format 3", b"[boot loader]", b"from __future__")


@pytest.fixture
def client(target: Target) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=target.server.url, timeout=60) as opened:
        yield opened


def routes_with(*methods: str) -> list[tuple[str, str]]:
    """The routes in the order of the methods: what deletes things comes last."""
    pairs = [tuple(route.split(" ", 1)) for route in TABLE]
    return [(found, path) for method in methods for found, path in pairs if found == method]


def filled(path: str, target: Target) -> str:
    parts = {
        "house_id:str": target.house.id,
        "house:str": target.house.slug,
        "item_id:str": target.dish_id,
        "order_id:str": target.order.id,
        "capability:str": target.order.capability,
    }
    for name, value in parts.items():
        path = path.replace("{" + name + "}", value)
    while "{" in path:
        start, end = path.index("{"), path.index("}")
        path = path[:start] + FILLER + path[end + 1 :]
    return path


def keys_of(target: Target) -> dict[str, str]:
    """What makes both kinds of doors open."""
    return {
        "authorization": f"Bearer {target.owner_token}",
        "cookie": f"session={target.owner_cookie}",
        "origin": target.server.url,
    }


def check_log(target: Target) -> int:
    """Every line of the log begins as a line of ours does; answers how many there are."""
    lines = target.server.log.read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith(("timestamp=", "Serving "))] == []
    assert [line for line in lines if "level=error" in line] == []
    return len(lines)


def test_no_body_makes_the_server_fall(target: Target, client: httpx.Client) -> None:
    fallen, sent, headers = [], 0, keys_of(target)
    for method, path in routes_with("POST", "PUT", "PATCH", "DELETE"):
        if path.endswith(("/logout", "/sign-out", "/sign-in")):
            continue  # these end the session with which the others are tried
        for kind, body in [*BODIES, *([HUGE] if "orders" in path else [])]:
            answer = client.request(
                method, filled(path, target), content=body, headers=headers | {"content-type": kind}
            )
            sent += 1
            if answer.status_code >= 500:
                fallen.append(f"{method} {path} {kind} {body[:60]!r}: {answer.text[:200]}")
    print(f"X3: {sent} hostile bodies, {len(fallen)} answered with 5xx")
    assert "\n".join(fallen) == ""
    assert check_log(target) > 100


def test_no_query_makes_the_server_fall(target: Target, client: httpx.Client) -> None:
    fallen, sent, headers = [], 0, keys_of(target)
    for method, path in routes_with("GET"):
        for query in QUERIES:
            answer = client.request(method, filled(path, target) + query, headers=headers)
            sent += 1
            if answer.status_code >= 500:
                fallen.append(f"{method} {path}{query[:60]}: {answer.text[:200]}")
    print(f"X3: {sent} hostile queries, {len(fallen)} answered with 5xx")
    assert "\n".join(fallen) == ""


def own_traversals(target: Target) -> list[str]:
    """The way from a folder of ours to the file with the secret key, in many spellings."""
    secret = f"{target.server.data}/secret.key"
    ways = [f"{'../' * depth}{secret.lstrip('/')}" for depth in (1, 4, 8, 16)]
    spelt = [way.replace("../", up) for way in ways for up in ("../", "%2e%2e/", "..%2f", "....//")]
    spelt += [way.replace("/", slash) for way in ways for slash in ("%5c", "\\", "%252f", "%c0%af")]
    return [
        *spelt,
        secret,
        quote(secret, safe=""),
        f"file://{secret}",
        "secret.key",
        "%2fsecret.key",
    ]


def ask_raw(target: Target, path: str) -> tuple[int, bytes]:
    """Ask for a path as it is written: a careful client would tidy it first."""
    connection = http.client.HTTPConnection("127.0.0.1", target.server.port, timeout=30)
    plain = "".join(c if "!" <= c <= "~" else quote(c, safe="", errors="replace") for c in path)
    try:
        connection.request("GET", plain, headers=keys_of(target))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_no_path_leads_out_of_its_folder(target: Target) -> None:
    secret = (target.server.data / "secret.key").read_bytes().strip()
    lines = lines_of("traversal") + own_traversals(target)
    fallen, leaked, sent = [], [], 0
    for line in lines:
        for place in PLACES if len(lines) < 400 else PLACES[:3]:
            status, body = ask_raw(target, place + line)
            sent += 1
            if status >= 500:
                fallen.append(f"{place}{line}: {status}")
            if any(mark in body for mark in (*SECRETS, secret)):
                leaked.append(f"{place}{line}")
    print(f"X3: {sent} ways out of {len(lines)} lines, {len(leaked)} led out, {len(fallen)} fell")
    assert (leaked, fallen) == ([], [])
    check_log(target)


def test_no_address_leads_to_another_site(target: Target, client: httpx.Client) -> None:
    """Signed in already, with a wrong password, and choosing looks: wherever `next` is read."""
    lines = [*lines_of("open-redirect"), "javascript:alert(1)", "/\r\nx: y", "/%0d%0ax:y", "\\\\x"]
    strayed, followed = [], 0
    for line in lines:
        entered = client.get("/sign-in", params={"next": line}, headers=keys_of(target))
        looked = client.post(
            "/looks", data={"scheme": "dark", "next": line}, headers=keys_of(target)
        )
        shown = client.post(
            "/sign-in",
            data={"email": "x@y.example", "password": "x", "next": line},
            headers={"origin": target.server.url},
        )
        followed += 2
        strayed += [line for answer in (entered, looked) if not leads_here(answer, target)]
        offered = re.findall(r'name="next" value="([^"]*)"', shown.text)
        assert offered, "the page keeps where to go, at least for the choice of looks"
        strayed += [f"{line}: in a form" for next_ in offered if not is_local_path(unescape(next_))]
    print(f"X3: {followed} redirects from {len(lines)} lines, {len(strayed)} to another site")
    assert strayed == []
    check_log(target)


def leads_here(answer: httpx.Response, target: Target) -> bool:
    where = answer.headers["location"]
    here = httpx.URL(target.server.url)
    there = here.join(where)
    plain: Any = where.startswith("/") and where[1:2] not in ("/", "\\") and where.isprintable()
    return bool(plain and there.host == here.host and there.scheme == "http")
