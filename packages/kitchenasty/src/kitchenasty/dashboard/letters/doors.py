"""The controllers of the pages of letters, for the composition root."""

from kitchenasty.dashboard.letters.wording_pages import WordingPages

LETTER_DOORS = (WordingPages,)
