"""Templates and static files live beside their slice; those that all products share, here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Router
from litestar.static_files import create_static_files_router

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"


def template_folders(root: Path) -> list[Path]:
    """`<root>/<slice>/templates`, in which each slice has a folder of its own name, and ours."""
    return [*sorted(root.glob("*/templates")), TEMPLATES]


def static_routers(root: Path, opt: dict[str, Any]) -> list[Router]:
    """`/static` is the kit's, and what the kit has not is ours; `/static/<slice>` each slice's own.
    `opt` says who may have them.
    """
    folders = {"/static": [root / "kit" / "static", STATIC]} | {
        f"/static/{folder.parent.name}": [folder]
        for folder in sorted(root.glob("*/static"))
        if folder.parent.name != "kit"
    }
    return [
        create_static_files_router(
            path=path,
            directories=[folder for folder in places if folder.is_dir()],
            opt=opt,
            include_in_schema=False,
            name=f"static {path}",
        )
        for path, places in folders.items()
    ]
