"""A mail server of our own on this machine, as strict as a test wants it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

USER, PASSWORD = "house", "nine small onions"


@dataclass
class MailServer:
    """What it took; `answers` are given instead of taking, one for each letter."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    was_private: list[bool] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    """Told of every letter."""
    taking: Callable[[], None] = lambda: None
    """Called for every letter, before its sender is told that it was taken."""

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(message_from_bytes(content, policy=MAIL))
        self.recipients.append(list(envelope.rcpt_tos))
        self.was_private.append(server.transport.get_extra_info("ssl_object") is not None)
        async with self.news:
            self.news.notify_all()
        self.taking()
        return "250 taken"

    def check(
        self, _server: Any, _session: Any, _envelope: Any, _way: str, said: Any
    ) -> AuthResult:
        assert isinstance(said, LoginPassword)
        is_known = said == LoginPassword(USER.encode(), PASSWORD.encode())
        if is_known:
            self.signed_in.append(USER)
        return AuthResult(success=is_known, handled=False)


@asynccontextmanager
async def open_mail_server(
    *, tls: ssl.SSLContext | None = None, wrapped: bool = False, needs_password: bool = False
) -> AsyncIterator[MailServer]:
    """On a port that the system picked. With `tls`, STARTTLS is asked for, or TLS from the first
    byte on if it is `wrapped`.
    """
    found = MailServer()

    def answer() -> SMTP:
        return SMTP(
            found,
            hostname="mail.example",
            tls_context=None if wrapped else tls,
            require_starttls=tls is not None and not wrapped,
            authenticator=found.check if needs_password else None,
            # The library would not let anybody in over a way that it did not close itself.
            auth_required=needs_password and not wrapped,
            auth_require_tls=not wrapped,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(answer, "127.0.0.1", 0, ssl=tls if wrapped else None)
    found.port = listening.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        listening.close()
        await listening.wait_closed()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Certificate and key of `localhost`, signed by themselves."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    openssl = shutil.which("openssl")
    assert openssl, "openssl is missing; `make test` installs it"
    made = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    )
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, *made.split(), *files], check=True, capture_output=True)  # noqa: S603
    return certificate, key
