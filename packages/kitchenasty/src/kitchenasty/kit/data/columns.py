"""The types of our columns, the same on SQLite and PostgreSQL, and the base of every table."""

from __future__ import annotations

import re
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


class IdType(TypeDecorator[str]):
    """A UUID that the application makes and handles as canonical text; 16 bytes on PostgreSQL."""

    impl = CHAR(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(PG_UUID(as_uuid=False))
        return dialect.type_descriptor(CHAR(36))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is no UUID names nothing: it is looked for in vain, not a fault of the server."""
        if value is None or dialect.name != "postgresql" or UUID_TEXT.fullmatch(value):
            return value
        return NOTHINGS_ID


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; on SQLite it is ISO text that sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        instant = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return instant.isoformat(timespec="microseconds")
        return instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        found: datetime | None = value
        return found


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

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


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


class Model(DeclarativeBase):
    """Every table is a subclass; constraint names are the same on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), bool: Flag(), dict[str, Any]: Json()}


class Record(Model):
    """A table whose id the application chooses."""

    __abstract__ = True

    id: Mapped[Id] = mapped_column(primary_key=True)
