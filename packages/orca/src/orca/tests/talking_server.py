"""What runs in the containers of tests that look at every byte: a server that answers in all the
ways that a proxy can spoil. It has the standard library and nothing else: see `talker.py`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import socket
import socketserver
import struct
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

PORT = 8080
LARGE_BYTES = 10 * 1_048_576
RICH_HEADERS = 80
HEADER_BYTES = 300
PART_BYTES = 1_048_576
ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE = 1, 8
NAME = socket.gethostname()
VERSION = os.environ.get("VERSION", "1")
TICK_SECONDS = 0.05


class Server(socketserver.ThreadingTCPServer):
    """A thread for each connection. `is_well` is what it says of its health."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    is_well = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients go when they like."""


class Talk(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        DOORS.get(self.path.partition("?")[0], say_version)(self)
        self.wfile.flush()

    do_HEAD = do_POST = do_GET  # noqa: N815 - so the library calls them

    def log_message(
        self,
        format: str,  # noqa: A002 - as above
        *arguments: object,
    ) -> None:
        """What was asked is in the answers."""

    def say(self, body: bytes | str, *headers: tuple[str, str], status: int = 200) -> None:
        sent = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    def said(self) -> int:
        """How many bytes were sent to us. Nothing of them is kept."""
        left = whole = int(self.headers.get("Content-Length", 0))
        place = memoryview(bytearray(PART_BYTES))
        while left and (got := self.rfile.readinto1(place[: min(left, PART_BYTES)])):
            left -= got
        return whole - left


def say_version(talk: Talk) -> None:
    talk.said()
    talk.say(f"{VERSION} {NAME}")


def say_asked(talk: Talk) -> None:
    """What arrived here."""
    talk.said()
    headers = [[name.lower(), value] for name, value in talk.headers.items()]
    talk.say(json.dumps({"method": talk.command, "path": talk.path, "headers": headers}))


def say_health(talk: Talk) -> None:
    talk.say("ok\n" if talk.server.is_well else "ill\n", status=200 if talk.server.is_well else 404)


def be_ill(talk: Talk) -> None:
    """From now on, until this process is another one."""
    talk.said()
    talk.server.is_well = False
    talk.say("ill\n")


def count_bytes(talk: Talk) -> None:
    talk.say(str(talk.said()))


def say_much(talk: Talk) -> None:
    rich = [(f"X-Rich-{number}", f"{number:0>{HEADER_BYTES}}") for number in range(RICH_HEADERS)]
    talk.say(b"0123456789abcdef" * (LARGE_BYTES // 16), *rich)


def give_cookies(talk: Talk) -> None:
    talk.say("", ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; HttpOnly; SameSite=Lax"))


def send_elsewhere(talk: Talk) -> None:
    """As servers do that know that something before them takes a prefix off."""
    talk.said()
    prefix = talk.headers.get("X-Forwarded-Prefix", "")
    talk.say("", ("Location", f"{prefix}/there?a=b"), status=303)


def send_beside(talk: Talk) -> None:
    talk.say("", ("Location", "there"), status=302)


def say_if_changed(talk: Talk) -> None:
    etag = ("ETag", '"v1"')
    if talk.headers.get("If-None-Match") != etag[1]:
        talk.say("whole", etag)
        return
    talk.send_response(304)
    talk.send_header(*etag)
    talk.end_headers()


def tick(talk: Talk) -> None:
    """Server-sent events, until nobody listens."""
    talk.send_response(200)
    talk.send_header("Content-Type", "text/event-stream")
    talk.send_header("Transfer-Encoding", "chunked")
    talk.end_headers()
    number = 0
    while True:
        event = f"data: {NAME} {number}\n\n".encode()
        talk.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        talk.wfile.flush()
        number += 1
        time.sleep(TICK_SECONDS)


def echo(talk: Talk) -> None:
    """A WebSocket: says who it is, and then what it hears."""
    key = talk.headers["Sec-WebSocket-Key"] + ACCEPT
    accepted = base64.b64encode(hashlib.sha1(key.encode(), usedforsecurity=False).digest())
    talk.send_response(101)
    talk.send_header("Connection", "Upgrade")
    talk.send_header("Upgrade", "websocket")
    talk.send_header("Sec-WebSocket-Accept", accepted.decode())
    talk.end_headers()
    talk.close_connection = True
    heard: bytes | None = NAME.encode()
    while heard is not None:
        talk.wfile.write(struct.pack("!BB", 0x80 | TEXT, len(heard)) + heard)
        talk.wfile.flush()
        heard = frame_from(talk)


def frame_from(talk: Talk) -> bytes | None:
    """A short text that is masked, as clients send them; None at the end."""
    head = talk.rfile.read(2)
    if len(head) < 2 or head[0] & 0x0F == CLOSE:
        return None
    length = head[1] & 0x7F
    mask = talk.rfile.read(4)
    masked = talk.rfile.read(length)
    return bytes(each ^ mask[index % 4] for index, each in enumerate(masked))


DOORS: dict[str, Callable[[Talk], None]] = {
    "/asked": say_asked,
    "/healthz": say_health,
    "/ill": be_ill,
    "/upload": count_bytes,
    "/large": say_much,
    "/cookies": give_cookies,
    "/moved": send_elsewhere,
    "/beside": send_beside,
    "/same": say_if_changed,
    "/events": tick,
    "/socket": echo,
}


def main() -> None:
    # The first process of a container does not end by a signal that it does not listen to.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    time.sleep(float(os.environ.get("BEGINS_AFTER", "0")))
    with Server(("", PORT), Talk) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
