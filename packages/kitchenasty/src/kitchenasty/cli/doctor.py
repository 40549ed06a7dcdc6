"""What a house needs to run, looked at one thing after the other."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select

from basis.clock import Clock, system_clock
from basis.kit.data.database import DatabaseAway
from basis.kit.data.engines import open_database
from basis.kit.data.jobs import DeadJob, count_dead, list_dead
from basis.kit.data.outbox import count_failed, count_waiting
from basis.kit.data.statements import Statement
from kitchenasty import notices, payments
from kitchenasty.cli.serving import Place, PortTaken
from kitchenasty.kit.books import Look, open_books
from kitchenasty.kit.config import ORIGIN, PREFIX, Config, Smtp
from kitchenasty.kit.schema import SCHEMA

FREE_BYTES_MIN = 500_000_000
OUTBOX_LATE = timedelta(minutes=1)
SKEW_MAX = timedelta(seconds=2)
ANSWER_SECONDS_MAX = 2
AT_HOME = ("localhost", "127.0.0.1", "0.0.0.0", "::1")  # noqa: S104  compared, never bound
CLOCK_THERE = Statement(select(func.clock_timestamp()))


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    is_well: bool
    words: str


async def examine(config: Config, place: Place | None = None) -> list[Finding]:
    """Every finding, good and bad, in the order in which one would mend them. The port is looked
    at if a place is given.
    """
    findings = [look_at_folder(config), look_at_secret(config), look_at_public_url(config)]
    if place is not None:
        findings.append(look_at_port(place))
    database = await look_at_database(config)
    findings += database
    if all(finding.is_well for finding in database):
        findings += await look_at_work(config)
    return findings


def look_at_folder(config: Config) -> Finding:
    folder = config.data_dir
    if not folder.is_dir():
        return Finding("data folder", False, f"{folder} does not exist. `serve` makes it.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        words = f"this user may not write to {folder}. Run as the house's own user, or chown it."
        return Finding("data folder", False, words)
    if folder.stat().st_mode & 0o002:
        words = f"anybody on this machine can change {folder}. Run: chmod o-w {folder}"
        return Finding("data folder", False, words)
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_MIN:
        return Finding("data folder", False, f"only {free // 1_000_000} MB are free: make room.")
    return Finding("data folder", True, f"{folder}, {free // 1_000_000_000} GB free")


def look_at_secret(config: Config) -> Finding:
    path = config.data_dir / "secret.key"
    if path.exists() and path.stat().st_mode & 0o077:
        return Finding("secret key", False, f"others can read {path}. Run: chmod 600 {path}")
    return Finding("secret key", True, "known to this house alone")


def look_at_public_url(config: Config) -> Finding:
    """Cookies, links and the check of a form's origin follow it; trying out does without."""
    url = config.public_url
    if url is None:
        words = f"not set. Set {PREFIX}PUBLIC_URL to the address that guests type: https://…"
        return Finding("public address", not config.production, words)
    if not ORIGIN.fullmatch(url.lower()):
        words = f"{url} is not scheme and host alone, as in https://order.example"
        return Finding("public address", False, words)
    if config.production and not config.secure_cookies:
        words = f"{url} is not https, so passwords and sessions can be read on the way"
        return Finding("public address", False, words)
    if config.production and urlsplit(url).hostname in AT_HOME:
        return Finding("public address", False, f"{url} can be reached from this machine only")
    return Finding("public address", True, url)


def look_at_port(place: Place) -> Finding:
    """Free, or taken by a server of ours; another program would keep ours from starting."""
    subject = f"port {place.port}"
    try:
        place.check_free()
    except PortTaken as taken:
        if is_ours(place):
            return Finding(subject, True, "this program answers there")
        return Finding(subject, False, str(taken))
    return Finding(subject, True, "free")


def is_ours(place: Place) -> bool:
    host = f"[{place.host}]" if ":" in place.host else place.host
    url = f"http://{host}:{place.port}/api/health"
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS_MAX) as answer:
            return bool(json.load(answer)["data"]["status"] == "ok")
    except (OSError, ValueError, KeyError, TypeError):
        return False


