"""Templates and static files live beside their slice."""

from __future__ import annotations

from pathlib import Path

from litestar import Router
from litestar.static_files import create_static_files_router

from kitchenasty.kit.http.access import Access, access


def template_folders(root: Path) -> list[Path]:
    """`<root>/<slice>/templates`, in which each slice has a folder of its own name."""
    return sorted(root.glob("*/templates"))


def static_routers(root: Path) -> list[Router]:
    """`/static` is the kit's; `/static/<slice>` each slice's own."""
    folders = {
        "/static" if folder.parent.name == "kit" else f"/static/{folder.parent.name}": folder
        for folder in sorted(root.glob("*/static"))
    }
    return [
        create_static_files_router(
            path=path,
            directories=[folder],
            opt=access(Access.PUBLIC),
            include_in_schema=False,
            name=f"static {path}",
        )
        for path, folder in folders.items()
    ]
