"""Folders as contexts: the same for the same files, and nothing in them that does not belong."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from orca.contexts import (
    BYTES_MAX,
    FILES_MAX,
    ContextRefused,
    ImageRefused,
    NotKept,
    Packed,
    PatternMalformed,
    Shelf,
    ShelfFull,
    TooLarge,
    UploadRefused,
    check_context,
    check_image,
    digest_of,
    pack,
    read_patterns,
)
from orca.contexts.packing import Found, check_size


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "web"
    for name in ("Dockerfile", "b.txt", "a/inner.txt", "a/deep/file", "z/last"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(f"{name}\n")
    return made


def packed(folder: Path, **more: object) -> tuple[Packed, dict[str, tarfile.TarInfo]]:
    to = io.BytesIO()
    found = pack(folder, "Dockerfile", to, **more)  # type: ignore[arg-type]
    assert found == Packed(hashlib.sha256(to.getvalue()).hexdigest(), len(to.getvalue()))
    to.seek(0)
    with tarfile.open(fileobj=to) as tar:
        return found, {member.name: member for member in tar.getmembers()}


def test_the_same_files_are_the_same_context(folder: Path, tmp_path: Path) -> None:
    """Whoever they belong to, whenever they were written, in whichever order."""
    first, members = packed(folder)
    assert [*members] == sorted(members)
    other = tmp_path / "other"
    for name in sorted(members, reverse=True):
        if members[name].isreg():
            (other / name).parent.mkdir(parents=True, exist_ok=True)
            (other / name).write_text(f"{name}\n")
            os.utime(other / name, (1, 1))
            (other / name).chmod(0o600)
    assert packed(other)[0] == first
    assert {(each.mtime, each.uid, each.gid, each.uname) for each in members.values()} == {
        (0, 0, 0, "")
    }
    (other / "b.txt").chmod(0o700)
    second, changed = packed(other)
    assert (second.name != first.name, changed["b.txt"].mode) == (True, 0o755)
    (folder / "b.txt").write_text("other\n")
    assert packed(folder)[0].name != first.name


def test_what_is_left_out_is_not_packed_and_what_the_builder_needs_is(folder: Path) -> None:
    (folder / ".dockerignore").write_text("# nothing but\n**\n!a/deep\n")
    (folder / "a/secret").symlink_to("/etc/passwd")
    assert {*packed(folder)[1]} == {".dockerignore", "Dockerfile", "a/deep", "a/deep/file"}
    (folder / ".dockerignore").unlink()
    (folder / "a/secret").unlink()
    assert "b.txt" not in packed(folder, without=("b.txt",))[1]


# What `docker build` does with these was read from its documentation and its source.
@pytest.mark.parametrize(
    ("lines", "out", "kept"),
    [
        ("a", ["a", "a/x", "a/x/y"], ["b", "b/a", "ab"]),
        ("/a/", ["a", "a/x"], ["b/a"]),
        ("*/temp*", ["x/temp", "x/temporary.txt", "x/temp/y"], ["temp", "x/y/temp"]),
        ("*/*/temp*", ["x/y/temp"], ["x/temp"]),
        ("temp?", ["tempa", "tempb/x"], ["temp", "tempab"]),
        ("**/*.go", ["x.go", "a/x.go", "a/b/x.go"], ["x.gor"]),
        ("a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["z", "b/a/z"]),
        ("a/**", ["a/b", "a/b/c"], ["b"]),
        ("*.md\n!README.md", ["x.md"], ["README.md", "a/x.md"]),
        ("*.md\n!README*.md\nREADME-secret.md", ["README-secret.md", "x.md"], ["README.md"]),
        ("!README.md\n*.md", ["README.md"], []),
        ("node_modules\n!node_modules/own", ["node_modules/x"], ["node_modules/own/y"]),
        ("[a-c]x\n[^d]y\n[!e]z", ["ax", "ey", "!z", "ez"], ["dx", "dy", "az"]),
        (r"\*x", ["*x"], ["ax"]),
        ("a.b$", ["a.b$"], ["axb$", "a.b"]),
        ("./a/../b", ["b"], ["a"]),
        ("\ufeff  a  \n\n#b\n", ["a"], ["b", "#b"]),
        (" #c", ["#c"], ["c"]),
    ],
)
def test_docker_ignores_the_same(lines: str, out: list[str], kept: list[str]) -> None:
    ignored = read_patterns(lines)
    assert [name for name in [*out, *kept] if ignored.leaves_out(name)] == out


@pytest.mark.parametrize("line", ["!", "! ", "[a", "[]", "[z-a]"])
def test_a_line_that_means_nothing_is_refused(line: str) -> None:
    with pytest.raises(PatternMalformed, match="dockerignore"):
        read_patterns(line)


SPOILED: dict[str, Callable[[Path], object]] = {
    "link that leads out": lambda folder: (folder / "x").symlink_to("../../y"),
    "/etc/passwd": lambda folder: (folder / "x").symlink_to("/etc/passwd"),
    "neither a file": lambda folder: os.mkfifo(folder / "x"),
    "no name in UTF-8": lambda folder: open(os.fsencode(folder) + b"/\xff", "wb").close(),  # noqa: PTH123
    "There is no Dockerfile": lambda folder: (folder / "Dockerfile").unlink(),
    "big.bin": lambda folder: os.truncate(created(folder / "big.bin"), BYTES_MAX + 1),
}


def created(path: Path) -> Path:
    path.touch()
    return path


@pytest.mark.parametrize("words", SPOILED)
def test_what_does_not_belong_is_named(folder: Path, words: str) -> None:
    SPOILED[words](folder)
    with pytest.raises(ContextRefused, match=words):
        packed(folder)


def test_a_link_through_a_link_does_not_lead_out(folder: Path, tmp_path: Path) -> None:
    """What its name says is inside; where it ends is not."""
    (folder / "a/up").symlink_to("..")
    packed(folder)
    (tmp_path / "secret").write_text("x")
    (folder / "z/out").symlink_to("../a/up/../secret")
    with pytest.raises(ContextRefused, match="leads out"):
        packed(folder)


def test_too_many_files_are_refused_with_where_they_are(folder: Path) -> None:
    seen = (folder / "b.txt").lstat()
    found = [Found(f"many/{number}", folder, seen) for number in range(FILES_MAX)]
    check_size(found)
    with pytest.raises(ContextRefused, match=r"Most are in many \(20000\)"):
        check_size([*found, Found("b.txt", folder, seen)])


def tar_of(*members: tarfile.TarInfo, cut: int | None = None, mode: str = "w") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as tar:  # type: ignore[call-overload]
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size) if member.isreg() else None)
    return made.getvalue()[:cut]


def member(
    name: str, kind: bytes = tarfile.REGTYPE, to: str = "", size: int = 0
) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, to, size
    return made


def sparse() -> bytes:
    """A GNU header that promises a terabyte."""
    raw = bytearray(tar_of(member("x", size=512)))
    raw[156:157] = tarfile.GNUTYPE_SPARSE
    raw[257:265] = b"ustar  \0"
    raw[483:495] = b"%011o\0" % (1 << 32)
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw[:512])
    return bytes(raw)


HOSTILE = {
    "goes up": tar_of(member("../x")),
    "goes up within": tar_of(member("a/../../x")),
    "absolute": tar_of(member("/etc/x")),
    "a link out": tar_of(member("a/x", tarfile.SYMTYPE, "../../y")),
    "an absolute link": tar_of(member("x", tarfile.SYMTYPE, "/etc")),
    "a hard link": tar_of(member("y"), member("x", tarfile.LNKTYPE, "y")),
    "a device": tar_of(member("x", tarfile.CHRTYPE)),
    "a pipe": tar_of(member("x", tarfile.FIFOTYPE)),
    "sparse": sparse(),
    "compressed": tar_of(member("x", size=1 << 20), mode="w:gz"),
    "cut": tar_of(member("x", size=4_096), member("y", size=4_096), cut=6_000),
    "a long header": tar_of(member("x" * 100_000)),
    "no tar": b"no tar at all" * 100,
    "too many": tar_of(*(member(str(number)) for number in range(FILES_MAX + 1))),
    "nothing": b"",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_context_that_leads_out_or_bursts_is_refused(tmp_path: Path, case: str) -> None:
    (tmp_path / "x").write_bytes(HOSTILE[case])
    with pytest.raises(ContextRefused):
        check_context(tmp_path / "x")


def test_what_was_packed_here_is_taken(folder: Path, tmp_path: Path) -> None:
    (folder / "a/link").symlink_to("../b.txt")
    (folder / ("n" * 200) / ("m" * 200)).mkdir(parents=True)
    (folder / "größe").touch()
    with (tmp_path / "x").open("wb") as file:
        pack(folder, "Dockerfile", file)
    check_context(tmp_path / "x")


CONFIG = b'{"rootfs": {}}'
CONFIG_NAME = hashlib.sha256(CONFIG).hexdigest()


LISTED: dict[str, object] = {"Config": f"{CONFIG_NAME}.json", "RepoTags": None, "Layers": []}
LAYER_A, LAYER_B = (f"{letter * 64}/layer.tar" for letter in "ab")


def saved(
    *more: tarfile.TarInfo,
    listed: object = LISTED,
    config: bytes = CONFIG,
    images: int = 1,
    said: str = "",
) -> bytes:
    """An image as an engine saves it; `said` is the list as it stands there."""
    made = io.BytesIO()
    words = (said or json.dumps([listed] * images)).encode()
    with tarfile.open(fileobj=made, mode="w") as tar:
        contents = {f"{CONFIG_NAME}.json": config, "manifest.json": words}
        for name, content in contents.items():
            tar.addfile(member(name, size=len(content)), io.BytesIO(content))
        for each in more:
            tar.addfile(each, io.BytesIO(b"x" * each.size))
    return made.getvalue()


def saved_with_header() -> bytes:
    """What follows is called something else by who reads global headers; an engine does not."""
    header = tarfile.TarInfo.create_pax_global_header({"path": "x"})
    evil = tar_of(member("manifest.json", size=1))
    before = saved()
    with tarfile.open(fileobj=io.BytesIO(before)) as tar:
        last = tar.getmembers()[-1]
        ends = last.offset_data + -(-last.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
    return before[:ends] + header + evil


IMPOSTORS = {
    "another one": saved(config=CONFIG + b" "),
    "a name of its own": saved(listed=LISTED | {"RepoTags": ["postgres:16"]}),
    # An engine reads the last of several keys, whatever their letters.
    "a name in other letters": saved(listed=LISTED | {"repotags": ["postgres:16"]}),
    "a description in other letters": saved(listed=LISTED | {"config": "evil.json"}),
    "a key that stands there twice": saved(
        said=json.dumps([LISTED]).replace("{", '{"Config": "evil.json", ')
    ),
    "another parent": saved(listed=LISTED | {"Parent": "x"}),
    "names in a list of old": saved(member("repositories", size=1)),
    "a description that comes twice": saved(member(f"{CONFIG_NAME}.json", size=1)),
    "a description that becomes a link": saved(
        member(f"{CONFIG_NAME}.json", tarfile.SYMTYPE, "other")
    ),
    "a header for all that follows": saved_with_header(),
    "a name that looks compressed": tar_of(member("BZh91AY&SY")),
    "two": saved(images=2),
    "none": saved(images=0),
    "a list that is replaced": saved(member("./manifest.json", size=1)),
    "a list that is a link": saved(member("manifest.json", tarfile.SYMTYPE, "other")),
    "a way around": saved(
        member(LAYER_A, tarfile.SYMTYPE, "."), member(f"{LAYER_A}/manifest.json", size=1)
    ),
    "no image": tar_of(member("x")),
    "cut": saved()[:600],
}


@pytest.mark.parametrize("case", IMPOSTORS)
def test_an_image_that_is_another_or_more_is_refused(tmp_path: Path, case: str) -> None:
    (tmp_path / "x").write_bytes(IMPOSTORS[case])
    with pytest.raises(ImageRefused):
        check_image(tmp_path / "x", CONFIG_NAME)


def test_an_image_that_is_what_it_is_said_to_be_is_taken(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(saved(member(LAYER_A, tarfile.SYMTYPE, f"../{LAYER_B}")))
    check_image(tmp_path / "x", CONFIG_NAME)


async def pieces(content: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def broken(content: bytes) -> AsyncIterator[bytes]:
    yield content
    raise ConnectionResetError("they hung up")


async def test_a_file_is_there_whole_and_checked_or_not_at_all(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", bytes_max=100)
    content = b"0123456789" * 10
    name = hashlib.sha256(content).hexdigest()
    with pytest.raises(UploadRefused):
        await shelf.put(name, pieces(content[:-1]), digest_of(name))
    with pytest.raises(TooLarge):
        await shelf.put(name, pieces(content + b"x"), digest_of(name))
    with pytest.raises(NotKept):
        await shelf.put("../" + name[3:], pieces(content), digest_of(name))
    with pytest.raises(Exception, match="cannot be kept"):
        await shelf.put(name, broken(content), digest_of(name))
    assert not shelf.has(name)
    assert [*(tmp_path / "shelf").iterdir()] == []
    await shelf.put(name, pieces(content), digest_of(name))
    assert shelf.path_of(name).read_bytes() == content


async def test_the_last_of_a_disk_is_left_to_what_decides(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    shelf = Shelf(tmp_path / "shelf", bytes_max=100, reserve_bytes=2 * free)
    with pytest.raises(ShelfFull, match="The disk of the control plane is full"):
        await shelf.put(hashlib.sha256(b"a").hexdigest(), pieces(b"a"), digest_of("a"))
    assert [*(tmp_path / "shelf").iterdir()] == []


async def test_what_nobody_uses_is_swept_when_it_is_old(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", bytes_max=100)
    names = [hashlib.sha256(word).hexdigest() for word in (b"a", b"b", b"c")]
    for name, word in zip(names, (b"a", b"b", b"c"), strict=True):
        await shelf.put(name, pieces(word), digest_of(name))
        os.utime(shelf.path_of(name), (1, 1))
    (tmp_path / "shelf/coming-x").touch()
    os.utime(tmp_path / "shelf/coming-x", (1, 1))
    shelf.touch(names[1])
    gone = shelf.sweep({names[0]}, older_than_seconds=3_600)
    assert sorted(gone) == sorted(["coming-x", names[2]])
    assert [shelf.has(name) for name in names] == [True, True, False]
