"""The file that the chain loads: an ELF shared object, laid out as its loader wants it.

Addresses equal offsets in the file, sections come in the order of their offsets, and the loader
finds names of system calls through the dynamic tables.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import accumulate

ELF_BYTES, PROGRAM_HEADER_BYTES, SECTION_HEADER_BYTES, SYMBOL_BYTES = 64, 56, 64, 24
PROGRAM_HEADERS = 4
SHARED_OBJECT, MACHINE_BPF = 3, 247
DYNAMIC_BYTES = 16 * 10
GLOBAL_FUNCTION, GLOBAL_UNTYPED = 0x12, 0x10
CALL_32 = 10
PAGE = 4_096
SECTIONS = (
    "", ".text", ".rodata", ".dynamic", ".dynsym", ".dynstr", ".rel.dyn", ".shstrtab",
)  # fmt: skip


def align(number: int, unit: int) -> int:
    return (number + unit - 1) & ~(unit - 1)


HEADER_BYTES = align(ELF_BYTES + PROGRAM_HEADER_BYTES * PROGRAM_HEADERS, 16)
"""The code begins behind the headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What is to be written. `calls` are the places of calls that the loader settles by name."""

    text: bytes
    constants: bytes
    constants_at: int
    entry: str
    entry_at: int
    calls: list[tuple[int, str]]


@dataclass(slots=True)
class Tables:
    """The dynamic tables, and where each of them lies."""

    image: Image
    names: list[str] = field(default_factory=list)
    strings: bytes = b""
    symbols: bytes = b""
    relocations: bytes = b""

    @property
    def dynamic_at(self) -> int:
        return align(self.image.constants_at + len(self.image.constants), 8)

    @property
    def symbols_at(self) -> int:
        return self.dynamic_at + DYNAMIC_BYTES

    @property
    def strings_at(self) -> int:
        return self.symbols_at + len(self.symbols)

    @property
    def relocations_at(self) -> int:
        return align(self.strings_at + len(self.strings), 8)

    @property
    def end(self) -> int:
        return self.relocations_at + len(self.relocations)


def write_image(image: Image) -> bytes:
    tables = make_tables(image)
    section_names = b"".join(name.encode() + b"\0" for name in SECTIONS)
    headers_at = align(tables.end + len(section_names), 8)
    written = bytearray(headers_at)
    for place, part in (
        (0, elf_header(image, headers_at)),
        (ELF_BYTES, program_headers(image, tables)),
        (HEADER_BYTES, image.text),
        (image.constants_at, image.constants),
        (tables.dynamic_at, dynamic_section(tables)),
        (tables.symbols_at, tables.symbols),
        (tables.strings_at, tables.strings),
        (tables.relocations_at, tables.relocations),
        (tables.end, section_names),
    ):
        written[place : place + len(part)] = part
    return bytes(written) + section_headers(image, tables, len(section_names))


def make_tables(image: Image) -> Tables:
    """One symbol for the entry, one for each system call in the order of first use."""
    names = [image.entry, *dict.fromkeys(name for _, name in image.calls)]
    tables = Tables(image=image, names=names, strings=b"\0", symbols=bytes(SYMBOL_BYTES))
    for name in names:
        is_entry = name == image.entry
        tables.symbols += struct.pack(
            "<IBBHQQ",
            len(tables.strings),
            GLOBAL_FUNCTION if is_entry else GLOBAL_UNTYPED,
            0,
            1 if is_entry else 0,
            image.entry_at if is_entry else 0,
            0,
        )
        tables.strings += name.encode() + b"\0"
    tables.relocations = b"".join(
        struct.pack("<QQ", place, (names.index(name) + 1) << 32 | CALL_32)
        for place, name in image.calls
    )
    return tables


def elf_header(image: Image, headers_at: int) -> bytes:
    return struct.pack(
        "<16sHHIQQQIHHHHHH",
        b"\x7fELF\x02\x01\x01",
        SHARED_OBJECT,
        MACHINE_BPF,
        1,
        image.entry_at,
        ELF_BYTES,
        headers_at,
        0,
        ELF_BYTES,
        PROGRAM_HEADER_BYTES,
        PROGRAM_HEADERS,
        SECTION_HEADER_BYTES,
        len(SECTIONS),
        len(SECTIONS) - 1,
    )


def program_headers(image: Image, tables: Tables) -> bytes:
    """Code to execute, constants and tables to read, and where the tables are."""
    load, dynamic = 1, 2
    executable, readable = 5, 4
    rows = (
        (load, executable, HEADER_BYTES, len(image.text), PAGE),
        (load, readable, image.constants_at, len(image.constants), PAGE),
        (load, readable, tables.dynamic_at, tables.end - tables.dynamic_at, PAGE),
        (dynamic, readable, tables.dynamic_at, DYNAMIC_BYTES, 8),
    )
    return b"".join(
        struct.pack("<IIQQQQQQ", kind, flags, place, place, place, size, size, alignment)
        for kind, flags, place, size, alignment in rows
    )


def dynamic_section(tables: Tables) -> bytes:
    """Pairs of a tag and a value: the tables of symbols, strings and relocations."""
    pairs = [
        (6, tables.symbols_at),
        (11, SYMBOL_BYTES),
        (5, tables.strings_at),
        (10, len(tables.strings)),
        (0x16, 0),
        (0x11, tables.relocations_at),
        (0x12, len(tables.relocations)),
        (0x13, 16),
    ]
    return b"".join(struct.pack("<QQ", *pair) for pair in pairs).ljust(DYNAMIC_BYTES, b"\0")


def section_headers(image: Image, tables: Tables, names_length: int) -> bytes:
    """Type, flags, place, size, link, info, alignment, size of an entry; in the order of names."""
    rows = (
        (0, 0, 0, 0, 0, 0, 0, 0),
        (1, 6, HEADER_BYTES, len(image.text), 0, 0, 8, 0),
        (1, 2, image.constants_at, len(image.constants), 0, 0, 8, 0),
        (6, 3, tables.dynamic_at, DYNAMIC_BYTES, 5, 0, 8, 16),
        (11, 2, tables.symbols_at, len(tables.symbols), 5, 1, 8, SYMBOL_BYTES),
        (3, 2, tables.strings_at, len(tables.strings), 0, 0, 1, 0),
        (9, 2, tables.relocations_at, len(tables.relocations), 4, 0, 8, 16),
        (3, 0, tables.end, names_length, 0, 0, 1, 0),
    )
    names_at = [0, *accumulate(len(name) + 1 for name in SECTIONS)]
    return b"".join(
        struct.pack("<IIQQQQIIQQ", name_at, kind, flags, place if flags else 0, place, *rest)
        for name_at, (kind, flags, place, *rest) in zip(names_at, rows, strict=False)
    )
