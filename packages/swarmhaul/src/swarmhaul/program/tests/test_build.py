"""The image that is committed is the one that the source makes, on any machine, to the bit."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import struct
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from swarmhaul.program import IMAGE, IMAGE_SHA256, build_program, load_program
from swarmhaul.program.build import SOURCE, compile_program
from swarmhaul.program.link import LinkRefused, link

LINES_MAX = 400
FUNCTION_LINES_MAX = 40


def test_the_committed_image_is_what_the_source_makes() -> None:
    assert build_program() == IMAGE.read_bytes(), "swarmhaul build-program --write"


def test_another_folder_makes_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "a folder of another length"
    shutil.copytree(SOURCE, elsewhere)
    assert build_program(elsewhere) == IMAGE.read_bytes()


def test_the_hash_beside_the_image_is_its_own() -> None:
    written = IMAGE_SHA256.read_text().split()
    assert written == [hashlib.sha256(load_program()).hexdigest(), IMAGE.name]


def test_the_image_has_no_data_that_could_be_written() -> None:
    image = ELFFile(io.BytesIO(load_program()))
    writable = [segment for segment in image.iter_segments() if segment["p_flags"] & 2]
    assert writable == []
    assert image["e_machine"] == "EM_BPF"


def written_in(folder: Path, source: str) -> bytes:
    (folder / "program.c").write_text(source)
    return compile_program(folder, folder)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("int kept = 1; int entrypoint(void) { return kept++; }", "writable data"),
        ("int helper(int); int entrypoint(void) { return helper(1); }", "helper is defined"),
        ("int elsewhere(void) { return 1; }", "no function entrypoint"),
    ],
)
def test_what_cannot_run_on_the_chain_is_refused(tmp_path: Path, source: str, why: str) -> None:
    with pytest.raises(LinkRefused, match=why):
        link(written_in(tmp_path, source))


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(LinkRefused, match="no relocatable"):
        link(load_program())


def test_calls_lead_where_the_source_says(tmp_path: Path) -> None:
    """A call counts from the instruction behind it; the linker settles it within the image."""
    image = link(
        written_in(
            tmp_path,
            "__attribute__((noinline)) static long twice(long n) { return n + n + (long)&twice; }"
            "long entrypoint(long n) { return twice(n) + 1; }",
        )
    )
    elf = ELFFile(io.BytesIO(image))
    text = elf.get_section_by_name(".text")
    assert text is not None
    code = text.data()
    calls = [at for at in range(0, len(code), 8) if code[at] == 0x85]
    assert len(calls) == 1
    (distance,) = struct.unpack_from("<i", code, calls[0] + 4)
    assert 0 <= calls[0] + 8 * (distance + 1) < len(code)


def test_the_source_in_c_stays_readable() -> None:
    for path in sorted(SOURCE.iterdir()):
        lines = path.read_text().splitlines()
        assert len(lines) <= LINES_MAX, path.name
        assert max(map(len, lines)) <= 100, path.name
        begins = [i for i, line in enumerate(lines) if re.match(r"(static|u64|INLINE).*\(", line)]
        for begin in begins:
            end = lines.index("}", begin)
            assert end - begin < FUNCTION_LINES_MAX, f"{path.name}:{begin + 1}"
