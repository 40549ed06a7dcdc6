"""Files that pretend to be pictures, or are pictures and something else as well."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image

CANARY = b"<script>alert('canary')</script>"
TRUNCATED_EVERY = 100


def drawn(kind: str, side: int = 60) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(kept, kind)
    return kept.getvalue()


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: Canary\n")
        archive.writestr("canary.html", CANARY)
    return packed.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def claiming(width: int, height: int) -> bytes:
    """A few bytes whose header announces a picture of that size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IEND", b"")


def pixel_bomb() -> bytes:
    """20,000 x 20,000 pixels in a few hundred kilobytes, and all of them are there."""
    rows = zlib.compressobj(9)
    line = bytes(1 + 20_000 * 3)
    packed = b"".join(rows.compress(line) for _ in range(2_000)) + rows.flush()
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", packed)
        + png_chunk(b"IEND", b"")
    )


def text_bomb() -> bytes:
    """A comment that unpacks to fifty megabytes."""
    packed = zlib.compress(bytes(50_000_000), 9)
    picture = drawn("PNG")
    return picture[:33] + png_chunk(b"zTXt", b"Comment\0\0" + packed) + picture[33:]


def gif_of(frames: int) -> bytes:
    """An animation of so many frames, written by hand: one byte of picture each."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\0\0\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0" + b"\x02\x02\x44\x01\0"
    return head + frame * frames + b"\x3b"


REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "svg with script": b"<svg xmlns='http://www.w3.org/2000/svg'>" + CANARY + b"</svg>",
    "html": b"<!doctype html>" + CANARY,
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "zip": zipped(),
    "gif of 10,000 frames": gif_of(10_000),
    "gif and javascript": b"GIF89a/*" + bytes(20) + b"*/=1;alert('canary');//",
    "exe": b"MZ" + bytes(400),
    "huge png by its header": claiming(20_000, 20_000),
    "pixel bomb": pixel_bomb(),
    "comment bomb": text_bomb(),
    "tiff": drawn("TIFF"),
    "bmp": drawn("BMP"),
    "ico": drawn("ICO", 32),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file\n",
    "xml that reads files": b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
}
POLYGLOTS: dict[str, bytes] = {
    "jpeg and zip (GIFAR)": drawn("JPEG") + zipped(),
    "png and html": drawn("PNG") + CANARY,
    "png with script in a comment": (
        drawn("PNG")[:33] + png_chunk(b"tEXt", b"Comment\0" + CANARY) + drawn("PNG")[33:]
    ),
    "jpeg and javascript": drawn("JPEG")[:2]
    + b"\xff\xfe\x00\x24"
    + CANARY
    + b"**"
    + drawn("JPEG")[2:],
    "webp and html": drawn("WEBP") + CANARY,
    "jpeg and php": drawn("JPEG") + b"<?php system($_GET['canary']); ?>",
}
NAMES = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/cron.d/x", "x.php", "x.html", "x.svg",
    "x.jpg.exe", "x\0.html", "CON", "a" * 3_000 + ".png", "<script>alert(1)</script>.png",
    "x.png\r\nSet-Cookie: a=b", "%2e%2e%2fx.png", ".htaccess", "",
)  # fmt: skip
"""What senders call their files."""


def truncated() -> Iterator[tuple[str, bytes]]:
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = drawn(kind, 120)
        for end in range(0, len(whole) - 1, max(TRUNCATED_EVERY, len(whole) // 40)):
            yield f"{kind} cut at {end}", whole[:end]
