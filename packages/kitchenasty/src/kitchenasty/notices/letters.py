"""A letter, and the mail that it becomes: plain text and HTML of the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from kitchenasty.kit.http.i18n import current_locale, install_translations
from kitchenasty.kit.texts import one_line

TEMPLATES = Path(__file__).parent / "templates"
SUBJECT_LENGTH_MAX = 150
NAME_LENGTH_MAX = 80
EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing that the reader can do, as a button; `url` is absolute."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter. `make` may take its time: it is called in a thread, when no
    transaction is open.
    """

    name: str
    media_type: str
    make: Callable[[], bytes]
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What its Content-Type says besides: of a calendar, what is to be done with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says. `rows` are pairs such as a dish and its price."""

    subject: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    action: Action | None = None
    after: tuple[str, ...] = ()
    house: str = ""
    """Who writes; empty for the name that the settings give the sender."""
    attachments: tuple[Attachment, ...] = ()
    described: Mapping[str, Any] | None = None
    """The matter in the words of schema.org, for mail programs that show it in their own way."""


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom all letters come, and the address of the house on the web."""

    address: str
    name: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Head:
    """How letters look: the name above those that no single house writes, the colour of their
    button, dark enough for white words, and where questions are answered, if anywhere.
    """

    name: str = ""
    accent: str = "#9a3412"
    email: str = ""
    phone: str = ""


@cache
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install_translations(environment)
    return environment


def compose(
    letter: Letter,
    *,
    sender: Sender,
    recipient: str,
    notice_id: str,
    written_at: datetime,
    head: Head = Head(),
) -> EmailMessage:
    """The mail. However often it is composed, its Message-ID and date are the same, so that a
    letter sent twice is shown once.
    """
    house = one_line(letter.house)[:NAME_LENGTH_MAX] or sender.name
    domain = sender.address.rpartition("@")[2]
    above = one_line(letter.house)[:NAME_LENGTH_MAX] or head.name or sender.name
    language = current_locale.get()[:2]
    facts = {"letter": letter, "house": above, "head": head, "language": language}
    message = EmailMessage(policy=SMTP)
    # Every word that becomes a header is one line: a line end would begin a header of its own.
    message["Subject"] = one_line(letter.subject)[:SUBJECT_LENGTH_MAX]
    message["From"] = Address(display_name=house, addr_spec=sender.address)
    message["To"] = Address(addr_spec=written_for_wires(recipient))
    message["Date"] = written_at
    message["Message-ID"] = f"<{notice_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    plain = templates().get_template("notices/letter.txt").render(facts)
    message.set_content(EMPTY_LINES.sub("\n\n", plain).strip() + "\n")
    message.add_alternative(
        templates().get_template("notices/letter.html").render(facts), subtype="html"
    )
    message["Content-Language"] = facts["language"]
    for one in letter.attachments:
        attach(message, one)
    return message


def attach(message: EmailMessage, one: Attachment) -> None:
    kind, _, subtype = one.media_type.partition("/")
    message.add_attachment(
        one.make(),
        maintype=kind,
        subtype=subtype,
        filename=one.name,
        params=dict(one.parameters),
    )


def written_for_wires(address: str) -> str:
    """The address with its domain as name servers know it: `jörg@grün.example` keeps its name and
    gets `xn--grn-ioa.example`.
    """
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
