"""Names of images: by a tag, which may move on, or by a digest, which may not."""

from __future__ import annotations

import re

DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z", re.ASCII)


def by_digest(name: str, digest: str) -> str:
    """The image of a name by its digest: its tag says nothing any more."""
    repository, slash, last = name.rpartition("/")
    return f"{repository}{slash}{last.partition('@')[0].partition(':')[0]}@{digest}"


def is_digest(text: str) -> bool:
    return DIGEST.fullmatch(text) is not None


def may_mean(name: str, found: str) -> bool:
    """Whether what a node found can be what the name means: of its repository by a digest, or one
    that is on the node by its id, which nothing is pulled by.
    """
    digest = DIGEST.search(found)
    return digest is not None and found in (digest[0], by_digest(name, digest[0]))
