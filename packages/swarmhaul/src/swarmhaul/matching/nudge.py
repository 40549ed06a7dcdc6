"""How far a good name makes a bid cheaper, or a bad one dearer, when bids are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BASIS_POINTS = 10_000
SCORE_MIDDLE = 5_000
SCORE_LOWEST = 1_000
SCORE_HIGHEST = 9_000
STRENGTH_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Nudge:
    """`strength` (γ) in basis points. A bid of cost c by somebody of score s is compared as
    c · (1 - γ · (s - 1/2)), with s held between 0.1 and 0.9: at γ = 0.08 that is 3.2 % at most,
    so cost decides and the name only tips the scales. What is paid stays what was bid.
    """

    strength: int

    def __post_init__(self) -> None:
        assert 0 <= self.strength <= STRENGTH_MAX

    def compare_as(
        self, costs: npt.NDArray[np.int64], scores: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Lamports, rounded down; `scores` in basis points."""
        held = np.clip(scores, SCORE_LOWEST, SCORE_HIGHEST)
        share = self.strength * (held - SCORE_MIDDLE)
        effective: npt.NDArray[np.int64] = costs - costs * share // BASIS_POINTS**2
        return effective


NUDGE_DEFAULT = Nudge(800)
