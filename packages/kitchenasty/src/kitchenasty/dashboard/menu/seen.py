"""Forms that say what was seen when they were opened, so that nobody's change is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

import msgspec

from basis.kit.http.wire import Form

SEEN_LENGTH_MAX = 40_000


class SeenForm(Form, kw_only=True):
    """`seen` is the form as it was given out."""

    VERBATIM = frozenset({"seen"})

    seen: Annotated[str, msgspec.Meta(max_length=SEEN_LENGTH_MAX)] = ""


F = TypeVar("F", bound=SeenForm)


def seen_in(form: F) -> F | None:
    """The form as it was given out; None if that is not told."""
    try:
        return msgspec.json.decode(form.seen, type=type(form))
    except (msgspec.MsgspecError, RecursionError):
        return None


def seen_again(
    form: F, now: F, lost: Sequence[str], fields_of: Mapping[str, tuple[str, ...]]
) -> str:
    """What the next try has seen: of what somebody else changed, their words. All else as before,
    or the next try would turn back what they did elsewhere. `fields_of` names the fields of the
    form that stand for what was lost, where they are called otherwise.
    """
    seen = seen_in(form) or now
    theirs = [field for name in lost for field in fields_of.get(name, (name,))]
    merged = msgspec.structs.replace(
        seen, seen="", **{field: getattr(now, field) for field in theirs}
    )
    return msgspec.json.encode(merged).decode()
