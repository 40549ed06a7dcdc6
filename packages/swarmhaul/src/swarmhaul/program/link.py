"""Makes what the chain loads out of what a C compiler writes.

In goes one relocatable eBPF object, out comes a shared object of the kind that the chain calls
SBPF v0. LLD knows no such machine, and the tools of the chain come from no registry that we pin.

- Code goes to `.text`, constants to `.rodata`; both lie at fixed addresses, so calls and references
  between them are settled here.
- What is not defined is a system call: a dynamic relocation that the loader settles by its name.
- There is no writable data in such a program; an object that has some is refused.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import Relocation, RelocationSection
from elftools.elf.sections import Section, Symbol, SymbolTableSection

from swarmhaul.program.image import HEADER_BYTES, Image, align, write_image

PROGRAM_ADDRESS = 0x1_0000_0000
INSTRUCTION_BYTES = 8
FLAG_WRITE, FLAG_ALLOCATE, FLAG_EXECUTE = 1, 2, 4
LOAD_64, ABSOLUTE_64, CALL_32 = 1, 2, 10
"""Relocations of eBPF: an address in a wide instruction, an address in data, a call."""

SYSTEM_CALLS = "sol_"


class LinkRefused(Exception):  # a refusal, as all our errors
    """The object holds what such a program cannot."""


@dataclass(slots=True)
class Linking:
    """Sections of the object as they are laid into the image, and what is left to the loader."""

    sections: list[Section]
    symbols: list[Symbol]
    text: bytearray = field(default_factory=bytearray)
    constants: bytearray = field(default_factory=bytearray)
    places: dict[int, tuple[bool, int]] = field(default_factory=dict)
    """By number of the section: whether it is code, and where in its part it begins."""
    calls: list[tuple[int, str]] = field(default_factory=list)

    @property
    def constants_at(self) -> int:
        return align(HEADER_BYTES + len(self.text), 16)

    def address_of(self, section: int, offset: int) -> int:
        is_code, begin = self.places[section]
        return (HEADER_BYTES if is_code else self.constants_at) + begin + offset


def link(compiled: bytes, entry: str = "entrypoint") -> bytes:
    """The shared object. The same object gives the same bytes. Raises LinkRefused."""
    elf = ELFFile(io.BytesIO(compiled))
    if elf["e_type"] != "ET_REL":
        raise LinkRefused("This is no relocatable object.")
    table = elf.get_section_by_name(".symtab")
    if not isinstance(table, SymbolTableSection):
        raise LinkRefused("The object has no symbols.")
    linking = Linking(sections=list(elf.iter_sections()), symbols=list(table.iter_symbols()))
    for number, section in enumerate(linking.sections):
        lay_out(linking, number, section)
    for section in linking.sections:
        if isinstance(section, RelocationSection) and section["sh_info"] in linking.places:
            for relocation in section.iter_relocations():
                relocate(linking, section["sh_info"], relocation)
    image = Image(
        text=bytes(linking.text),
        constants=bytes(linking.constants),
        constants_at=linking.constants_at,
        entry=entry,
        entry_at=find_entry(linking, entry),
        calls=linking.calls,
    )
    return write_image(image)


def lay_out(linking: Linking, number: int, section: Section) -> None:
    flags = section["sh_flags"]
    if not flags & FLAG_ALLOCATE or not section["sh_size"]:
        return
    if flags & FLAG_WRITE and not section.name.startswith(".data.rel.ro"):
        raise LinkRefused(f"The program keeps writable data in {section.name}.")
    is_code = bool(flags & FLAG_EXECUTE)
    part = linking.text if is_code else linking.constants
    part.extend(bytes(align(len(part), max(1, section["sh_addralign"])) - len(part)))
    linking.places[number] = (is_code, len(part))
    part.extend(section.data())


def relocate(linking: Linking, section: int, relocation: Relocation) -> None:
    is_code, begin = linking.places[section]
    part = linking.text if is_code else linking.constants
    place = begin + relocation["r_offset"]
    symbol = linking.symbols[relocation["r_info_sym"]]
    kind = relocation["r_info_type"]
    if symbol["st_shndx"] == "SHN_UNDEF":
        leave_to_the_loader(linking, part, place, symbol, kind)
    elif kind == CALL_32:
        settle_call(linking, part, place, symbol)
    elif kind == LOAD_64:
        low, high = struct.unpack_from("<4xI4xI", part, place)
        value = address(linking, symbol) + (low | high << 32)
        struct.pack_into("<I", part, place + 4, value & 0xFFFF_FFFF)
        struct.pack_into("<I", part, place + 12, value >> 32)
    elif kind == ABSOLUTE_64:
        (offset,) = struct.unpack_from("<Q", part, place)
        struct.pack_into("<Q", part, place, address(linking, symbol) + offset)
    else:
        raise LinkRefused(f"A relocation of kind {kind} against {symbol.name}.")


def leave_to_the_loader(
    linking: Linking, part: bytearray, place: int, symbol: Symbol, kind: int
) -> None:
    if kind != CALL_32 or not symbol.name.startswith(SYSTEM_CALLS):
        raise LinkRefused(f"{symbol.name} is defined nowhere, and no system call.")
    struct.pack_into("<i", part, place + 4, -1)
    linking.calls.append((HEADER_BYTES + place, symbol.name))


def settle_call(linking: Linking, part: bytearray, place: int, symbol: Symbol) -> None:
    """A call counts instructions from the one behind it."""
    target = linking.address_of(symbol["st_shndx"], symbol["st_value"])
    if symbol["st_info"]["type"] == "STT_SECTION":
        (offset,) = struct.unpack_from("<i", part, place + 4)
        target += (offset + 1) * INSTRUCTION_BYTES
    distance = (target - (HEADER_BYTES + place)) // INSTRUCTION_BYTES - 1
    struct.pack_into("<i", part, place + 4, distance)


def address(linking: Linking, symbol: Symbol) -> int:
    """Where the symbol lies when the program runs."""
    return PROGRAM_ADDRESS + linking.address_of(symbol["st_shndx"], symbol["st_value"])


def find_entry(linking: Linking, entry: str) -> int:
    for symbol in linking.symbols:
        if symbol.name == entry and symbol["st_shndx"] != "SHN_UNDEF":
            return linking.address_of(symbol["st_shndx"], symbol["st_value"])
    raise LinkRefused(f"There is no function {entry}.")
