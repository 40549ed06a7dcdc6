"""The house's mail server, spoken to by SMTP with or without TLS."""

from __future__ import annotations

import ssl
from email.message import EmailMessage

import aiosmtplib

from kitchenasty.kit.config import Smtp, SmtpTls
from kitchenasty.notices.letters import Sender
from kitchenasty.notices.port import PostAway, PostRefused

SECONDS_MAX = 20
PERMANENT = 500


class SmtpPost:
    """One connection for each letter: a restaurant sends a few in an hour."""

    def __init__(self, settings: Smtp) -> None:
        self._settings = settings
        self._tls = None if settings.tls is SmtpTls.NONE else ssl.create_default_context()

    async def send(self, message: EmailMessage) -> None:
        """Raises PostAway or PostRefused."""
        try:
            async with self._connection() as server:
                await server.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            first = refused.recipients[0]
            raise PostRefused(told(first), is_final=first.code >= PERMANENT) from refused
        except aiosmtplib.SMTPDataError as refused:
            raise PostRefused(told(refused), is_final=refused.code >= PERMANENT) from refused
        except aiosmtplib.SMTPNotSupported as refused:
            # A letter box with letters that this server cannot spell.
            raise PostRefused(str(refused), is_final=True) from refused
        except (aiosmtplib.SMTPException, OSError) as away:
            # Also a refused password or sender: the owner mends it, and the letters wait.
            raise PostAway(f"{type(away).__name__}: {away}") from away

    async def greet(self) -> None:
        """Go in and out again. Raises PostAway."""
        try:
            async with self._connection():
                return
        except (aiosmtplib.SMTPException, OSError) as away:
            raise PostAway(f"{type(away).__name__}: {away}") from away

    def _connection(self) -> aiosmtplib.SMTP:
        """Certificates are checked; there is no way around it."""
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.user,
            password=None if settings.password is None else str(settings.password),
            use_tls=settings.tls is SmtpTls.TLS,
            start_tls=settings.tls is SmtpTls.STARTTLS,
            tls_context=self._tls,
            # Asking the system for its name can wait for a name server.
            local_hostname=settings.sender.rpartition("@")[2],
            timeout=SECONDS_MAX,
        )


def sender_of(settings: Smtp) -> Sender:
    return Sender(settings.sender, settings.sender_name, settings.public_url)


def told(refused: aiosmtplib.SMTPResponseException) -> str:
    return f"{refused.code} {refused.message}"
