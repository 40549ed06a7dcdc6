"""What owners make of the words of letters and texts: their own, per kind and language, with the
usual ones to go back to.
"""

from kitchenasty.wordings.checker import BODY_LENGTH_MAX, SUBJECT_LENGTH_MAX, Mistake, mistakes_in
from kitchenasty.wordings.filling import reword, reword_text, worded, worded_text
from kitchenasty.wordings.queries import KeptWording, list_current, list_history
from kitchenasty.wordings.service import (
    WordingChanged,
    WordingHasMistakes,
    WordingNotFound,
    change_wording,
    go_back_to_standard,
    load_wording,
    restore_wording,
)
from kitchenasty.wordings.trying import example_letter, example_text

__all__ = [
    "BODY_LENGTH_MAX",
    "SUBJECT_LENGTH_MAX",
    "KeptWording",
    "Mistake",
    "WordingChanged",
    "WordingHasMistakes",
    "WordingNotFound",
    "change_wording",
    "example_letter",
    "example_text",
    "go_back_to_standard",
    "list_current",
    "list_history",
    "load_wording",
    "mistakes_in",
    "restore_wording",
    "reword",
    "reword_text",
    "worded",
    "worded_text",
]
