"""Letters by SMTP, with or without TLS, to the people who run a cluster."""

from __future__ import annotations

import asyncio
import ssl
from email.message import EmailMessage

import aiosmtplib

from basis.errors import Unavailable
from basis.kit.secret import Secret
from orca.spec import Mailing

SECONDS_MAX = 20
"""For each answer of the server."""
WHOLE_SECONDS_MAX = 90


class PostAway(Unavailable):
    """The mail server does not take the letter now."""


async def send_mail(mailing: Mailing, password: Secret | None, letter: EmailMessage) -> None:
    """Certificates are checked; there is no way around it. Raises PostAway."""
    letter["From"] = mailing.sender
    letter["To"] = ", ".join(mailing.to)
    server = aiosmtplib.SMTP(
        hostname=mailing.host,
        port=mailing.port,
        username=mailing.user or None,
        password=None if password is None else str(password),
        use_tls=mailing.tls == "tls",
        start_tls=mailing.tls == "starttls",
        tls_context=None if mailing.tls == "none" else ssl.create_default_context(),
        # Asking the system for its name can wait for a name server.
        local_hostname=mailing.sender.rpartition("@")[2],
        timeout=SECONDS_MAX,
    )
    try:
        async with asyncio.timeout(WHOLE_SECONDS_MAX), server:
            await server.send_message(letter)
    except (aiosmtplib.SMTPException, OSError) as away:
        raise PostAway(f"{type(away).__name__}: {away}") from away
