"""Statements that are the same for every table of attempts and returns: those of orders here, those
of deposits in a slice of their own. The columns have the same names in all of them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, update

from basis.kit.data.statements import Statement

FAILURE_LENGTH_MAX = 200


def naming(attempts: Any) -> Statement:
    """Note what the provider calls an attempt, once: `payment_id`, `ref`, `now`."""
    return Statement(
        update(attempts)
        .where(
            attempts.id == bindparam("payment_id", required=True), attempts.provider_ref.is_(None)
        )
        .values(
            provider_ref=bindparam("ref", required=True),
            updated_at=bindparam("now", required=True),
        )
    )


def answering(returns: Any) -> Statement:
    """How a return ended, unless somebody wrote it down before: `return_id`, `before`, `after`,
    `ref`, `why`, `at`.
    """
    return Statement(
        update(returns)
        .where(
            returns.id == bindparam("return_id", required=True),
            returns.state == bindparam("before", required=True),
        )
        .values(
            state=bindparam("after", required=True),
            provider_ref=bindparam("ref", required=True),
            failure=bindparam("why", required=True),
            done_at=bindparam("at", required=True),
        )
    )
