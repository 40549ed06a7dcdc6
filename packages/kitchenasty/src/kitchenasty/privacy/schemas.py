"""A guest's data on the wire."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from basis.kit.http.wire import Form, WireStruct
from kitchenasty.privacy.export import Export


class OwnDataView(WireStruct, kw_only=True):
    """`sections` are rows by what they are about, each with the names of its fields."""

    sections: dict[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, export: Export) -> OwnDataView:
        return cls(sections=export)


class ErasureForm(Form, kw_only=True):
    """`email` is the address of the account, typed once more: this cannot be undone."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
