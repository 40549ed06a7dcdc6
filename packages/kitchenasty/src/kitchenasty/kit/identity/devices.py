"""What a browser says of itself, in words that people know their devices by. Pure."""

from __future__ import annotations

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is found: most of them call themselves Safari too."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_device(user_agent: str | None) -> str:
    """`Firefox, Android`; what it said if that names neither; empty if it said
    nothing.
    """
    told = user_agent or ""
    names = [
        next((name for mark, name in known if mark in told), "") for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in names if name) or told
