"""Forms of the office that carry pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import msgspec
from litestar.datastructures import UploadFile

from basis.errors import Invalid
from basis.kit.http.wire import Form
from kitchenasty.kit.http.web import WebRequest

UPLOAD_BYTES_MAX = 18_000_000
"""Two pictures of the size that we take, and the words beside them."""
Kind = TypeVar("Kind", bound=Form)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a form: its field, its content, and what its sender calls it."""

    field: str
    content: bytes
    name: str


class FormUnreadable(Invalid):
    """A field of the form is longer than it may be, or is none of ours."""


async def read_form(request: WebRequest, kind: type[Kind]) -> tuple[Kind, list[Sent]]:
    """What was typed, and the files that were chosen. Raises FormUnreadable."""
    words: dict[str, str] = {}
    files: list[Sent] = []
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            files.append(Sent(name, await value.read(), value.filename))
        else:
            words[name] = str(value)
    try:
        typed = msgspec.convert(words, kind)
    except msgspec.ValidationError as error:
        raise FormUnreadable(f"This form cannot be read: {error}") from error
    return typed, [one for one in files if one.content]
