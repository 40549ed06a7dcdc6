"""What a house asks its guests about cookies, and what they answer. Others use only these names."""

from kitchenasty.consent.answering import KEPT_DAYS, answer_some, forget_old_answers
from kitchenasty.consent.queries import (
    CategoryNotFound,
    count_answers,
    list_answers,
    list_categories,
    list_questions,
    load_category,
    load_notice,
)
from kitchenasty.consent.records import Answer, CategoryDraft, Count, Question
from kitchenasty.consent.rules import (
    COOKIES_MAX,
    SCRIPT_LENGTH_MAX,
    Category,
    CategoryRefused,
    Notice,
    Script,
)
from kitchenasty.consent.service import (
    CategoryNameTaken,
    add_category,
    change_category,
    remove_category,
    set_script,
)

__all__ = [
    "COOKIES_MAX",
    "KEPT_DAYS",
    "SCRIPT_LENGTH_MAX",
    "Answer",
    "Category",
    "CategoryDraft",
    "CategoryNameTaken",
    "CategoryNotFound",
    "CategoryRefused",
    "Count",
    "Notice",
    "Question",
    "Script",
    "add_category",
    "answer_some",
    "change_category",
    "count_answers",
    "forget_old_answers",
    "list_answers",
    "list_categories",
    "list_questions",
    "load_category",
    "load_notice",
    "remove_category",
    "set_script",
]
