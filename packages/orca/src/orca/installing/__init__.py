"""Control plane and agent as services of the system: units for systemd, written and taken away."""

from orca.installing.units import UNITS, NotAWord, is_untouched, unit_of, word

__all__ = ["UNITS", "NotAWord", "is_untouched", "unit_of", "word"]
