"""What a house needs to run, looked at one thing after the other."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from basis.clock import system_clock
from kitchenasty.kit import schema
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.database import DatabaseAway
from kitchenasty.kit.engines import open_database
from kitchenasty.kit.jobs import count_dead
from kitchenasty.kit.outbox import count_failed, count_waiting

FREE_BYTES_MIN = 500_000_000
OUTBOX_LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    is_well: bool
    words: str


async def examine(config: Config) -> list[Finding]:
    """Every finding, good and bad, in the order in which one would mend them."""
    findings = [look_at_folder(config), look_at_secret(config)]
    database = await look_at_database(config)
    findings += database
    if all(finding.is_well for finding in database):
        findings += await look_at_work(config)
    return findings


def look_at_folder(config: Config) -> Finding:
    folder = config.data_dir
    if not folder.is_dir():
        return Finding("data folder", False, f"{folder} does not exist. `serve` makes it.")
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_MIN:
        return Finding("data folder", False, f"only {free // 1_000_000} MB are free: make room.")
    return Finding("data folder", True, f"{folder}, {free // 1_000_000_000} GB free")


def look_at_secret(config: Config) -> Finding:
    path = config.data_dir / "secret.key"
    if path.exists() and path.stat().st_mode & 0o077:
        return Finding("secret key", False, f"others can read {path}. Run: chmod 600 {path}")
    return Finding("secret key", True, "known to this house alone")


async def look_at_database(config: Config) -> list[Finding]:
    """Whether it answers, keeps what it says, is whole, and has our tables."""
    database = open_database(config.database_url)
    try:
        await database.start()
        await database.stop()
        version = await schema.version_of(config.database_url)
    except (DatabaseAway, RuntimeError) as error:
        cause = error.cause if isinstance(error, DatabaseAway) else error
        return [Finding("database", False, f"cannot be used: {cause}")]
    found = [Finding("database", True, "answers and keeps what it accepted")]
    if version == schema.newest_version():
        found.append(Finding("tables", True, f"version {version}"))
    else:
        words = f"version {version}, this program needs {schema.newest_version()}: run `migrate`"
        found.append(Finding("tables", False, words))
    if config.database_url.startswith("sqlite:///"):
        found.append(look_into_file(config.database_url.removeprefix("sqlite:///")))
    return found


def look_into_file(path: str) -> Finding:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        complaint = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
    if complaint != "ok":
        words = f"the file is damaged ({complaint}). Stop the server and restore a backup."
        return Finding("database file", False, words)
    return Finding("database file", True, "whole")


async def look_at_work(config: Config) -> list[Finding]:
    """Whether events get delivered and jobs get done."""
    database = open_database(config.database_url)
    await database.start()
    try:
        async with Books(database, system_clock, config.secret_key).reading() as look:
            waiting, oldest = await count_waiting(look)
            dead = await count_dead(look)
            failed = await count_failed(look)
            is_late = oldest is not None and look.now - oldest > OUTBOX_LATE
    finally:
        await database.stop()
    events = f"{waiting} wait" + (f", the oldest since {oldest:%d %B %H:%M} UTC" if oldest else "")
    if is_late:
        events += ": is `serve` or `work` running?"
    jobs = f"{dead} were given up and wait for a person" if dead else "none were given up"
    deliveries = "all events were taken"
    if failed:
        deliveries = f"{failed} failed; the log says why, and it is tried again for a while"
    return [
        Finding("events", not is_late, events),
        Finding("deliveries", not failed, deliveries),
        Finding("jobs", not dead, jobs),
    ]
