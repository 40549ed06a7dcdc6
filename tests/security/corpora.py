"""The lists of attacks: our own choice, and the whole published ones where `CORPORA` says where."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent / "corpora"


def lines_of(name: str) -> list[str]:
    """The attacks of one list, each once."""
    folders = [HERE, *(Path(folder) for folder in [os.environ.get("CORPORA")] if folder)]
    texts = [(folder / f"{name}.txt").read_text("utf-8") for folder in folders]
    return list(dict.fromkeys(line for text in texts for line in text.split("\n") if line.strip()))
