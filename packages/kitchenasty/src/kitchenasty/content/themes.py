"""The themes an owner can choose from: their names, and the colours they have by themselves. Pure.

What else they set (letters, corners, cards, the front's layout) is in kit/static/css/themes.css.
"""

from __future__ import annotations

from types import MappingProxyType

from basis.sentences import word

CLASSIC = "classic"
THEMES = MappingProxyType(
    {
        CLASSIC: (word("Classic"), "#9c4221", "#7a5c1e"),
        "elegant": (word("Elegant"), "#8a2f5b", "#6b5b2e"),
        "bold": (word("Bold"), "#b3261e", "#1f4e79"),
        "minimal": (word("Minimal"), "#475069", "#5f5f5f"),
        "cozy": (word("Cozy"), "#8f5a12", "#7c4a3a"),
        "modern": (word("Modern"), "#205f9e", "#2c6e63"),
        "rustic": (word("Rustic"), "#5c6521", "#7b4f2a"),
        "vibrant": (word("Vibrant"), "#a0238f", "#b2460f"),
        "sleek": (word("Sleek"), "#13697a", "#4a5a8a"),
        "retro": (word("Retro"), "#7c4f2d", "#2f6f6b"),
    }
)
"""Words for people, the first and the second colour."""
