"""Statements compiled once by SQLAlchemy Core and then run by the driver itself.

SQLAlchemy describes the schema and writes the SQL; on hot paths its per-call work costs more than
the query (docs/adr/0002). A `Statement` keeps the text, the order of parameters and the type
conversions of each dialect, so a call is a list of values and a list of tuples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Executable,
    Float,
    Insert,
    Numeric,
    Text,
    TypeDecorator,
    bindparam,
    insert,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import Boolean

from basis.kit.data.columns import Converter, Model

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement in one dialect: its text, parameters in order, constants, conversions."""

    sql: str
    given: tuple[tuple[str, Converter | None], ...] = ()
    """The name of each parameter, and what makes its value the driver's."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    readers: tuple[tuple[int, Converter], ...] = ()

    def arguments(self, parameters: Mapping[str, Any]) -> list[Any]:
        """Values in the driver's order. A missing parameter is a programmer's error (KeyError)."""
        known = {**self.constants, **parameters} if self.constants else parameters
        return [
            known[name] if binder is None else binder(known[name]) for name, binder in self.given
        ]

    def convert(self, rows: Iterable[Sequence[Any]]) -> list[Row]:
        """Rows as tuples with instants, flags and JSON as Python values."""
        if not self.readers:
            return [tuple(row) for row in rows]
        return [self.convert_row(row) for row in rows]

    def convert_row(self, row: Sequence[Any]) -> Row:
        values = list(row)
        for index, reader in self.readers:
            values[index] = reader(values[index])
        return tuple(values)


class Statement:
    """A Core statement with named parameters, compiled once for each dialect."""

    __slots__ = ("_compiled", "core")

    def __init__(self, core: Executable) -> None:
        self.core = core
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = compile_statement(self.core, dialect)
        return found


def compile_statement(core: Executable, dialect: Dialect) -> Compiled:
    compiled = core.compile(dialect=dialect)  # type: ignore[attr-defined]  # every Core statement has it
    assert isinstance(compiled, SQLCompiler)
    required = {key for key, bind in compiled.binds.items() if bind.required}
    constants = compiled.construct_params(_check=False)
    readers = []
    for index, column in enumerate(compiled._result_columns):  # noqa: SLF001  # no public way to the types
        if isinstance(column.type, Float | Numeric):
            continue  # both drivers give numbers as they are, and money is never a decimal here
        reader = column.type._cached_result_processor(dialect, None)  # noqa: SLF001
        if reader is not None:
            readers.append((index, reader))
    # A constant list (`column.in_([...])`) is written out now, once, as the values it holds.
    written = compiled._process_parameters_for_postcompile(constants)  # noqa: SLF001
    constants = {**constants, **written.additional_parameters}
    names = tuple(written.positiontup or ())
    binders: dict[str, Any] = {**compiled._bind_processors, **written.processors}  # noqa: SLF001
    return Compiled(
        sql=written.statement,
        given=tuple((name, binders.get(name)) for name in names),
        constants={name: constants[name] for name in names if name not in required},
        readers=tuple(readers),
    )


class one_of(ColumnElement[bool]):  # noqa: N801  # reads as a word of SQL
    """`column` is in the list passed as parameter `name`; one text whatever the list's length."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: InstrumentedAttribute[Any] | ColumnElement[Any], name: str) -> None:
        self.operand: Any = column
        self.as_array: BindParameter[Any] = bindparam(name, type_=ARRAY(column.type), required=True)
        self.as_json: BindParameter[Any] = bindparam(name, type_=JsonList(), required=True)


class JsonList(TypeDecorator[Any]):
    """A list of values as the JSON text that SQLite's json_each reads."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return msgspec.json.encode(list(value)).decode()


@compiles(one_of, "postgresql")
def write_any(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    operand = compiler.process(element.operand, **kw)
    return f"{operand} = ANY ({compiler.process(element.as_array, **kw)})"


@compiles(one_of, "sqlite")
def write_json_each(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    operand = compiler.process(element.operand, **kw)
    values = compiler.process(element.as_json, **kw)
    return f"{operand} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # two bound names


def insert_into(model: type[Model], *columns: str) -> Statement:
    """An INSERT of the named columns (all if none is named), each a parameter of that name."""
    table = model.__table__
    names = columns or tuple(column.key for column in table.columns)
    return Statement(insert(table).values({name: bindparam(name) for name in names}))  # type: ignore[arg-type]


class InsertUnlessThere(Insert):
    """An INSERT that does nothing when a unique key is already taken; the count says which."""

    inherit_cache = False


@compiles(InsertUnlessThere)
def write_insert_unless_there(element: InsertUnlessThere, compiler: SQLCompiler, **kw: Any) -> str:
    inserting: str = compiler.visit_insert(element, **kw)  # type: ignore[no-untyped-call]
    return f"{inserting} ON CONFLICT DO NOTHING"


def insert_unless_there(model: type[Model], *columns: str) -> Statement:
    """Like `insert_into`, but a row whose key is taken is left alone (0 rows touched)."""
    table = model.__table__
    names = columns or tuple(column.key for column in table.columns)
    return Statement(InsertUnlessThere(table).values({name: bindparam(name) for name in names}))  # type: ignore[arg-type]
