"""The lists of attacks: our own choice, and the whole published ones where `CORPORA` says where."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent / "corpora"


def lines_of(name: str, *, published: bool = True) -> list[str]:
    """The attacks of one list, each once; without `published` our own choice alone."""
    elsewhere = os.environ.get("CORPORA") if published else None
    folders = [HERE, *(Path(folder) for folder in [elsewhere] if folder)]
    texts = [(folder / f"{name}.txt").read_text("utf-8") for folder in folders]
    return list(dict.fromkeys(line for text in texts for line in text.split("\n") if line.strip()))
