"""Templates: everything is escaped, and a name that is not there is an error, not an empty text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def create_environment(folders: Sequence[Path]) -> Environment:
    """Over every slice's own folder. Whoever makes it brings words, filters and names."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        # Templates are part of a release: asking the disk for each whether it is newer takes a
        # tenth of a page's time.
        auto_reload=False,
    )
