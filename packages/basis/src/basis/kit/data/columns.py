"""The types of our columns, the same on SQLite and PostgreSQL, and the base of every table.

A type gives one plain function for each direction (`bind_processor`, `result_processor`) or none,
and not the usual hooks of a TypeDecorator, which call three for each value: an order has 120.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

ENUM_LENGTH_MAX = 32
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
NOTHINGS_ID = "00000000-0000-0000-0000-000000000000"

Converter = Callable[[Any], Any]


class IdType(TypeDecorator[str]):
    """A UUID that the application makes and handles as canonical text; 16 bytes on PostgreSQL."""

    impl = CHAR(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(PG_UUID(as_uuid=False))
        return dialect.type_descriptor(CHAR(36))

    def bind_processor(self, dialect: Dialect) -> Converter | None:
        return uuid_or_nothing if dialect.name == "postgresql" else None


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; on SQLite it is ISO text that sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Converter:
        return instant_as_text if dialect.name == "sqlite" else instant_in_utc

    def result_processor(self, dialect: Dialect, coltype: Any) -> Converter | None:
        return read_instant if dialect.name == "sqlite" else None


class Flag(TypeDecorator[bool]):
    """True or false, also when SQLite answers with 1 and 0."""

    impl = Boolean
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Json(TypeDecorator[Any]):
    """A value kept as JSON text. We hardly search inside, so text serves both databases."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Converter:
        return json_as_text

    def result_processor(self, dialect: Dialect, coltype: Any) -> Converter:
        return read_json


def uuid_or_nothing(value: str | None) -> str | None:
    """What is no UUID names nothing: it is looked for in vain, not a fault of the server."""
    return value if value is None or UUID_TEXT.fullmatch(value) else NOTHINGS_ID


def instant_in_utc(value: datetime | None) -> datetime | None:
    """Raises ValueError for a naive one."""
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a naive datetime is not an instant")
    return value.astimezone(UTC)


def instant_as_text(value: datetime | None) -> str | None:
    instant = instant_in_utc(value)
    return None if instant is None else instant.isoformat(timespec="microseconds")


def read_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def json_as_text(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def read_json(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)


def choice(kind: type[StrEnum]) -> Enum:
    """One of an enum's values, stored as its text: no database type to migrate."""
    return Enum(
        kind,
        native_enum=False,
        length=ENUM_LENGTH_MAX,
        values_callable=lambda enum: [member.value for member in enum],
    )


Id = Annotated[str, mapped_column(IdType)]
"""A UUIDv7 as canonical text, made by the application."""

Minor = Annotated[int, mapped_column(BigInteger)]
"""An amount in its currency's smallest unit. 32 bits are too few."""


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Of constraints and indexes: the same on both databases."""


class Model(DeclarativeBase):
    """Every table is a subclass. What is defined upon this one is the kit's own, and part of every
    product's database; each product has its own metadata for the rest.
    """

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime(), bool: Flag(), dict[str, Any]: Json()}


class Record(Model):
    """A table whose id the application chooses."""

    __abstract__ = True

    id: Mapped[Id] = mapped_column(primary_key=True)
