"""Attacks written over the texts of rows, past all doors, each in the shape that its column has."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from tests.browser.planted import FIELDS, KEPT, PAGE


def write_into(file: sqlite3.Connection, table: Table, key: dict[str, str], words: str) -> None:
    """Plant the attack in every text of the rows with this key."""
    for column in table.columns:
        field = f"{table.name}.{column.name}"
        if FIELDS.get(field) not in (PAGE, KEPT):
            continue
        where = " AND ".join(f"{name} = ?" for name in key)
        for row in file.execute(
            f"SELECT rowid, {column.name} FROM {table.name} WHERE {where}",  # noqa: S608
            tuple(key.values()),
        ).fetchall():
            value = SHAPED.get(field, plain)(row[1], marked(field, words))
            file.execute(
                f"UPDATE {table.name} SET {column.name} = ? WHERE rowid = ?",  # noqa: S608
                (value, row[0]),
            )


def marked(field: str, words: str) -> str:
    """The attack with the name of its field, by which it is found again on a page."""
    return f"[{field}] {words}"


def plain(_known: Any, words: str) -> str:
    return words


def in_components(_known: Any, words: str) -> str:
    return json.dumps([{"name": words, "tax_category": "standard", "price_minor": 100}])


def in_list(_known: Any, words: str) -> str:
    return json.dumps([words])


def in_address(_known: Any, words: str) -> str:
    return json.dumps(dict.fromkeys(("line1", "line2", "city", "postalCode"), words))


def in_options(known: str, words: str) -> str:
    return json.dumps([one | {"group": words, "name": words} for one in json.loads(known)])


def in_explanation(known: str, words: str) -> str:
    explanation = json.loads(known)
    taxes = [one | {"tax": words} for one in explanation["taxes"]]
    steps = [one | {"name": words} for one in explanation["steps"]]
    return json.dumps(explanation | {"taxes": taxes, "steps": steps})


def in_charges(known: str, words: str) -> str:
    charges = json.loads(known)
    return json.dumps(charges | {"service": charges["service"] | {"name": words}})


def in_hero(known: str, words: str) -> str:
    return json.dumps(json.loads(known) | {"title": words, "subtitle": words})


def in_features(known: str, words: str) -> str:
    return json.dumps([one | {"title": words, "words": words} for one in json.loads(known)])


def in_call(known: str, words: str) -> str:
    return json.dumps(json.loads(known) | {"title": words, "words": words})


def in_question(known: str, words: str) -> str:
    asked = [one | {"name": words, "label": words, "description": words}
             for one in json.loads(known)]  # fmt: skip
    return json.dumps(asked)


def in_figure(known: str, words: str) -> str:
    """Names stand behind the id or rate of what they name; other keys are ours."""
    begin, bar, _ = known.partition("|")
    return f"{begin}|{words}" if bar else known


def in_cart(known: str, words: str) -> str:
    return json.dumps([one | {"name": words, "note": words} for one in json.loads(known)])


def in_rule(known: str, words: str) -> str:
    """The texts could not be read any more; to whom it goes is shown whatever it is."""
    rule = json.loads(known)
    return json.dumps(rule | {"steps": [one | {"to": f"{words}@"} for one in rule["steps"]]})


def in_texts(known: str, words: str) -> str:
    return json.dumps(dict.fromkeys(json.loads(known), words))


SHAPED: dict[str, Callable[[Any, str], str]] = {
    "carts.lines": in_cart,
    "cookie_questions.asked": in_question,
    "dishes.components": in_components,
    "dishes.marks": in_list,
    "figures.key": in_figure,
    "month_figures.key": in_figure,
    "order_lines.allergens": in_list,
    "order_lines.options": in_options,
    "locations.charges": in_charges,
    "orders.address": in_address,
    "orders.explanation": in_explanation,
    "receipts.seller": in_list,
    "rule_effects.texts": in_texts,
    "rule_facts.facts": in_texts,
    "rule_versions.written": in_rule,
    "site.call": in_call,
    "site.features": in_features,
    "site.hero": in_hero,
}
