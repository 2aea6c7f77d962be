"""PostgreSQL and what the services have in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg

from viche_chassis.db import migrations_of
from viche_cli.check.findings import Finding, fail, ok, warn

OLDEST_VERSION = 150_000
MOST_CLOCK_DIFFERENCE_S = 2.0
LATE_EVENT_S = 60
LATE_URGENT_S = 300
LATE_BULK_S = 24 * 3600


def check_databases(databases: Mapping[str, str]) -> Iterator[Finding]:
    """Every database of the services, as its owner."""
    for number, (service, url) in enumerate(databases.items()):
        subject = f"database of {service}"
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5, options="-c statement_timeout=15000") as conn:
                if number == 0:
                    yield from _check_server(conn)
                yield _check_migrations(conn, subject, service)
                yield _check_dead_letters(conn, subject)
                yield _check_outbox(conn, subject)
                if service == "notifications":
                    yield from _check_queues(conn)
                if service == "petitions":
                    yield _check_recounts(conn)
                if service == "surveys":
                    yield _check_survey_recounts(conn)
        except psycopg.errors.UndefinedTable:
            yield fail(subject, "tables are missing", f"run `viche migrate --service {service}`")
        except psycopg.Error as error:
            said = (str(error).strip().splitlines() or [type(error).__name__])[0]
            yield fail(subject, f"does not answer ({said})", "start the server, or correct its address")


def _check_server(conn: psycopg.Connection) -> Iterator[Finding]:
    version = conn.info.server_version
    shown = f"{version // 10_000}.{version % 10_000}"
    if version >= OLDEST_VERSION:
        yield ok("PostgreSQL", f"version {shown}")
    else:
        yield fail("PostgreSQL", f"version {shown} is too old", "upgrade it to 15 or newer")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        yield _check_setting(conn, setting)
    yield _check_clock(conn)


def _check_setting(conn: psycopg.Connection, name: str) -> Finding:
    value = _one(conn, "SELECT current_setting(%(name)s)", {"name": name})
    # with replicas these wait for more than the own disk
    if value in ("on", "remote_apply", "remote_write"):
        return ok(f"PostgreSQL {name}", value)
    return fail(
        f"PostgreSQL {name}",
        f"is {value}: signatures that were acknowledged are lost in a power cut",
        f"ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf()",
    )


def _check_clock(conn: psycopg.Connection) -> Finding:
    asked_at = datetime.now(UTC)
    now = _one(conn, "SELECT clock_timestamp()")
    answered_at = datetime.now(UTC)
    # what the question took is no difference
    difference_s = max((asked_at - now).total_seconds(), (now - answered_at).total_seconds(), 0.0)
    if difference_s <= MOST_CLOCK_DIFFERENCE_S:
        return ok("clock", "this machine and the database agree")
    return fail("clock", f"differs by {difference_s:.0f} s from the database's", "let both follow NTP")


def _check_migrations(conn: psycopg.Connection, subject: str, service: str) -> Finding:
    applied = dict(conn.execute("SELECT name, checksum FROM schema_migrations").fetchall())
    known = {each.name: each.checksum for each in migrations_of(f"viche_{service}")}
    if missing := sorted(known.keys() - applied.keys()):
        return fail(subject, f"lacks {', '.join(missing)}", f"run `viche migrate --service {service}`")
    if strange := sorted(name for name, checksum in applied.items() if known.get(name) != checksum):
        return fail(subject, f"was made by another version ({', '.join(strange)})", "install that version of viche")
    return ok(subject, f"up to date with {len(applied)} migrations")


def _check_dead_letters(conn: psycopg.Connection, subject: str) -> Finding:
    dead = _one(conn, "SELECT count(*) FROM dead_letters")
    if not dead:
        return ok(subject, "no dead letters")
    return warn(subject, f"{dead} events could not be handled", "look at the error in its table dead_letters")


def _check_outbox(conn: psycopg.Connection, subject: str) -> Finding:
    waiting, oldest_s = _row(
        conn,
        "SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM outbox"
        " WHERE published_at IS NULL",
    )
    if oldest_s <= LATE_EVENT_S:
        return ok(subject, f"{waiting} events wait to go out")
    return fail(subject, f"{waiting} events wait, the oldest for {oldest_s:.0f} s", "see whether NATS answers")


def _check_queues(conn: psycopg.Connection) -> Iterator[Finding]:
    for lane, late_s in (("urgent", LATE_URGENT_S), ("bulk", LATE_BULK_S)):
        waiting, oldest_s = _row(
            conn,
            "SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM messages"
            " WHERE ended_at IS NULL AND lane = %(lane)s",
            {"lane": lane},
        )
        said = f"{waiting} mails wait, the oldest for {oldest_s:.0f} s"
        if oldest_s <= late_s:
            yield ok(f"{lane} mails", said)
        else:
            yield fail(f"{lane} mails", said, "see what the mail server says in the log of notifications")
    stopped = _one(conn, "SELECT count(*) FROM suppressions")
    yield ok("addresses", f"{stopped} wishes to get no more mail about something")
    yield _check_bounces(conn)


def _check_bounces(conn: psycopg.Connection) -> Finding:
    returned, refused, undeliverable = _row(
        conn,
        "SELECT count(*), count(*) FILTER (WHERE kind IN ('policy', 'complaint')),"
        " (SELECT count(*) FROM undeliverable_addresses) FROM bounces WHERE at > now() - interval '7 days'",
    )
    said = f"{returned} in 7 days; addresses that get no more mail than they ask for: {undeliverable}"
    if not refused:
        return ok("bounces", said)
    way_out = "look at `viche bounces --list`: it is about us, not about the addresses"
    return warn("bounces", f"{said}; {refused} were refused for what we are, or called unwanted", way_out)


def _check_recounts(conn: psycopg.Connection) -> Finding:
    differing, counted = _row(
        conn,
        "SELECT count(*) FILTER (WHERE counted <> published AND NOT is_mended), count(*) FROM"
        " (SELECT DISTINCT ON (petition_id) counted, published, is_mended FROM recounts"
        " ORDER BY petition_id, at DESC) AS latest",
    )
    if differing:
        return fail("recount", f"{differing} petitions differ from what is published", "run `viche recount --mend`")
    return ok("recount", f"{counted} petitions recounted, all as published")


def _check_survey_recounts(conn: psycopg.Connection) -> Finding:
    wrong, differed, counted = _row(
        conn,
        "SELECT count(*) FILTER (WHERE NOT is_mended),"
        " count(*) FILTER (WHERE differences <> '[]' AND at > now() - interval '7 days'), count(*) FROM"
        " (SELECT DISTINCT ON (survey_id) is_mended, differences, at FROM recounts ORDER BY survey_id, at DESC)"
        " AS latest",
    )
    if wrong:
        return fail("recount of surveys", f"tallies of {wrong} surveys are wrong", "let surveys run at 03:00: it mends")
    if differed:
        said = f"tallies of {differed} surveys were wrong in 7 days, and were corrected"
        return warn("recount of surveys", said, "see what happened to the database before: its table recounts has it")
    return ok("recount of surveys", f"{counted} surveys recounted, all tallies right")


def _one(conn: psycopg.Connection, query: str, values: Mapping[str, object] | None = None) -> Any:
    return _row(conn, query, values)[0]


def _row(conn: psycopg.Connection, query: str, values: Mapping[str, object] | None = None) -> tuple[Any, ...]:
    row = conn.execute(query, values).fetchone()  # pyright: ignore[reportCallIssue, reportArgumentType] (ours)
    assert row is not None
    return row
