"""How a fact is written into a text, by where that text goes. What a guest typed stays a text
there: it never becomes a tag, a header, a second message or a field.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

FACT_LENGTH_MAX = 500
"""A fact is a name, an amount, a note: who writes a novel there fills nobody's letter with it."""
BLANKS = re.compile(r"\s+")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class Channel(StrEnum):
    """`TEXT` is plain text of several lines, such as a letter before it is composed; `LINE` is one
    line of it: the subject of a mail, the value of a header; `SMS` one line too; `HTML` and `JSON`
    are the inside of an element or an attribute, and of a string.
    """

    TEXT = "TEXT"
    LINE = "LINE"
    SMS = "SMS"
    HTML = "HTML"
    JSON = "JSON"


def write_fact(text: str, channel: Channel) -> str:
    return WRITERS[channel](text[:FACT_LENGTH_MAX])


def on_lines(text: str) -> str:
    """Without control codes but the end of a line, and without what is invisible."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in plain if one == "\n" or is_seen(one))


def on_one_line(text: str) -> str:
    joined = BLANKS.sub(" ", text)
    return "".join(one for one in joined if is_seen(one)).strip()


def is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN


def in_html(text: str) -> str:
    return html.escape(on_lines(text), quote=True)


def in_json(text: str) -> str:
    """The inside of a JSON string, safe inside a script too: a tag cannot end in it."""
    written = json.dumps(text, ensure_ascii=True)[1:-1]
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


WRITERS: dict[Channel, Callable[[str], str]] = {
    Channel.TEXT: on_lines,
    Channel.LINE: on_one_line,
    Channel.SMS: on_one_line,
    Channel.HTML: in_html,
    Channel.JSON: in_json,
}
