"""A letter, and the mail that it becomes: plain text and HTML of the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from basis.kit.texts import one_line
from kitchenasty.kit.http.i18n import current_locale, install_translations

TEMPLATES = Path(__file__).parent / "templates"
Matter = Mapping[str, Any]
"""What a letter is about, in the words of schema.org."""
SUBJECT_LENGTH_MAX = 150
NAME_LENGTH_MAX = 80
PICTURE = "house@letter"
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


class Block(StrEnum):
    """What a part of a letter is."""

    TEXT = "TEXT"
    SMALL = "SMALL"
    TABLE = "TABLE"
    BUTTON = "BUTTON"


def split(part: str | Block) -> tuple[Block, str]:
    return (part, "") if isinstance(part, Block) else (Block.TEXT, part)


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
    described: Matter | None = None
    """For mail programs that show it in their own way."""
    pattern: str = ""
    """Of what kind it is, for owners who have words of their own for it; empty for one of none."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What those words may say of it."""
    needs: frozenset[str] = frozenset()
    """What they may not leave out."""
    is_advertising: bool = False
    """Whether its reader may ask for no more of them; what has to be told is told anyway."""
    way_out: str = ""
    """Where its reader asks for no more of them."""
    body: tuple[str | Block, ...] | None = None
    """Those words, in the owner's order; without them, `paragraphs` and what comes after."""

    @property
    def parts(self) -> tuple[tuple[Block, str], ...]:
        """What stands below each other. A table without rows and a button without a link are
        nowhere.
        """
        usual = (*self.paragraphs, Block.TABLE, Block.BUTTON)
        shown = [split(one) for one in (usual if self.body is None else self.body)]
        if self.body is None:
            shown += [(Block.SMALL, line) for line in self.after]
        gone = {Block.TABLE: not self.rows, Block.BUTTON: self.action is None}
        return tuple(part for part in shown if not gone.get(part[0], False))


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
    accent_dark: str = "#fdba74"
    """Of links on a dark ground."""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of the house, sent along: mail programs fetch nothing for it."""

    content: bytes
    subtype: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the words: whose letter it is, and where its picture is."""

    head: Head
    house: str
    source: str = ""


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
    source = f"cid:{PICTURE}" if head.picture else ""
    message = EmailMessage(policy=SMTP)
    # Every word that becomes a header is one line: a line end would begin a header of its own.
    message["Subject"] = plain_subject(letter.subject)
    message["From"] = Address(display_name=house, addr_spec=sender.address)
    message["To"] = Address(addr_spec=written_for_wires(recipient))
    message["Date"] = written_at
    message["Message-ID"] = f"<{notice_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.way_out:
        # RFC 8058: mail programs show a button, and press it by a POST without a question.
        message["List-Unsubscribe"] = f"<{letter.way_out}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    frame = Frame(head, above, source)
    message.set_content(plain_of(letter, frame))
    message.add_alternative(html_of(letter, frame), subtype="html")
    if head.picture:
        add_picture(message, head.picture)
    message["Content-Language"] = current_locale.get()[:2]
    for one in letter.attachments:
        attach(message, one)
    return message


def plain_subject(text: str) -> str:
    """What looks like the code for other letters is none: decoded, it could be several lines."""
    return one_line(text).replace("=?", "= ?")[:SUBJECT_LENGTH_MAX]


def plain_of(letter: Letter, frame: Frame) -> str:
    plain = templates().get_template("notices/letter.txt").render(facts_of(letter, frame))
    return EMPTY_LINES.sub("\n\n", plain).strip() + "\n"


def html_of(letter: Letter, frame: Frame) -> str:
    return templates().get_template("notices/letter.html").render(facts_of(letter, frame))


def facts_of(letter: Letter, frame: Frame) -> dict[str, Any]:
    return {
        "letter": letter,
        "head": frame.head,
        "house": frame.house,
        "source": frame.source,
        "language": current_locale.get()[:2],
    }


def add_picture(message: EmailMessage, picture: Picture) -> None:
    """Beside the HTML, which shows it by this name."""
    html = message.get_body(("html",))
    assert isinstance(html, EmailMessage), "it was just added"
    html.add_related(
        picture.content,
        maintype="image",
        subtype=picture.subtype,
        cid=f"<{PICTURE}>",
        disposition="inline",
    )


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
