"""Forms in which several boxes of one name are ticked, or one, or none."""

from __future__ import annotations

from typing import TypeVar

import msgspec
import msgspec.inspect

from basis.errors import Invalid
from basis.kit.http.wire import Form
from kitchenasty.kit.http.web import WebRequest

F = TypeVar("F", bound=Form)


class FormUnreadable(Invalid):
    """The form is too long, or holds what no field takes."""


async def read_ticked(request: WebRequest, kind: type[F]) -> F:
    """A form of this kind as a browser sends it. Raises FormUnreadable."""
    sent = await request.form()
    values = {
        field.encode_name: sent.getall(field.encode_name)
        if takes_several(field.type)
        else sent[field.encode_name]
        for field in msgspec.structs.fields(kind)
        if field.encode_name in sent
    }
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise FormUnreadable("This form is too long, or holds what no field takes.") from error


def takes_several(kind: object) -> bool:
    return isinstance(msgspec.inspect.type_info(kind), msgspec.inspect.ListType)
