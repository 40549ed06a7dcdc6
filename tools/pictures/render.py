"""Render the pictures of the demo house: `python render.py FOLDER [slug ...]`."""

import sys
import zlib
from pathlib import Path

import ware
from menu import DISHES, DRAWN, TABLES
from PIL import Image
from relief import Scene

KB_MAX = {"hero": 120, "house": 70, "dish": 30}


def save(scene: Scene, target: Path, size: tuple[int, int], kb_max: int) -> None:
    """Write WebP at the best quality that fits into `kb_max` kilobytes."""
    picture = Image.fromarray(scene.photograph()).resize(size, Image.Resampling.LANCZOS)
    for quality in range(84, 20, -6):
        picture.save(target, "WEBP", quality=quality, method=4)
        if target.stat().st_size <= kb_max * 1000:
            return


def render(slug: str, folder: Path) -> None:
    seed = zlib.crc32(slug.encode())
    target = folder / f"{slug}.webp"
    if slug in DISHES:
        kind, lay = DISHES[slug]
        scene = Scene(960, 720, seed)
        ware.table(scene, kind)
        lay(scene, (480, 360, 1.08))
        save(scene, target, (640, 480), KB_MAX["dish"])
        return
    kind, size, spots = TABLES[slug]
    scene = Scene(*size, seed)
    ware.table(scene, kind)
    for name, x, y, scale in spots:
        DISHES[name][1](scene, (x, y, scale))
    save(scene, target, size, KB_MAX[slug.partition("-")[0]])


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for slug in sys.argv[2:] or sorted({*DISHES, *TABLES} - DRAWN):
        render(slug, folder)
        print(slug)


if __name__ == "__main__":
    main()