async def look_at_database(config: Config) -> list[Finding]:
    """Whether it answers, keeps what it says, is whole, and has our tables."""
    database = open_database(config.database_url)
    try:
        await database.start()
        await database.stop()
        version = await SCHEMA.version_of(config.database_url)
    except (DatabaseAway, RuntimeError) as error:
        cause = error.cause if isinstance(error, DatabaseAway) else error
        return [Finding("database", False, f"cannot be used: {cause}")]
    except sqlite3.DatabaseError as error:
        words = f"the file is damaged ({error}). Stop the server and restore a backup."
        return [Finding("database file", False, words)]
    found = [Finding("database", True, "answers and keeps what it accepted")]
    if version == SCHEMA.newest_version():
        found.append(Finding("tables", True, f"version {version}"))
    else:
        words = f"version {version}, this program needs {SCHEMA.newest_version()}: run `migrate`"
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
        async with open_books(
            database, system_clock, config.secret_key, config.given
        ).reading() as look:
            waiting, oldest = await count_waiting(look)
            dead, newest_dead = await count_dead(look), await list_dead(look)
            failed = await count_failed(look)
            letters = await notices.count_notices(look)
            is_late = oldest is not None and look.now - oldest > OUTBOX_LATE
            clocks = await look_at_clock(look, config.database_url, system_clock)
            paid = await look_at_payments(look)
            smtp = await notices.load_smtp(look)
    finally:
        await database.stop()
    events = f"{waiting} wait" + (f", the oldest since {oldest:%d %B %H:%M} UTC" if oldest else "")
    if is_late:
        events += ": is `serve` or `work` running?"
    deliveries = "all events were taken"
    if failed:
        deliveries = f"{failed} failed; the log says why, and it is tried again for a while"
    return [
        *clocks,
        Finding("events", not is_late, events),
        Finding("deliveries", not failed, deliveries),
        Finding("jobs", not dead, tell_dead(dead, newest_dead)),
        find_letters(smtp, letters),
        *paid,
        *([] if smtp is None else [await look_at_mail_server(smtp)]),
    ]


def tell_dead(count: int, newest: Sequence[DeadJob]) -> str:
    if not count:
        return "none were given up"
    told = "; ".join(f"{job.name} after {job.tries} tries, {job.error}" for job in newest)
    return f"{count} were given up and wait for a person. The newest: {told}"


def find_letters(smtp: Smtp | None, letters: notices.Tally) -> Finding:
    """Letters that nobody gets are said, whether they wait for a server or were given up."""
    if smtp is None:
        kept = f", {letters.waiting} are kept" if letters.waiting else ""
        words = f"no mail server is set, so no letter is sent{kept}. Save one in the office."
        return Finding("letters", not letters.waiting, words)
    if letters.given_up:
        words = f"{letters.given_up} were given up: the office shows which, under Letters"
        return Finding("letters", False, words)
    return Finding("letters", True, f"{letters.waiting} wait to be sent")


async def look_at_payments(look: Look) -> list[Finding]:
    """Whether we hear the providers whose keys are set, and whether what they say fits our books.

    Without messages payments are still found, by asking; only later.
    """
    keys, hearing = await payments.load_keys(look), await payments.look_at_hearing(look)
    known = {
        payments.PaymentMethod.STRIPE: bool(keys.stripe_webhook_secrets),
        payments.PaymentMethod.PAYPAL: bool(keys.paypal_webhook_id),
    }
    findings = []
    for method, may_tell in known.items():
        if keys.provider(method) is not None:
            last = hearing.last.get(method)
            words = f"last told us something {last:%d %B %H:%M} UTC" if last else "has told nothing"
            if not may_tell:
                words = "cannot tell us anything: its webhook is not set up"
            findings.append(Finding(method.value.lower(), may_tell, words))
    if hearing.refused or hearing.waiting:
        words = f"{hearing.refused} messages contradict our books, {hearing.waiting} name unknown"
        findings.append(Finding("payments", False, f"{words} payments: look at the provider's."))
    return findings


async def look_at_mail_server(smtp: Smtp) -> Finding:
    """Whether it lets us in; nothing is sent."""
    try:
        await notices.SmtpPost(smtp).greet()
    except notices.PostAway as away:
        return Finding("mail server", False, f"{smtp.host}:{smtp.port} does not take mail: {away}")
    return Finding("mail server", True, f"{smtp.host}:{smtp.port} lets us in as {smtp.sender}")


async def look_at_clock(look: Look, database_url: str, clock: Clock) -> list[Finding]:
    """Whether PostgreSQL's clock agrees with ours; SQLite has none of its own."""
    if database_url.startswith("sqlite:///"):
        return []
    before = clock()
    there: datetime = await look.value(CLOCK_THERE)
    skew = max(before - there, there - clock())
    if skew <= SKEW_MAX:
        return [Finding("clock", True, "agrees with the database's")]
    words = f"{skew.total_seconds():.0f} seconds from the database's. Set both by NTP."
    return [Finding("clock", False, words)]
