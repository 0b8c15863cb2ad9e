"""The trail only grows, and whoever gets round that is found out."""

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from cast import Cast
from click.testing import Result
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.audit import queries, rules
from app.audit.actions import Subject, record
from app.audit.models import AuditEntry
from app.extensions import db
from app.web.database import Tracker

COLUMNS = {
    "at": "2020-01-01 00:00:00.000000",
    "account_id": None,
    "verb": "something.else",
    "subject_kind": "other",
    "subject_key": "other",
    "changes": '{"title": ["a", "c"]}',
    "address": "203.0.113.9",
}
"""Another value for everything that an entry says."""


@pytest.fixture
def trail(session: Session, cast: Cast, now: datetime) -> list[int]:
    """The numbers of ten entries."""
    for number in range(10):
        subject = Subject("deliverable", f"key-{number}")
        changes = {"title": ("a", "b")}
        record(session, cast.coordinator.id, "x.y", subject, changes, now, "192.0.2.1")
    session.commit()
    return list(session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def verify(app: Tracker, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", "verify", *words])


def test_a_trail_that_nobody_touched_is_whole(app: Tracker, trail: list[int]) -> None:
    result = verify(app)
    assert (result.exit_code, result.output) == (0, "The trail is whole.\n")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET verb = 'x'",
        "UPDATE audit_entries SET verb = verb",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_entries WHERE id = (SELECT max(id) FROM audit_entries)",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(
    session: Session, trail: list[int], statement: str
) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"):
        session.execute(text(statement))
    session.rollback()
    assert len(session.scalars(select(AuditEntry.id)).all()) == len(trail)


def test_replacing_an_entry_is_refused_too(
    app: Tracker, session: Session, trail: list[int]
) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    with pytest.raises(DatabaseError):
        session.execute(
            text("INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE id = :id"),
            {"id": trail[3]},
        )
    session.rollback()
    assert verify(app).exit_code == 0


@pytest.fixture
def file(
    settings: object, session: Session, trail: list[int], tmp_path: Path
) -> sqlite3.Connection:
    """The database file in the hands of somebody who dropped the triggers."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("a file of its own has only SQLite; the check reads the same rows")
    session.commit()
    session.close()
    opened = sqlite3.connect(tmp_path / "network.sqlite3", isolation_level=None)
    names = opened.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
    ).fetchall()
    assert names
    for (name,) in names:
        opened.execute(f"DROP TRIGGER {name}")
    return opened


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_entry_is_found_and_named(
    app: Tracker, file: sqlite3.Connection, trail: list[int], column: str
) -> None:
    change = f"UPDATE audit_entries SET {column} = ? WHERE id = ?"  # noqa: S608 - our own names
    file.execute(change, (COLUMNS[column], trail[4]))
    assert faults(verify(app, "--json")) == [(trail[4], "changed")]
    told = verify(app)
    assert told.exit_code == 1
    assert f"Entry {trail[4]} was changed" in told.output


def test_a_changed_entry_with_a_hash_that_fits_is_found_at_the_next(
    app: Tracker, file: sqlite3.Connection, trail: list[int]
) -> None:
    file.execute("UPDATE audit_entries SET verb = 'z' WHERE id = ?", (trail[4],))
    rehash(app, file, trail[4])
    assert faults(verify(app, "--json")) == [(trail[5], "removed_or_reordered")]


@pytest.mark.parametrize("place", [0, 4, 8])
def test_a_removed_entry_is_found(
    app: Tracker, file: sqlite3.Connection, trail: list[int], place: int
) -> None:
    file.execute("DELETE FROM audit_entries WHERE id = ?", (trail[place],))
    assert faults(verify(app, "--json")) == [(trail[place + 1], "removed_or_reordered")]
    assert f"Before entry {trail[place + 1]} something was removed" in verify(app).output


def test_entries_in_another_order_are_found(
    app: Tracker, file: sqlite3.Connection, trail: list[int]
) -> None:
    for old, new in ((trail[3], -1), (trail[4], trail[3]), (-1, trail[4])):
        file.execute("UPDATE audit_entries SET id = ? WHERE id = ?", (new, old))
    assert {kind for _entry, kind in faults(verify(app, "--json"))} == {"removed_or_reordered"}


def test_an_entry_slipped_in_is_found(
    app: Tracker, file: sqlite3.Connection, trail: list[int]
) -> None:
    file.execute(
        "INSERT INTO audit_entries (at, account_id, verb, subject_kind, subject_key, changes, "
        "address, previous_hash, hash) SELECT at, account_id, verb, subject_kind, 'forged', "
        "changes, address, previous_hash, 'f' FROM audit_entries WHERE id = ?",
        (trail[9],),
    )
    kinds = {kind for _entry, kind in faults(verify(app, "--json"))}
    assert kinds == {"changed", "removed_or_reordered"}


def test_a_trail_cut_short_or_forged_to_its_end_is_found_by_a_hash_kept_elsewhere(
    app: Tracker, file: sqlite3.Connection, trail: list[int]
) -> None:
    kept = app.test_cli_runner().invoke(args=["audit", "head"]).output.strip()
    assert re.fullmatch("[0-9a-f]{64}", kept)
    assert verify(app, "--head", kept).exit_code == 0
    file.execute("DELETE FROM audit_entries WHERE id = ?", (trail[9],))
    assert verify(app).exit_code == 0
    cut = verify(app, "--head", kept)
    assert (cut.exit_code, "its newest entries were removed" in cut.output) == (1, True)
    file.execute("UPDATE audit_entries SET verb = 'z' WHERE id = ?", (trail[2],))
    for number in trail[2:9]:
        rehash(app, file, number, trail[trail.index(number) - 1])
    assert verify(app).exit_code == 0
    assert verify(app, "--head", kept).exit_code == 1


def test_two_who_write_at_once_make_one_chain(
    app: Tracker, session: Session, cast: Cast, now: datetime, trail: list[int]
) -> None:
    account_id = cast.coordinator.id
    session.commit()

    def write(number: int) -> None:
        with db.aside() as own:
            record(own, account_id, "x.y", Subject("thing", str(number)), {}, now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert len(session.scalars(select(AuditEntry.id)).all()) == len(trail) + 40
    assert list(queries.faults(session)) == []


def faults(result: Result) -> list[tuple[int, str]]:
    assert result.exit_code == 1
    return [(fault["entry"], fault["kind"]) for fault in json.loads(result.output)["faults"]]


def rehash(app: Tracker, file: sqlite3.Connection, number: int, after: int | None = None) -> None:
    """What somebody who knows the rule would write beside a forged entry."""
    row = file.execute(
        "SELECT at, account_id, verb, subject_kind, subject_key, changes, address, previous_hash "
        "FROM audit_entries WHERE id = ?",
        (number,),
    ).fetchone()
    previous = row[7]
    if after is not None:
        previous = file.execute("SELECT hash FROM audit_entries WHERE id = ?", (after,)).fetchone()[
            0
        ]
    entry: rules.Entry = {
        "at": datetime.fromisoformat(f"{row[0]}+00:00"),
        "account_id": row[1],
        "verb": row[2],
        "subject_kind": row[3],
        "subject_key": row[4],
        "changes": json.loads(row[5]),
        "address": row[6],
    }
    hashed = rules.chained(previous, rules.content(entry))
    file.execute(
        "UPDATE audit_entries SET previous_hash = ?, hash = ? WHERE id = ?",
        (previous, hashed, number),
    )
